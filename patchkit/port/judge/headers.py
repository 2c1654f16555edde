"""The headers that a file includes, and theirs, as far as they are found."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import PurePosixPath

from patchkit.tree.base import Tree

# How far #include is followed: some 250 headers for most files of 2.6.
MOST_FILES = 800
TOPS = tuple(
    map(PurePosixPath, ("include", "include/asm-i386/mach-default", "include/uapi",
                        "arch/x86/include", "arch/x86/include/uapi"))
)  # fmt: skip
INCLUDE = re.compile(rb'^[ \t]*#[ \t]*include[ \t]*[<"]([^">\n/][^">\n]*)[">]', re.M)
# Of all #include lines, so many must be followed before a symbol is missed.
MOST = 0.9
# Made by make, or the compiler's own.
GENERATED = frozenset(
    ("linux/autoconf.h", "linux/version.h", "linux/compile.h", "linux/modversions.h", "stdarg.h",
     "asm/asm_offsets.h", "asm/offsets.h", "asm/asm-offsets.h")
)  # fmt: skip
# <asm/x.h> is a link that make sets, or a folder of an architecture's own (from 2.6.27 on); a
# kernel's first architecture has nearly every header.
ASM = ("asm-i386", "asm-generic", "asm-x86")


class Headers:
    """The headers of the file *path*; what was read for one question is there for the next."""

    def __init__(self, tree: Tree, path: PurePosixPath, data: bytes) -> None:
        own = (f"asm-{path.parts[1]}",) if path.parts[0] == "arch" and len(path.parts) > 2 else ()
        self._tree = tree
        self._asm = (*own, *ASM)
        self._is_whole_file = path.suffix == ".c"
        self._found = self._lost = 0
        self._read: list[bytes] = []
        self._rest = self._walk(path, data)

    @property
    def are_known(self) -> bool:
        """Is there next to nothing that was not looked at, once all was? A file that others
        include knows what they do."""
        return self._is_whole_file and self._found >= MOST * (self._found + self._lost) > 0

    def texts(self) -> Iterator[bytes]:
        """The texts of the headers that the file includes, and those of theirs."""
        yield from self._read
        for text in self._rest:
            self._read.append(text)
            yield text

    def _walk(self, path: PurePosixPath, data: bytes) -> Iterator[bytes]:
        rest = [(path, data)]
        seen = {path}
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
        for header in _candidates(folder, named, self._asm):
            if self._tree.mode(header) is not None:
                return header
        return None


# A stack meets the same headers with each of its files.
@lru_cache(maxsize=1 << 14)
def _candidates(
    folder: PurePosixPath, named: str, asm: tuple[str, ...]
) -> tuple[PurePosixPath, ...]:
    """Where *named* may be, the likeliest first."""
    before, _, rest = named.partition("asm/")
    is_asm = rest and not before
    names = [*(f"{arch}/{rest}" for arch in asm), named] if is_asm else [named]
    found = (top / name for name in names for top in (folder, *TOPS))
    return tuple(header for header in found if ".." not in header.parts)


@lru_cache(maxsize=2048)
def _named(data: bytes) -> tuple[str, ...]:
    return tuple(name.decode("latin-1") for name in INCLUDE.findall(data))
