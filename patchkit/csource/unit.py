"""One C file, asked question by question: what is not asked for is not parsed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterator
from functools import cached_property
from pathlib import PurePosixPath

from patchkit.csource.body import body_facts, initialiser_slots
from patchkit.csource.conditions import Known, Liveness, Region, regions
from patchkit.csource.facts import Body, Include, Initialiser, Macro
from patchkit.csource.functions import Function, Functions, functions
from patchkit.csource.kept import Kept
from patchkit.csource.lexical import Lexed, blank, lexed, whole_words

_DEFINE = re.compile(rb"\s*(\w+)(\([^)]*\))?")
_INCLUDE = re.compile(rb'\s*([<"])([^>"\n]+)[>"]')
_INITIALISES = re.compile(
    rb"(?:(?:struct|union)\s+)?(\w+)\s+\**\s*(\w+)\s*(?:\[[^\]]*\]\s*)*=\s*\Z"
)
_STRUCT = re.compile(rb"\b(?:struct|union)(?:\s+(\w+))?\s*\Z")
_FUNCTION_MEMBER = re.compile(rb"\(\s*\*\s*(\w+)\s*(?:\[[^\]]*\]\s*)?\)\s*\(")
_MEMBER = re.compile(rb"(\w+)\s*(?:\[[^;]*?\]\s*)*(?::\s*\w+\s*)?\Z")
_BRACED = re.compile(rb"\{[^{}]*\}")
_STATIC = re.compile(rb"\bstatic\b")


class Unit:
    """A file's facts. Macros that *known* settles decide which branches are dead.

    *before* is what :attr:`kept` gave for the same source and the same macros.
    """

    def __init__(
        self, path: PurePosixPath, source: bytes, known: Known, before: Kept | None = None
    ) -> None:
        self.path = path
        self.source = source
        self._known = known
        self._before = before
        self._bodies: dict[int, Body] = dict(before.bodies) if before else {}
        self._with: dict[bytes, tuple[Function, ...]] = {}

    @cached_property
    def text(self) -> Lexed:
        return lexed(self.source)

    @cached_property
    def branches(self) -> tuple[Region, ...]:
        if self._before is not None:
            return self._before.branches
        return regions(self.text, self._known)

    @cached_property
    def liveness(self) -> Liveness:
        return Liveness(self.branches)

    @cached_property
    def functions(self) -> Functions:
        if self._before is not None:
            return Functions(self._before.functions, self._before.blocks)
        return functions(self.text, self.branches)

    @cached_property
    def code(self) -> bytes:
        """The code that can be compiled: no comments, strings, directives or dead branches."""
        never = [region for region in self.branches if region.holds is False]
        if not never:
            return self.text.plain  # and no second copy of it
        code = bytearray(self.text.plain)
        for region in never:
            dead = code[region.start : region.end]
            code[region.start : region.end] = blank(dead)
        return bytes(code)

    def line(self, offset: int) -> int:
        return self.text.line(offset)

    def body(self, function: Function) -> Body:
        """What *function*, one of this file's, does."""
        if function.start not in self._bodies:
            text = self.code[function.start : function.end]
            self._bodies[function.start] = body_facts(text, function.start)
        return self._bodies[function.start]

    @property
    def kept(self) -> Kept | None:
        """What was worked out so far and is worth keeping; None where the functions were not."""
        if "functions" not in self.__dict__:
            return None
        found = self.functions
        return Kept(self.branches, found.all, found.blocks, self._bodies)

    @cached_property
    def by_name(self) -> dict[bytes, Function]:
        return {function.name: function for function in self.functions.all}

    def is_static(self, function: Function) -> bool:
        return bool(_STATIC.search(self.code[function.start : function.body]))

    def functions_with(self, word: bytes) -> tuple[Function, ...]:
        """The functions in whose live code *word* stands, in order."""
        if word not in self._with:
            self._with[word] = self._functions_with(word) if word in self.source else ()
        return self._with[word]

    def _functions_with(self, word: bytes) -> tuple[Function, ...]:
        found: dict[int, Function] = {}
        for at in whole_words(self.code, word):
            function = self.functions.at(at)
            if function is not None:
                found[function.start] = function
        return tuple(found.values())

    @cached_property
    def macros(self) -> dict[bytes, Macro]:
        """The live ``#define`` lines by name; the last of a name wins."""
        found = {}
        for directive in self.text.directives:
            named = _DEFINE.match(directive.text)
            if directive.keyword != b"define" or named is None:
                continue
            if self.liveness.dead(directive.start):
                continue
            parameters = None
            if named[2] is not None:
                parameters = tuple(name.strip() for name in named[2][1:-1].split(b","))
            body = directive.text[named.end() :].replace(b"\\\n", b" \n")
            found[named[1]] = Macro(named[1], parameters, body, directive.start, directive.end)
        return found

    @cached_property
    def includes(self) -> tuple[Include, ...]:
        found = []
        for directive in self.text.directives:
            if directive.keyword == b"include":
                raw = self.source[directive.start : directive.end].partition(b"include")[2]
                named = _INCLUDE.match(raw)
                if named:
                    path = named[2].decode("latin-1")
                    found.append(Include(path, named[1] == b"<", directive.start))
        return tuple(found)

    @cached_property
    def initialisers(self) -> tuple[Initialiser, ...]:
        """The initialisers with braces at the top of the file."""
        return tuple(self._initialisers())

    def _initialisers(self) -> Iterator[Initialiser]:
        for block in self.functions.blocks:
            named = _INITIALISES.search(self.code[block.start : block.brace])
            if named:
                slots = initialiser_slots(self.code[block.brace : block.end], block.brace)
                start = block.start + named.start()
                yield Initialiser(named[1], named[2], slots, start, block.end)

    def struct_members(self, name: bytes) -> tuple[bytes, ...]:
        """The members of ``struct name`` in order; none where this file does not define it."""
        for block in self.functions.blocks:
            tag = _STRUCT.search(self.code[block.start : block.brace])
            if tag and tag[1] == name:
                return _members(self.code[block.brace + 1 : block.end - 1])
        return ()

    @cached_property
    def _declared(self) -> Counter[bytes]:
        found: Counter[bytes] = Counter()
        for block in self.functions.blocks:
            if _STRUCT.search(self.code[block.start : block.brace]):
                found.update(_members(self.code[block.brace + 1 : block.end - 1]))
        return found

    @property
    def members(self) -> Container[bytes]:
        """Every member of every struct or union defined at the top of this file."""
        return self._declared

    def declarations_of(self, member: bytes) -> int:
        """How many structs of this file have that *member*."""
        return self._declared[member]

    @cached_property
    def top(self) -> bytes:
        """The code outside function bodies, at the same offsets."""
        code = bytearray(self.code)
        for function in self.functions.all:
            code[function.start : function.end] = b" " * (function.end - function.start)
        return bytes(code)


def _members(text: bytes) -> tuple[bytes, ...]:
    """The members that a struct's body declares, in order; those of inner structs come first."""
    found: list[bytes] = []
    while True:
        inner = _BRACED.search(text)
        if inner is None:
            break
        found.extend(_members(inner[0][1:-1]))
        text = text[: inner.start()] + text[inner.end() :]
    for declaration in text.split(b";"):
        function = _FUNCTION_MEMBER.search(declaration)
        if function:
            found.append(function[1])
            continue
        named = (_MEMBER.search(part.rstrip()) for part in declaration.split(b","))
        found.extend(name[1] for name in named if name)
    return tuple(found)
