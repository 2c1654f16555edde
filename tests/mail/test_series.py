"""Which mails make the series, and what is said of the others."""

from __future__ import annotations

import random

import pytest

from patchkit.mail.message import Message, Number
from patchkit.mail.series import arrange
from patchkit.patch.model import Head, Person


def patch(
    n: int | None = None,
    m: int | None = None,
    *,
    v: int = 1,
    subject: str = "",
    thread: str = "t",
    author: str = "ada",
    reply: bool = False,
) -> Message:
    head = Head(subject or f"change {n}", Person(author, f"{author}@example.org"))
    return Message(head, b"", number=Number(v, n, m), is_reply=reply, thread=thread)


def numbers(mails: list[Message]) -> list[str]:
    return [str(mails[at].number) for at in arrange(mails).order]


@pytest.mark.parametrize("seed", range(5))
def test_a_series_is_sorted_whatever_the_order(seed: int) -> None:
    mails = [patch(n, 12) for n in range(13)]
    random.Random(seed).shuffle(mails)
    assert numbers(mails) == [f"{n}/12" for n in range(1, 13)]
    assert arrange(mails).notes == ()


def test_series_without_threads_are_told_apart_by_their_authors() -> None:
    mails = [
        patch(1, 2, author="ada", thread="1"),
        patch(1, 2, author="bob", thread="2"),
        patch(2, 2, author="bob", thread="3"),
        patch(2, 2, author="ada", thread="4"),
    ]
    assert arrange(mails).order == (0, 3, 1, 2)


def test_every_hole_is_named() -> None:
    mails = [patch(1, 4), patch(4, 4)]
    (note,) = arrange(mails).notes
    assert note.kind == "hole"
    assert "2/4, 3/4" in note.text


def test_one_mail_of_a_series_is_taken_alone() -> None:
    assert arrange([patch(3, 12)]) == ((0,), ())


def test_the_newest_of_three_versions_wins() -> None:
    mails = [patch(n, 2, v=v, thread=f"t{v}") for v in (1, 3, 2) for n in (1, 2)]
    assert numbers(mails) == ["v3 1/2", "v3 2/2"]
    assert {note.kind for note in arrange(mails).notes} == {"superseded"}


def test_a_lone_patch_sent_again_is_taken_once() -> None:
    mails = [patch(subject="fix"), patch(v=2, subject="fix", thread="u")]
    assert arrange(mails).order == (1,)


def test_the_same_subject_by_another_author_is_another_patch() -> None:
    mails = [patch(subject="fix", thread="1"), patch(v=2, subject="fix", author="bob", thread="2")]
    assert arrange(mails).order == (0, 1)


def test_the_same_subject_without_a_version_is_another_patch() -> None:
    mails = [patch(subject="update", thread="1"), patch(subject="update", thread="2")]
    assert arrange(mails).order == (0, 1)


def test_a_reply_counts_where_there_is_no_patch_it_answers() -> None:
    alone = [patch(subject="how about this", reply=True)]
    assert arrange(alone).order == (0,)
    review = [patch(subject="fix"), patch(subject="fix", reply=True)]
    assert arrange(review).order == (0,)


def test_a_cover_letter_is_taken_only_where_there_is_nothing_else() -> None:
    assert arrange([patch(0, 2), patch(1, 2), patch(2, 2)]).order == (1, 2)
    assert arrange([patch(0, 0)]).order == (0,)
