"""Mails → the patches to apply: series in order, their newest versions, their holes named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from patchkit.mail.message import Message


class Note(NamedTuple):
    """What a person should know of a mail that was left out, or that is not there.

    ``kind`` is "hole", "superseded", "reply" or "duplicate".
    """

    kind: str
    text: str


class Arranged(NamedTuple):
    """``order`` are indices of the mails to take, first to apply first."""

    order: tuple[int, ...]
    notes: tuple[Note, ...]


@dataclass(slots=True)
class _Set:
    """Mails that are one posting of one series, by their number; or one mail that is none's."""

    first: int
    version: int
    author: str
    total: int | None = None
    mails: dict[int, int] = field(default_factory=dict)
    threads: set[str] = field(default_factory=set)
    subjects: set[str] = field(default_factory=set)

    @property
    def missing(self) -> list[int]:
        return [n for n in range(1, (self.total or 0) + 1) if n not in self.mails]


def arrange(mails: Sequence[Message]) -> Arranged:
    """Put *mails*, those that may hold a patch and cover letters, in the order to apply.

    A mail that stands alone keeps its place. Only of two postings that share a thread, or an
    author and a subject, is one the newer version of the other: two series that happen to be in
    one mbox both stay.
    """
    notes: list[Note] = []
    kept = list(_without_duplicates(mails, notes))
    kept = list(_without_replies(mails, kept, notes))
    sets = _postings(mails, kept)
    winners = _newest(mails, sets, notes)
    order: list[int] = []
    for one in sorted(winners, key=lambda one: one.first):
        order += [at for n, at in sorted(one.mails.items()) if n > 0 or one.total is None]
        notes += [
            Note("hole", f"{n}/{one.total} of the series of “{_title(mails, one)}” is missing")
            for n in one.missing
        ]
    # A cover letter can only be meant as a patch where there is nothing else.
    return Arranged(tuple(order or kept), tuple(notes))


def _without_duplicates(mails: Sequence[Message], notes: list[Note]) -> Iterator[int]:
    """A mail that came twice (to the list and in copy) counts once."""
    seen: set[tuple[str, str, str]] = set()
    for at, mail in enumerate(mails):
        key = (mail.head.message_id, str(mail.number), mail.head.subject)
        if key[0] and key in seen:
            notes.append(Note("duplicate", f"“{mail.head.subject}” is there twice; taken once"))
        else:
            seen.add(key)
            yield at


def _without_replies(mails: Sequence[Message], kept: list[int], notes: list[Note]) -> Iterator[int]:
    """A reply is taken for a patch only where its thread has no other: a diff in a review is
    a quotation or a suggestion."""
    threads = {mails[at].thread for at in kept if not mails[at].is_reply}
    subjects = {mails[at].head.subject for at in kept if not mails[at].is_reply}
    for at in kept:
        mail = mails[at]
        if mail.is_reply and (mail.thread in threads - {""} or mail.head.subject in subjects):
            notes.append(Note("reply", f"a reply to “{mail.head.subject}” is left out"))
        else:
            yield at


def _postings(mails: Sequence[Message], kept: list[int]) -> list[_Set]:
    sets: list[_Set] = []
    for at in kept:
        mail = mails[at]
        number = mail.number
        one = None
        if number.n is not None and not mail.is_reply:
            one = _set_of(mail, sets)
        if one is None:
            total = number.m if not mail.is_reply else None
            one = _Set(at, number.version, mail.head.author.email.lower(), total)
            sets.append(one)
        one.mails[number.n if one.total is not None and number.n is not None else 1] = at
        one.threads.add(mail.thread or f"#{at}")
        one.subjects.add(mail.head.subject.lower())
    return sets


def _set_of(mail: Message, sets: list[_Set]) -> _Set | None:
    """The posting among *sets* that *mail* is of and that still lacks it; of the same thread if
    there is one."""
    number = mail.number
    fitting = [
        one
        for one in sets
        if one.total == number.m and one.version == number.version and number.n not in one.mails
    ]
    threaded = [one for one in fitting if mail.thread and mail.thread in one.threads]
    # Before git send-email, series went out unthreaded: then the author tells.
    email = mail.head.author.email.lower()
    return next(iter([*threaded, *(one for one in fitting if one.author == email)]), None)


def _newest(mails: Sequence[Message], sets: list[_Set], notes: list[Note]) -> list[_Set]:
    winners: list[_Set] = []
    for one in sorted(sets, key=lambda one: (one.version, one.first)):
        older = [other for other in winners if _supersedes(one, other)]
        for other in older:
            winners.remove(other)
            if one.missing and other.total == one.total and not other.missing:
                text = ", ".join(f"{n}/{one.total}" for n in one.missing)
                notes.append(Note("superseded", f"{text} taken from v{other.version}: "
                                  f"v{one.version} has only the others"))  # fmt: skip
                for n in other.mails.keys() - one.mails.keys():
                    one.mails[n] = other.mails[n]
            else:
                title = _title(mails, other)
                notes.append(
                    Note("superseded", f"v{other.version} of “{title}” gives way to v{one.version}")
                )
        winners.append(one)
    return winners


def _supersedes(newer: _Set, older: _Set) -> bool:
    if newer.version <= older.version:
        return False
    same_author = newer.author == older.author and bool(newer.subjects & older.subjects)
    return same_author or bool(newer.threads & older.threads)


def _title(mails: Sequence[Message], one: _Set) -> str:
    """The cover letter's subject, or the first patch's."""
    return mails[one.mails[min(one.mails)]].head.subject
