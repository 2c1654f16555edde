"""Which commit made a hunk's change already."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import PurePosixPath

from patchkit.history.version import History, Version
from patchkit.inspect.inspection import Upstream
from patchkit.patch.model import Hunk, Kind
from patchkit.port.ladder.place import weight
from patchkit.port.text import Text, key

# Texts of one file to look through, and bytes of them to keep for the next hunk.
FAR = 3000
KEEP = 128 << 20
# Fewer lines than this may stand anywhere.
TELLING = 2
# The lines before and after a change, without their white space.
Block = tuple[tuple[bytes, ...], tuple[bytes, ...]]
_WORD = re.compile(rb"\w+")


class FilePast:
    """The commits of one file, oldest first, with the texts before and after."""

    def __init__(self, path: PurePosixPath, history: History) -> None:
        self._history = history
        self.steps = list(islice(history.changes(path), FAR))[::-1]
        self._texts: dict[str | None, Text] = {}
        self._data: dict[str | None, bytes] = {}
        self._words: dict[str | None, bytes] = {}
        self._kept = 0

    def data(self, version: Version) -> bytes:
        return self._read(version.blob, lambda: self._history.text(version))

    def data_before(self, version: Version) -> bytes:
        return self._read(version.before, lambda: self._history.text_before(version))

    def text(self, version: Version) -> Text:
        return self._text(version.blob, self.data(version))

    def text_before(self, version: Version) -> Text:
        return self._text(version.before, self.data_before(version))

    def gains(self, version: Version, words: bytes) -> bool:
        """Does the commit of *version* bring *words*, lines without regard to where they break?"""
        after = self._in_words(version.blob, self.data(version)).count(words)
        return after > self._in_words(version.before, self.data_before(version)).count(words)

    def base(self, hunks: Iterable[Hunk]) -> bytes | None:
        """The newest text that all *hunks* fit, but for white space; None where there is none."""
        images = [[key(line.text) for line in hunk.old] for hunk in hunks]
        for version in reversed(self.steps):
            if all(self.text(version).loose.places(image, 1) for image in images if image):
                return self.data(version)
        return None

    def _read(self, blob: str | None, read: Callable[[], bytes | None]) -> bytes:
        found = self._data.get(blob)
        if found is None:
            found = read() or b""
            if self._kept < KEEP:
                self._kept += len(found)
                self._data[blob] = found
        return found

    def _in_words(self, blob: str | None, data: bytes) -> bytes:
        found = self._words.get(blob)
        if found is None:
            found = in_words([data])
            if self._kept < KEEP:
                self._kept += len(found)
                self._words[blob] = found
        return found

    def _text(self, blob: str | None, data: bytes) -> Text:
        found = self._texts.get(blob)
        if found is None:
            found = Text(data)
            if self._kept < KEEP:
                self._kept += 4 * len(data)  # lines, keys, and both joined
                self._texts[blob] = found
        return found


def upstream(
    hunk: Hunk, past: FilePast, history: History, ancestors: frozenset[str] | None
) -> Upstream | None:
    """The commit of *past* that makes the change of *hunk*: with its context, or else every line
    that it adds where those that it removes were. None where there is none, or the hunk says too
    little to tell. *ancestors* are the target's own commits to the file."""

    def rank(version: Version) -> tuple[bool, bool, int]:
        # Lines of development may make it apart; one that begins with all in it made nothing.
        return version.commit not in (ancestors or ()), version.before is None, version.place

    for exact, blocks in ((True, _image(hunk)), (False, list(_blocks(hunk)))):
        if sum(weight(new) for _, new in blocks) < TELLING:
            continue
        found = [
            version
            for version in _with(past, blocks)
            if all(_makes(past, version, old, new) for old, new in blocks)
        ]
        if found:
            first = min(found, key=rank)
            in_target = None if ancestors is None else first.commit in ancestors
            return Upstream(history.origin(first.commit), first.path, exact, in_target)
    return None


def _image(hunk: Hunk) -> list[Block]:
    old, new = (tuple(key(line.text) for line in side) for side in (hunk.old, hunk.new))
    return [(old, new)] if old != new else []


def in_words(lines: Iterable[bytes]) -> bytes:
    """*lines* with one blank for all white space, and one at the end: the last word is whole."""
    return b"%b " % b" ".join(b" ".join(lines).split())


def _with(past: FilePast, blocks: Sequence[Block]) -> Iterator[Version]:
    """The versions that may make *blocks*: a quick look before a slow one."""
    lines = [line for _, new in blocks for line in new]
    longest = max((word for line in lines for word in _WORD.findall(line)), key=len, default=b"")
    # Where lines only break elsewhere, or blank ones go, the words were there before.
    wanted = [in_words(new) for old, new in blocks if in_words(new) not in in_words(old)]
    for version in past.steps:
        if longest in past.data(version) and all(past.gains(version, one) for one in wanted):
            yield version


def _makes(past: FilePast, version: Version, old: Sequence[bytes], new: Sequence[bytes]) -> bool:
    """Does the commit of *version* put *new* where *old* was?"""
    before, after = past.text_before(version).loose, past.text(version).loose
    if not new:
        return len(before.places(old)) > len(after.places(old))
    if not after.places(new, 1) or len(before.places(new)) >= len(after.places(new)):
        return False
    return not old or version.before is None or bool(before.places(old, 1))


def _blocks(hunk: Hunk) -> Iterator[Block]:
    """Each run of changed lines."""
    removed: list[bytes] = []
    added: list[bytes] = []
    for line in hunk.lines:
        if line.kind is Kind.CONTEXT:
            if removed or added:
                yield tuple(removed), tuple(added)
            removed, added = [], []
        else:
            (removed if line.kind is Kind.REMOVED else added).append(key(line.text))
    if removed or added:
        yield tuple(removed), tuple(added)
