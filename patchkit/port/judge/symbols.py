"""Symbols: what the added lines use was there when the patch was made; is it in the target?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import PurePosixPath

from patchkit.patch.model import Kind, Line
from patchkit.port.judge.balance import NOT_CODE
from patchkit.port.judge.evidence import Adaptation, Evidence, Objection, Source
from patchkit.tree.base import Tree

WORD = re.compile(rb"(?<![\w.])[A-Za-z_]\w{2,}\b|(?<=->)\w{3,}")
CALL = re.compile(rb"(?<![\w.>])([A-Za-z_]\w{3,})\s*\(")
MEMBER = re.compile(rb"(?:->|(?<=[\w)\]])\.|^\s*\.)([A-Za-z_]\w{3,})")
PLAIN = re.compile(rb"(?<![\w.>])[A-Za-z_]\w{3,}\b(?!\s*\()")
_NO_CALL = frozenset(
    (b"while", b"switch", b"return", b"sizeof", b"typeof", b"defined", b"__attribute__", b"__asm__")
)
# How far #include is followed: some 250 headers for most files of 2.6.
MOST_FILES = 800
TOPS = (PurePosixPath("include"), PurePosixPath("include/asm-i386/mach-default"))
INCLUDE = re.compile(rb'^[ \t]*#[ \t]*include[ \t]*[<"]([^">\n/][^">\n]*)[">]', re.M)
# Of all #include lines, so many must be followed before a symbol is missed.
MOST = 0.9
# Made by make, or the compiler's own.
GENERATED = frozenset(
    ("linux/autoconf.h", "linux/version.h", "linux/compile.h", "linux/modversions.h", "stdarg.h",
     "asm/asm_offsets.h", "asm/offsets.h", "asm/asm-offsets.h")
)  # fmt: skip
# <asm/x.h> is a link that make sets; a kernel's first architecture has nearly every header.
ASM = ("asm-i386", "asm-generic", "asm-x86")


def symbols(adaptation: Adaptation, evidence: Evidence) -> Iterator[Objection]:
    """What the added lines use must be known to the file or to what it includes.

    A word that the patch's own context or removed lines used too, and that is not there any
    more, was renamed since, or is gone. A function or member that only the added lines use may
    be declared where nobody looks: a doubt.
    """
    if not evidence.is_c:
        return
    known = _found(WORD, adaptation.original.lines, Kind.CONTEXT, Kind.REMOVED)
    used = _found(WORD, adaptation.port.lines, Kind.ADDED)
    # What stands there without brackets too is a variable, declared beside its call.
    plain = _found(PLAIN, adaptation.port.lines, Kind.ADDED)
    called = _found(CALL, adaptation.port.lines, Kind.ADDED) - plain - _NO_CALL
    called |= _found(MEMBER, adaptation.port.lines, Kind.ADDED)
    here = evidence.before.data
    renamed = {word for word in used & known if not _has(here, word)}
    missing = renamed | {word for word in called - known if not _has(here, word)}
    if missing:
        missing -= evidence.sent.defined
    if not missing:
        return
    headers = _Headers(evidence.tree, evidence.before)
    for data in headers.of(evidence.before):
        missing = {word for word in missing if not _has(data, word)}
        if not missing:
            return
    if missing & renamed:
        reason = f"it uses {_names(missing & renamed)}, which the file and its headers do not have"
        yield Objection(reason, is_doubt=not headers.are_known)
    elif headers.are_known:
        reason = f"it uses {_names(missing)}, which the file and its headers do not have"
        yield Objection(reason, is_doubt=True)


def _found(pattern: re.Pattern[bytes], lines: Sequence[Line], *kinds: Kind) -> set[bytes]:
    code = (NOT_CODE.sub(b"", line.text) for line in lines if line.kind in kinds)
    return {word for text in code for word in pattern.findall(text)}


def _has(data: bytes, word: bytes) -> bool:
    return word in data and re.search(rb"\b%s\b" % re.escape(word), data) is not None


def _names(words: set[bytes]) -> str:
    return ", ".join(sorted(word.decode("latin-1") for word in words))


class _Headers:
    """The headers that a file includes, as far as they are found."""

    def __init__(self, tree: Tree, source: Source) -> None:
        path = source.path
        own = (f"asm-{path.parts[1]}",) if path.parts[0] == "arch" and len(path.parts) > 2 else ()
        self._tree = tree
        self._asm = (*own, *ASM)
        self._is_whole_file = path.suffix == ".c"
        self._found = self._lost = 0

    @property
    def are_known(self) -> bool:
        """Is there next to nothing that was not looked at? A file that others include knows
        what they do."""
        return self._is_whole_file and self._found >= MOST * (self._found + self._lost) > 0

    def of(self, source: Source) -> Iterator[bytes]:
        """The texts of the headers that *source* includes, and those of theirs."""
        rest = [(source.path, source.data)]
        seen = {source.path}
        while rest and len(seen) < MOST_FILES:
            path, data = rest.pop(0)
            for named in _named(data):
                header = self._place(path.parent, named)
                self._found += header is not None
                self._lost += header is None and named not in GENERATED
                if header is not None and header not in seen:
                    seen.add(header)
                    text = self._tree.read(header) or b""
                    rest.append((header, text))
                    yield text

    def _place(self, folder: PurePosixPath, named: str) -> PurePosixPath | None:
        asm = named.partition("asm/")
        names = [named] if asm[0] or not asm[2] else [f"{arch}/{asm[2]}" for arch in self._asm]
        for name in names:
            for top in (folder, *TOPS):
                header = top / name
                if ".." not in header.parts and self._tree.mode(header) is not None:
                    return header
        return None


# A stack meets the same headers with each of its files.
@lru_cache(maxsize=2048)
def _named(data: bytes) -> tuple[str, ...]:
    return tuple(name.decode("latin-1") for name in INCLUDE.findall(data))
