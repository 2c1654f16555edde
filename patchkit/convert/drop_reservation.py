"""Reservations taken out: the loops over pages, and the locals and includes that only they used.

This is the shape of the founding mail's conversion of bttv; whether it is safe is not asked here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from patchkit.apis.memory import TRANSLATIONS
from patchkit.apis.reserved_page import RESERVE, UNRESERVE
from patchkit.csource.edit import Edit, apply_edits, whole_lines
from patchkit.csource.functions import Function
from patchkit.csource.statements import LOOPS, Statement, path_to, statements, walk
from patchkit.csource.unit import Unit

_WRAPPER = re.compile(rb"^[ \t]*#[ \t]*include[ \t]*<linux/wrapper\.h>[^\n]*\n", re.MULTILINE)
_DEFINES = re.compile(rb"^[ \t]*#[ \t]*define[ \t]+(\w+)", re.MULTILINE)
_CALL = re.compile(rb"\b(\w+)\s*\(")
_SPOKEN_OF = re.compile(
    rb"(?:^|\n)([ \t]*/\*(?:(?!\*/).)*?reserv(?:(?!\*/).)*\*/[ \t]*\n\s*)\Z", re.DOTALL
)
_WORDS = frozenset((b"if", b"for", b"while", b"sizeof", b"return"))


def without_reservation(unit: Unit, functions: tuple[Function, ...], wrapper: bytes) -> bytes:
    """*unit*'s source with every reservation in *functions* taken out.

    *wrapper* is the text of linux/wrapper.h: its include goes when nothing of it is used any more.
    """
    return without_walks(unit, functions, wrapper, frozenset())


def without_walks(
    unit: Unit, functions: tuple[Function, ...], wrapper: bytes, also: frozenset[bytes]
) -> bytes:
    """As :func:`without_reservation`, with the loops gone that call a function of *also* too."""
    going = RESERVE | UNRESERVE | also
    edits = [edit for function in functions for edit in _in_function(unit, function, going)]
    changed = apply_edits(unit.source, edits)
    names = _DEFINES.findall(wrapper)
    rest = _WRAPPER.sub(b"", changed)
    if names and not re.search(rb"\b(?:" + b"|".join(names) + rb")\b", rest):
        return rest
    return changed


def _in_function(unit: Unit, function: Function, going: frozenset[bytes]) -> Iterator[Edit]:
    top = statements(unit.code[function.start : function.end], function.start)
    if top is None:
        return
    cut = _Cut(unit, top)
    for call in unit.body(function).calls:
        if call.name in going:
            cut.remove(_walk_around(unit, path_to(top, call.start), going))
    cut.unused_locals()
    cut.empty_conditions()
    yield from cut.edits()


def _walk_around(unit: Unit, path: tuple[Statement, ...], going: frozenset[bytes]) -> Statement:
    """The outermost loop that does nothing but walk pages, or the bare statement."""
    for statement in path:
        if statement.kind in LOOPS and _only_walks(unit, statement, going):
            return statement
    return path[-1]


def _only_walks(unit: Unit, loop: Statement, going: frozenset[bytes]) -> bool:
    calls = _CALL.findall(unit.code[loop.start : loop.end])
    return all(name in going | _WORDS or _translates(name) for name in calls)


def _translates(name: bytes) -> bool:
    return name in TRANSLATIONS or name.startswith((b"kvirt_to_", b"uvirt_to_"))


@dataclass(slots=True)
class _Cut:
    """What goes from one function."""

    unit: Unit
    top: Statement
    gone: list[Statement] = field(default_factory=list)
    declarations: list[Edit] = field(default_factory=list)

    def remove(self, statement: Statement) -> None:
        if statement not in self.gone:
            self.gone.append(statement)

    def _is_gone(self, at: int) -> bool:
        return any(s.start <= at < s.end for s in self.gone)

    def unused_locals(self) -> None:
        """Assignments to locals that nothing reads any more go, then their declarations."""
        touched = b" ".join(self.unit.code[s.start : s.end] for s in self.gone)
        for block in [s for s in walk(self.top) if s.kind == "block"]:
            for declaration in [s for s in block.inner if s.kind == "declaration"]:
                names = self._names(declaration)
                unused = {
                    name
                    for name in names
                    if re.search(rb"\b" + name + rb"\b", touched)
                    and self._only_assigned(name, block)
                }
                if unused:
                    self._undeclare(declaration, names, unused)

    def empty_conditions(self) -> None:
        """An ``if`` that governs nothing any more goes, where its condition only looks."""
        for statement in reversed([s for s in walk(self.top) if s.kind == "if"]):
            if len(statement.inner) == 1 and self._is_emptied(statement.inner[0]):
                condition = self.unit.code[statement.start + 2 : statement.inner[0].start]
                if re.search(rb"\w\s*\(|\+\+|--|(?<![=!<>])=(?!=)", condition) is None:
                    self.remove(statement)

    def _is_emptied(self, block: Statement) -> bool:
        return block.kind == "block" and all(self._is_gone(s.start) for s in block.inner)

    def _names(self, declaration: Statement) -> list[bytes]:
        text = self.unit.code[declaration.start : declaration.end].rstrip(b"; \t\n")
        found = (re.search(rb"(\w+)\s*(?:=.*)?\Z", part, re.DOTALL) for part in text.split(b","))
        return [name[1] for name in found if name]

    def _uses(self, name: bytes, scope: Statement) -> Iterator[Statement]:
        """The statements of *scope* that stay and have its *name* in them, declarations left out;
        an inner block may have a *name* of its own."""
        code = self.unit.code
        for found in re.finditer(rb"\b" + name + rb"\b", code[scope.start : scope.end]):
            at = scope.start + found.start()
            path = path_to(scope, at)
            if any(self._declares(inner, name) for inner in path[1:] if inner.kind == "block"):
                continue
            if not self._is_gone(at) and path[-1].kind != "declaration":
                yield path[-1]

    def _declares(self, block: Statement, name: bytes) -> bool:
        declared = (s for s in block.inner if s.kind == "declaration")
        return any(name in self._names(each) for each in declared)

    def _only_assigned(self, name: bytes, scope: Statement) -> bool:
        dead = []
        for statement in self._uses(name, scope):
            text = self.unit.code[statement.start : statement.end]
            if statement.kind != "expression" or not re.match(name + rb"\s*=[^=]", text):
                return False
            if not all(_translates(call) for call in _CALL.findall(text)):
                return False
            dead.append(statement)
        for statement in dead:
            self.remove(statement)
        return True

    def _undeclare(self, declaration: Statement, names: list[bytes], unused: set[bytes]) -> None:
        if set(names) <= unused:
            self.remove(declaration)
            return
        text = self.unit.source[declaration.start : declaration.end]
        for name in unused:
            text = re.sub(rb",\s*\**\s*" + name + rb"\b(?=\s*[,;])", b"", text)
            text = re.sub(rb"(\s)\**\s*" + name + rb"\b\s*,\s*", rb"\1", text)
        self.declarations.append(Edit(declaration.start, declaration.end, text))

    def edits(self) -> Iterator[Edit]:
        """Whole lines out; braces around a single statement that is left too."""
        yield from self.declarations
        source = self.unit.source
        for statement in self._outermost():
            begin, end = whole_lines(source, statement.start, statement.end)
            spoken_of = _SPOKEN_OF.search(source, self.top.start, begin)
            if spoken_of is not None:
                begin = spoken_of.start(1)
            above = source[:begin].rstrip(b" \t")
            apart = above.endswith((b"\n\n", b"{\n"))  # and blank lines below would be one too many
            if statement.kind == "declaration":
                apart = not self._declares_still()
            following = source.find(b"\n", end)
            if apart and following != -1 and not source[end:following].strip():
                end = following + 1
            yield Edit(begin, end, b"")
        for block in walk(self.top):
            if block.kind == "block" and block != self.top and self._is_single(block):
                yield from self._unbraced(block)

    def _unbraced(self, block: Statement) -> Iterator[Edit]:
        source = self.unit.source
        closing = whole_lines(source, block.end - 1, block.end)
        if source[closing[0] : closing[1]].strip() != b"}":
            return  # } else {
        begin, end = whole_lines(source, block.start, block.start + 1)
        if source[begin:end].strip() != b"{":
            begin = len(source[: block.start].rstrip(b" \t"))
            end = block.start + 1
        yield Edit(begin, end, b"")
        yield Edit(*closing, b"")

    def _outermost(self) -> list[Statement]:
        def is_inside(inner: Statement) -> bool:
            return any(
                outer is not inner and outer.start <= inner.start and inner.end <= outer.end
                for outer in self.gone
            )

        return [statement for statement in self.gone if not is_inside(statement)]

    def _declares_still(self) -> bool:
        declared = (s for s in self.top.inner if s.kind == "declaration")
        return not all(self._is_gone(s.start) for s in declared)

    def _is_single(self, block: Statement) -> bool:
        if self._is_gone(block.start) or not any(self._is_gone(s.start) for s in block.inner):
            return False
        left = [s for s in block.inner if not self._is_gone(s.start)]
        return len(left) == 1 and left[0].kind in ("expression", "return")
