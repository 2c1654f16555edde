"""Mails → the patches to apply: series in order, their newest versions, their holes named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from patchkit.mail.message import Message, Number

HOLE = "hole"


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
    def shared(self) -> Iterator[tuple[str, str]]:
        """What two versions of one thing have in common: a thread, or author and subject."""
        yield from (("thread", thread) for thread in self.threads)
        yield from ((self.author, subject) for subject in self.subjects)

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
        # One mail of a series, given alone, was meant alone.
        if one.missing and len(one.mails) > 1:
            holes = ", ".join(f"{n}/{one.total}" for n in one.missing)
            notes.append(Note("hole", f"{holes} of “{_title(mails, one)}” missing"))
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
    of_series: dict[Number, list[_Set]] = {}
    for at in kept:
        mail = mails[at]
        number = mail.number if not mail.is_reply else Number()
        alike = of_series.setdefault(replace(number, n=0), []) if number.m is not None else []
        one = _set_of(mail, alike)
        if one is None:
            one = _Set(at, number.version, mail.head.author.email.lower(), number.m)
            sets.append(one)
            alike.append(one)
        one.mails[1 if number.n is None else number.n] = at
        one.threads.add(mail.thread or f"#{at}")
        one.subjects.add(mail.head.subject.lower())
    return sets


def _set_of(mail: Message, alike: list[_Set]) -> _Set | None:
    """The posting among those *alike* in length and version that *mail* is of and that still
    lacks it; of the same thread if there is one."""
    lacking = [one for one in alike if mail.number.n not in one.mails]
    threaded = [one for one in lacking if mail.thread and mail.thread in one.threads]
    # Before git send-email, series went out unthreaded: then the author tells.
    email = mail.head.author.email.lower()
    return next(iter([*threaded, *(one for one in lacking if one.author == email)]), None)


def _newest(mails: Sequence[Message], sets: list[_Set], notes: list[Note]) -> list[_Set]:
    """*sets* without those that a newer version takes the place of."""
    gone: set[int] = set()
    known: dict[tuple[str, str], list[_Set]] = {}
    for one in sorted(sets, key=lambda one: (one.version, one.first)):
        older = {id(other): other for key in one.shared for other in known.get(key, ())}
        for other in older.values():
            if other.version < one.version and other.first not in gone:
                gone.add(other.first)
                notes.append(_replaced(mails, one, other))
        for key in one.shared:
            known.setdefault(key, []).append(one)
    return [one for one in sets if one.first not in gone]


def _replaced(mails: Sequence[Message], newer: _Set, older: _Set) -> Note:
    """What to say of *older*. Where only some of its patches were sent again, *newer* takes the
    others from it."""
    versions = f"v{older.version}", f"v{newer.version}"
    if newer.missing and newer.total == older.total and not older.missing:
        text = ", ".join(f"{n}/{newer.total}" for n in newer.missing)
        for n in newer.missing:
            newer.mails[n] = older.mails[n]
        return Note("superseded", f"{text} taken from {versions[0]}: {versions[1]} has the others")
    title = _title(mails, older)
    return Note("superseded", f"{versions[0]} of “{title}” gives way to {versions[1]}")


def _title(mails: Sequence[Message], one: _Set) -> str:
    """The cover letter's subject, or the first patch's."""
    return mails[one.mails[min(one.mails)]].head.subject
