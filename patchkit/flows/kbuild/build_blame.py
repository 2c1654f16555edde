"""Errors of a build → the hunks of the applied patches that they are at."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import PurePosixPath
from typing import NamedTuple

from patchkit.flows.kbuild.request import Request
from patchkit.kbuild.log import Diagnostic, place
from patchkit.patch.diff import change_between
from patchkit.patch.model import Kind
from patchkit.port.outcome import HunkReport, Outcome, SeriesReport
from patchkit.tree.base import Tree
from patchkit.tree.overlay import Overlay

_QUOTED = re.compile(r"[`'‘]([^`'‘’]+)['’]|cannot find (\S+)")
# shorter names stand for something else in every hunk
_NAME = re.compile(r"[A-Za-z_]\w{3,}")
# after so many errors one hears nothing new
MOST = 200
_WORD = re.compile(rb"[A-Za-z_]\w*")


class _Line(NamedTuple):
    """A line of a change, its number after it, and the hunk that has it."""

    kind: Kind
    text: bytes
    number: int
    hunk: HunkReport


class _Change(NamedTuple):
    """What one patch did to a file, context included; and the words on the lines that each hunk
    took out and put in."""

    path: PurePosixPath
    lines: tuple[_Line, ...]
    words: tuple[tuple[HunkReport, set[str], set[str]], ...]


def blamed(request: Request, errors: tuple[Diagnostic, ...]) -> tuple[str, ...]:
    """`blame` for what *request* has applied; nothing where that is no patch."""
    if request.applied is None or request.before is None:
        return ()
    return blame(errors, request.applied, request.before)


def blame(errors: tuple[Diagnostic, ...], applied: SeriesReport, before: Tree) -> tuple[str, ...]:
    """For each error that a hunk is at, or whose symbol a hunk takes away, changes or uses, a line
    for people; and where that symbol is defined only by a hunk that was refused, that too.

    *before* is the tree without the patches. Where a patched file has errors behind its hunks
    only, the first is told with the hunk before it.
    """
    changes = tuple(_changes(applied, before))
    found: dict[tuple[PurePosixPath, HunkReport, str], str] = {}
    behind: dict[str, str] = {}
    touched = {str(change.path) for change in changes}
    for error in errors[:MOST]:
        if error.path not in touched or not error.line:
            for known, said in _by_symbol(error, changes):
                found.setdefault(known, said)
        elif hunk := _hunk_at(error, changes):
            key = PurePosixPath(error.path), hunk, error.text
            found.setdefault(key, f"{_named(hunk, key[0])}: {error.text}")
        else:
            behind.setdefault(error.path, _behind(error, changes))
    at = {str(path) for path, _, _ in found}
    late = (said for path, said in behind.items() if said and path not in at)
    return tuple(dict.fromkeys(chain(found.values(), late, _refused(errors, applied))))


def _named(hunk: HunkReport, path: PurePosixPath) -> str:
    # every folder has one of these
    name = path if path.name.startswith(("Makefile", "Kconfig", "Config.in")) else path.name
    return f"hunk {hunk.number} of {name}"


def _changes(applied: SeriesReport, before: Tree) -> Iterator[_Change]:
    tree = Overlay(before)
    for patch, step in zip(applied.patches, applied.steps, strict=True):
        after = tree.with_changes(step)
        for file in patch.files:
            hunks = [h for h in file.hunks if h.outcome is Outcome.APPLIED and h.line is not None]
            if hunks:
                old, new = tree.read(file.path) or b"", after.read(file.path) or b""
                lines = tuple(_lines(file.path, old, new, hunks))
                words = (
                    (h, _words(lines, h, Kind.REMOVED), _words(lines, h, Kind.ADDED)) for h in hunks
                )
                yield _Change(file.path, lines, tuple(words))
        tree = after


def _lines(
    path: PurePosixPath, old: bytes, new: bytes, hunks: Sequence[HunkReport]
) -> Iterator[_Line]:
    for part in change_between(path, old, new).hunks:
        was, now = part.old_start, part.new_start
        for line in part.lines:
            begun = [hunk for hunk in hunks if (hunk.line or 0) <= was]
            yield _Line(line.kind, line.text, now, (begun or hunks)[-1 if begun else 0])
            was += line.kind is not Kind.ADDED
            now += line.kind is not Kind.REMOVED


def _hunk_at(error: Diagnostic, changes: Sequence[_Change]) -> HunkReport | None:
    """The hunk that wrote the line of *error*, else the one in whose context it is."""
    for kind in (Kind.ADDED, Kind.CONTEXT):
        number = error.line
        for change in reversed(changes):
            if str(change.path) != error.path:
                continue
            for line in change.lines:
                if line.kind is kind and line.number == number:
                    return line.hunk
            number = _number_before(number, change)
    return None


def _number_before(number: int, change: _Change) -> int:
    """Which line *number* was before *change*."""
    above = [line.kind for line in change.lines if line.number <= number]
    return number - above.count(Kind.ADDED) + above.count(Kind.REMOVED)


def _behind(error: Diagnostic, changes: Sequence[_Change]) -> str:
    last = next(one for one in reversed(changes) if str(one.path) == error.path)
    above = [line for line in last.lines if line.number < error.line]
    if not above:
        return ""
    distance = error.line - above[-1].number
    return (
        f"{place(error)}{error.text}; {distance} lines behind {_named(above[-1].hunk, last.path)}"
    )


def _by_symbol(
    error: Diagnostic, changes: Sequence[_Change]
) -> Iterator[tuple[tuple[PurePosixPath, HunkReport, str], str]]:
    """The hunks that *error*, in a file that no patch touches, may come from: those of any file
    when it is the linker's, else those of what other files include or are built by."""
    names = _names(error)
    for change in changes:
        if error.kind == "error" and error.line and change.path.suffix in (".c", ".S"):
            continue
        for hunk, gone, come in change.words:
            for name in (name for name in names if name in gone | come):
                what = "" if name not in gone else " changes" if name in come else " takes away"
                head = f"{_named(hunk, change.path)}{what and f'{what} {name}'}"
                yield (change.path, hunk, name), f"{head}: {place(error)}{error.text}"
                return


def _names(error: Diagnostic) -> list[str]:
    quoted = (match[1] or match[2] for match in _QUOTED.finditer(error.text))
    return list(dict.fromkeys(name for text in quoted for name in _NAME.findall(text)))


def _words(lines: Iterable[_Line], hunk: HunkReport, kind: Kind) -> set[str]:
    texts = (line.text for line in lines if line.hunk is hunk and line.kind is kind)
    return {word.decode() for text in texts for word in _WORD.findall(text)}


def _refused(errors: Sequence[Diagnostic], applied: SeriesReport) -> Iterator[str]:
    for error in errors[:MOST]:
        names = _names(error)
        for need in applied.needs:
            if need.symbol in names:
                yield (
                    f"{need.used_in} uses {need.symbol}, which only the refused hunk of "
                    f"{need.defined_in} defines"
                )
