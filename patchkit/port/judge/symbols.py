"""Symbols: what the added lines use was there when the patch was made; is it in the target?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from patchkit.patch.model import Kind, Line
from patchkit.port.judge.balance import NOT_CODE
from patchkit.port.judge.evidence import C_SUFFIXES, Adaptation, Evidence, Objection
from patchkit.port.needs import DEFINITIONS
from patchkit.tree.base import Tree

WORD = re.compile(rb"(?<![\w.])[A-Za-z_]\w{2,}\b|(?<=->)\w{3,}")
_ANY_WORD = re.compile(rb"\w+")
# How far #include is followed.
MOST_FILES = 150
INCLUDE = PurePosixPath("include")
# <asm/x.h> is a link that make sets; a kernel's first architecture has nearly every header.
ASM = ("asm-i386", "asm-generic", "asm-x86")


def symbols(adaptation: Adaptation, evidence: Evidence) -> Iterator[Objection]:
    """A word that the patch adds, that its own context or removed lines used too, and that the
    target knows neither in the file nor in what it includes: renamed since, or gone."""
    if evidence.after.path.suffix not in C_SUFFIXES:
        return
    added = _words(adaptation.port.lines, Kind.ADDED)
    known = _words(adaptation.original.lines, Kind.CONTEXT, Kind.REMOVED)
    missing = (added & known) - set(_ANY_WORD.findall(evidence.before.data))
    if missing:
        lines = [ln for of in evidence.changes for hunk in of.hunks for ln in hunk.new]
        missing -= {
            name
            for line in lines
            if line.kind is Kind.ADDED
            for pattern in DEFINITIONS
            for name in pattern.findall(line.text)
        }
    if not missing:
        return
    headers = _Headers(evidence.tree)
    for data in headers.of(evidence.before.path, evidence.before.data):
        missing -= set(_ANY_WORD.findall(data))
        if not missing:
            return
    names = ", ".join(sorted(word.decode("latin-1") for word in missing))
    reason = f"it uses {names}, which the file and its headers do not have"
    yield Objection(reason, is_doubt=not headers.are_whole)


def _words(lines: Sequence[Line], *kinds: Kind) -> set[bytes]:
    return {w for ln in lines if ln.kind in kinds for w in WORD.findall(NOT_CODE.sub(b"", ln.text))}


class _Headers:
    """The headers that a file includes; ``are_whole`` is False once one was not found."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self.are_whole = True

    def of(self, path: PurePosixPath, data: bytes) -> Iterator[bytes]:
        """The texts of the headers that *data*, the file *path*, includes, and those of theirs."""
        rest = [(path, data)]
        seen = {path}
        while rest:
            path, data = rest.pop(0)
            for named in _named(data):
                header = self._found(path.parent, named)
                if header is None:
                    self.are_whole = False
                elif header not in seen:
                    seen.add(header)
                    text = self._tree.read(header) or b""
                    rest.append((header, text))
                    yield text
            if len(seen) > MOST_FILES:
                self.are_whole = False
                return

    def _found(self, folder: PurePosixPath, named: str) -> PurePosixPath | None:
        asm = named.partition("asm/")
        names = [named] if asm[0] or not asm[2] else [f"{arch}/{asm[2]}" for arch in ASM]
        for name in names:
            for top in (folder, INCLUDE):
                header = top / name
                if ".." not in header.parts and self._tree.mode(header) is not None:
                    return header
        return None


def _named(data: bytes) -> Iterator[str]:
    for found in re.finditer(rb'^[ \t]*#[ \t]*include[ \t]*[<"]([^">\n/][^">\n]*)[">]', data, re.M):
        yield found[1].decode("latin-1")
