"""The names in a piece of C: those that it declares itself, and those it takes from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from patchkit.csource.lexical import lexed
from patchkit.csource.parse import parsed

if TYPE_CHECKING:
    from tree_sitter import Node

KEYWORDS = frozenset(
    b"auto break case char const continue default do double else enum extern float for goto if"
    b" inline int long register return short signed sizeof static struct switch typedef typeof"
    b" union unsigned void volatile while __asm__ asm __attribute__ __inline__ defined".split()
)
_MACRO_WORD = re.compile(
    rb"(?P<tag>(?:struct|union|enum)\s+)?(?<![\w.])(?P<name>[A-Za-z_]\w*)(?P<call>\s*\()?"
)
# The parser's types for names, and what a name of that type is used as.
_KINDS = {
    "identifier": "name",
    "field_identifier": "member",
    "type_identifier": "type",
    "statement_identifier": "label",
}
# Nodes whose field of this name holds the declared name.
_DECLARED_IN = frozenset(("declarator", "name"))
_DECLARING = frozenset(
    ("declaration", "init_declarator", "parameter_declaration", "field_declaration",
     "function_declarator", "function_definition", "pointer_declarator", "array_declarator",
     "parenthesized_declarator", "type_definition", "enumerator", "preproc_def",
     "preproc_function_def"),
)  # fmt: skip
_TAGGED = frozenset(("struct_specifier", "union_specifier", "enum_specifier"))


class Word(NamedTuple):
    """A name at a line, from 1. ``kind`` is call, type, member, or name (of anything else);
    ``declared`` where the piece itself says what it is."""

    name: bytes
    kind: str
    declared: bool
    line: int


def words(source: bytes) -> tuple[Word, ...]:
    """Every name in *source*, a C file or a piece of one; labels are left out."""
    return tuple(_words(parsed(source).root_node))


def _words(root: Node) -> Iterator[Word]:
    rest: list[tuple[Node, bool]] = [(root, False)]
    while rest:
        node, declared = rest.pop()
        line = node.start_point.row + 1
        kind = _KINDS.get(node.type)
        if kind is not None and kind != "label" and node.text:
            yield Word(node.text, _kind(node, kind), declared, line)
        elif node.type == "preproc_arg" and node.text:
            yield from _in_macro(node.text, line)
        children = [
            (child, _declares(node, node.field_name_for_child(index), child, declared))
            for index, child in enumerate(node.children)
        ]
        rest += reversed(children)


def _in_macro(text: bytes, line: int) -> Iterator[Word]:
    """The parser leaves a macro's body as it is."""
    for found in _MACRO_WORD.finditer(lexed(text).code):
        kind = "type" if found["tag"] else "call" if found["call"] else "name"
        if found["name"] not in KEYWORDS:
            below = text.count(b"\n", 0, found.start())
            yield Word(found["name"], kind, False, line + below)


def _declares(node: Node, field: str | None, child: Node, declared: bool) -> bool:
    """Is a name at *child* one that *node* declares?"""
    if node.type == "preproc_params":
        return True
    if field == "name" and node.type in _TAGGED:
        return node.child_by_field_name("body") is not None
    if node.type == "parenthesized_declarator":
        return declared
    return field in _DECLARED_IN and node.type in _DECLARING


def _kind(node: Node, kind: str) -> str:
    parent = node.parent
    if parent is not None and parent.type == "call_expression" and kind == "name":
        called = parent.child_by_field_name("function")
        return "call" if called == node else kind
    return kind
