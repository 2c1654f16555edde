"""``static`` on what an included header declares for all: gcc 2.x gave the file its own.

It keeps it, under a name that the header does not know; several files may do so with one name.
Where an inline function of the header uses it, every file means the one: it is static no more.
So it is where a macro of the header does, which has the file's own: unless another file defines
that name for all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import PurePosixPath

from patchkit.csource.edit import Edit
from patchkit.kbuild.newcc.branches import Branches
from patchkit.kbuild.newcc.prototypes import PROTOTYPE
from patchkit.kbuild.newcc.rule import Rule, TreeFacts
from patchkit.kbuild.newcc.source import Source

_EXTERN = re.compile(
    rb"^[ \t]*extern\b(?![^;{}()]*\binline\b)[\w\s*]*?[\s*](\w+)\s*"
    rb"(?:\[[^\]]*\]\s*)*(?:;|\([^;{}]*\)\s*;)",
    re.MULTILINE,
)
# static int x = 1;   static void x(...)   and   static DECLARE_SOME(x, ...)
_STATIC = re.compile(
    rb"^(?P<static>static)\b(?:[ \t]+(?P<macro>[A-Z][A-Z_]+\([ \t]*)"
    rb"|(?![^;{}()=]*\binline\b)[\w \t\n*]*?[\s*])"
    rb"(?P<name>\w+)\s*(?:\[[^\]]*\]\s*)*(?(macro),|(?:=|;|\())",
    re.MULTILINE,
)
_INLINE = re.compile(
    rb"^(?:static|extern)\b[^;{}]*\b_*inline_*\b[^;{}]*\{(?P<body>.*?)^\}", re.MULTILINE | re.DOTALL
)
_MACRO = re.compile(
    rb"^[ \t]*#[ \t]*define[ \t]+\w+(?:\([^)\n]*\))?(?P<body>(?:\\\n|[^\n])*)", re.MULTILINE
)
_INCLUDE = re.compile(rb"[ \t]*#[ \t]*include\b")
# what stands before a bracket and is no name of a function
_WRAPPERS = frozenset(
    b"FASTCALL __attribute__ SYMBOL_NAME __P void char short int long unsigned signed".split()
)


def exposed_names(
    texts: Mapping[PurePosixPath, bytes], reaches: Mapping[PurePosixPath, frozenset[PurePosixPath]]
) -> dict[PurePosixPath, frozenset[bytes]]:
    """For each C file the names it makes static that a header it includes declares for all."""
    declared = {path: _declared(text) for path, text in texts.items() if path.suffix == ".h"}
    code = _Told(texts)
    anywhere = frozenset[bytes]().union(*declared.values()) - _WRAPPERS
    exposed: dict[PurePosixPath, frozenset[bytes]] = {}
    for path, text in texts.items():
        if path.suffix != ".c":
            continue
        names = anywhere.intersection(found["name"] for found in _STATIC.finditer(text))
        headers = reaches.get(path, frozenset()) if names else ()
        told = [header for header in headers if names & declared.get(header, frozenset())]
        here = names & frozenset[bytes]().union(*(code.of(header) for header in told))
        if here:
            exposed[path] = here
    return exposed


class _Told(dict[PurePosixPath, frozenset[bytes]]):
    """What a header declares outside of its comments, worked out when asked for."""

    def __init__(self, texts: Mapping[PurePosixPath, bytes]) -> None:
        super().__init__()
        self._texts = texts

    def of(self, header: PurePosixPath) -> frozenset[bytes]:
        if header not in self:
            self[header] = _declared(Source(header, self._texts[header]).code)
        return self[header]


def _declared(text: bytes) -> frozenset[bytes]:
    patterns = (_EXTERN, PROTOTYPE)
    return frozenset(found[1] for pattern in patterns for found in pattern.finditer(text))


def inlined_names(
    texts: Mapping[PurePosixPath, bytes],
    reaches: Mapping[PurePosixPath, frozenset[PurePosixPath]],
    exposed: Mapping[PurePosixPath, frozenset[bytes]],
) -> dict[PurePosixPath, frozenset[bytes]]:
    """For each C file of *exposed* those of its names that an inline, or a macro, of a declaring
    header uses."""

    # Many files include the same headers.
    @cache
    def bodies(header: PurePosixPath) -> tuple[tuple[bytes, bool], ...]:
        code = Source(header, texts[header]).code
        patterns = ((_INLINE, False), (_MACRO, True))
        return tuple((found["body"], mac) for pat, mac in patterns for found in pat.finditer(code))

    def below(header: PurePosixPath) -> Iterator[tuple[bytes, bool]]:
        """What is in the headers that *header* includes: ``errno`` is in the macros for system
        calls, two files away from its declaration."""
        for one in reaches.get(header, frozenset()):
            if one.suffix == ".h" and one in texts:
                yield from bodies(one)

    found: dict[PurePosixPath, frozenset[bytes]] = {}
    for path, names in exposed.items():
        pattern = re.compile(rb"(?<![\w.])(?<!->)(?:" + b"|".join(sorted(names)) + rb")\b")
        used = {
            name
            for header in reaches.get(path, frozenset())
            if header.suffix == ".h" and pattern.search(texts.get(header, b""))
            for body, macro in bodies(header)
            for name in pattern.findall(body)
            if name in _declared(texts[header]) and not (macro and _has_other(name, path, texts))
        }
        # without a value of its own it is one with the other's, as gcc 2.x had it: -fcommon
        bare = {one["name"] for one in _STATIC.finditer(texts[path]) if one[0].endswith(b";")}
        used |= {
            name
            for header in (reaches.get(path, frozenset()) if bare & names else ())
            if header.suffix == ".h" and pattern.search(texts.get(header, b""))
            for name in _declared(texts[header]) & names & bare
            if any(macro and name in body for body, macro in below(header))
        }
        if used:
            found[path] = frozenset(used)
    return found


def _has_other(name: bytes, path: PurePosixPath, texts: Mapping[PurePosixPath, bytes]) -> bool:
    """Does another C file than *path* define *name* for all?"""
    plain = re.compile(
        rb"^(?!static\b|extern\b|typedef\b)[A-Za-z_][\w \t*]*\b" + name + rb"[ \t]*[=;\[(]",
        re.MULTILINE,
    )
    files = ((other, text) for other, text in texts.items() if other.suffix == ".c")
    return any(name in text and plain.search(text) for other, text in files if other != path)


def find(source: Source, facts: TreeFacts) -> Iterator[Edit]:
    names = facts.exposed.get(source.path, frozenset())
    inlined = facts.inlined.get(source.path, frozenset())
    branches = Branches(source.code)
    private: dict[bytes, re.Match[bytes]] = {}
    doubtful = set[bytes]()
    for found in _STATIC.finditer(source.code) if names else ():
        # a definition that may not be there must not rename the calls of the header's
        if found["name"] in inlined or (
            found["name"] in names and branches.conditional(found.start())
        ):
            doubtful.add(found["name"])
            yield Edit(found.start("static"), found.end("static"), b"")
        elif found["name"] in names:
            private.setdefault(found["name"], found)
    for name in sorted(private.keys() - doubtful):
        yield from _renamed(source, name, private[name])


def _renamed(source: Source, name: bytes, definition: re.Match[bytes]) -> Iterator[Edit]:
    named = re.finditer(rb"(?<![\w.])(?<!->)" + name + rb"\b", source.code)
    # a header may be called like what it declares
    uses = [found for found in named if not _included(source.code, found.start())]
    if uses[0].start() < definition.start() and definition[0].endswith(b"="):
        # the header declared it for the uses above; they need a declaration of the new name
        above = source.code.rfind(b"\n}", 0, uses[0].start())
        at = source.code.find(b"\n", above + 1)
        declared = definition[0][:-1].rstrip() + b"__static;"
        yield Edit(at, at, b" " + b" ".join(declared.split()))
    for found in uses:
        yield Edit(found.end(), found.end(), b"__static")


def _included(code: bytes, offset: int) -> bool:
    """Is *offset* in the file name of an ``#include``?"""
    return _INCLUDE.match(code, code.rfind(b"\n", 0, offset) + 1) is not None


RULE = Rule(
    "static-definitions",
    "a private name is not the header's",
    re.compile(rb"^static\b", re.MULTILINE),
    find,
)
