"""The statements of one function, as a tree of values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from patchkit.csource.parse import parsed

if TYPE_CHECKING:
    from tree_sitter import Node

_KINDS = {
    "compound_statement": "block",
    "if_statement": "if",
    "for_statement": "for",
    "while_statement": "while",
    "do_statement": "do",
    "switch_statement": "switch",
    "case_statement": "case",
    "return_statement": "return",
    "expression_statement": "expression",
    "declaration": "declaration",
    "goto_statement": "goto",
    "break_statement": "break",
    "continue_statement": "continue",
    "labeled_statement": "label",
}
_DEEP = 150  # deeper nesting is no code that a person wrote; what is in it is not looked at
LOOPS = frozenset(("for", "while", "do"))


class Statement(NamedTuple):
    """A statement; offsets are bytes of the file. ``inner`` are the statements directly in it."""

    kind: str
    start: int
    end: int
    inner: tuple[Statement, ...] = ()


def statements(text: bytes, base: int) -> Statement | None:
    """The block of the function whose header begins *text*, at offset *base* of its file."""
    rest = list(parsed(text).root_node.children)
    while rest:
        node = rest.pop(0)
        if node.type == "function_definition":
            body = node.child_by_field_name("body")
            return _statement(body, base) if body is not None else None
        rest = [*node.children, *rest]
    return None


def _statement(node: Node, base: int, depth: int = 0) -> Statement:
    inner: tuple[Statement, ...] = ()
    if depth < _DEEP:
        inner = tuple(_statement(child, base, depth + 1) for child in _inner(node))
    kind = _KINDS.get(node.type, "other")
    return Statement(kind, base + node.start_byte, base + node.end_byte, inner)


def _inner(node: Node) -> Iterator[Node]:
    for child in node.named_children:
        if child.type in _KINDS or child.type.endswith("_statement"):
            yield child
        elif child.type in ("else_clause", "ERROR"):
            yield from _inner(child)


def path_to(top: Statement, at: int) -> tuple[Statement, ...]:
    """The statements around offset *at*, from *top* inwards."""
    found = [top]
    while True:
        below = next((s for s in found[-1].inner if s.start <= at < s.end), None)
        if below is None:
            return tuple(found)
        found.append(below)


def walk(top: Statement) -> Iterator[Statement]:
    """*top* and all statements in it, outer ones first."""
    yield top
    for inner in top.inner:
        yield from walk(inner)
