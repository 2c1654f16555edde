"""One function, or one initialiser, through tree-sitter: text → facts.

A piece is parsed by itself, its preprocessor lines blanked: an ``#ifdef`` in mid-expression or a
macro that the grammar can't read then costs one statement, where it could cost the whole file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from patchkit.csource.facts import Assignment, Body, Call, Local, Loop, Return, Slot
from patchkit.csource.parse import error_nodes, language, parsed

if TYPE_CHECKING:
    from tree_sitter import Node, Query

_BEFORE_COLON = re.compile(rb"(\w+)\s*:\s*\Z")
_QUERY = """
(call_expression arguments: (argument_list)) @call
(assignment_expression) @assignment
(init_declarator) @assignment
(return_statement) @return
(for_statement) @loop
(while_statement) @loop
(do_statement) @loop
(declaration) @declaration
"""


@cache
def _query() -> Query:
    import tree_sitter

    return tree_sitter.Query(language(), _QUERY)


def body_facts(text: bytes, base: int = 0) -> Body:
    """The facts of a function whose header begins *text*, at offset *base* of its file."""
    import tree_sitter

    root = parsed(text).root_node
    found = tree_sitter.QueryCursor(_query()).captures(root)
    calls = (_call(node, base) for node in found.get("call", ()))
    assignments = (_assignment(node, base) for node in found.get("assignment", ()))
    return Body(
        tuple(sorted((call for call in calls if call), key=_start)),
        tuple(sorted((made for made in assignments if made), key=_start)),
        tuple(sorted((_return(node, base) for node in found.get("return", ())), key=_start)),
        tuple(sorted((_loop(node, base) for node in found.get("loop", ())), key=_start)),
        tuple(local for node in found.get("declaration", ()) for local in _locals(node)),
        tuple((base + node.start_byte, base + node.end_byte) for node in error_nodes(root)),
    )


def _start(fact: Call | Assignment | Return | Loop) -> int:
    return fact.start


def _text(node: Node | None) -> bytes:
    return (node.text or b"").strip() if node is not None else b""


def _call(node: Node, base: int) -> Call | None:
    callee = node.child_by_field_name("function")
    arguments = node.child_by_field_name("arguments")
    if callee is None or arguments is None:
        return None
    through = None
    name = _text(callee)
    if callee.type == "field_expression":
        through = _text(callee.child_by_field_name("argument"))
        name = _text(callee.child_by_field_name("field"))
    elif callee.type != "identifier":
        return None
    texts = tuple(_text(child) for child in arguments.named_children)
    return Call(name, texts, through, base + node.start_byte, base + node.end_byte)


def _assignment(node: Node, base: int) -> Assignment | None:
    if node.type == "init_declarator":
        target = _declared(node.child_by_field_name("declarator"))
        value = node.child_by_field_name("value")
        operator = b"="
    else:
        target = _text(node.child_by_field_name("left"))
        value = node.child_by_field_name("right")
        operator = _text(node.child_by_field_name("operator"))
    if value is None:
        return None
    return Assignment(target, operator, _text(value), base + node.start_byte, base + node.end_byte)


def _return(node: Node, base: int) -> Return:
    value = node.named_children[0] if node.named_children else None
    return Return(_text(value), base + node.start_byte, base + node.end_byte)


def _loop(node: Node, base: int) -> Loop:
    repeated = node.child_by_field_name("body")
    body = repeated.start_byte if repeated is not None else node.end_byte
    return Loop(
        node.type.removesuffix("_statement"),
        _text(node.child_by_field_name("initializer")),
        _text(node.child_by_field_name("condition")),
        _text(node.child_by_field_name("update")),
        base + node.start_byte,
        base + body,
        base + node.end_byte,
    )


def _locals(node: Node) -> Iterator[Local]:
    kind = _text(node.child_by_field_name("type"))
    for declarator in node.children_by_field_name("declarator"):
        name = _declared(declarator)
        if name:
            yield Local(kind, name)


def _declared(node: Node | None) -> bytes:
    """The name inside a declarator's stars, brackets and parentheses."""
    while node is not None and node.type not in ("identifier", "field_identifier"):
        inner = node.child_by_field_name("declarator")
        if inner is None and node.type == "parenthesized_declarator" and node.named_children:
            inner = node.named_children[0]
        node = inner
    return _text(node)


def initialiser_slots(text: bytes, base: int = 0) -> tuple[Slot, ...]:
    """The values of an initialiser whose ``{`` begins *text*, at offset *base* of its file."""
    prefix = b"int x = "
    root = parsed(prefix + text).root_node
    lists = [root]
    while lists and lists[0].type != "initializer_list":
        lists = [*lists[0].named_children, *lists[1:]]
    if not lists:
        return ()
    slots = []
    for index, node in enumerate(lists[0].named_children):
        field, value = _slot(node)
        slots.append(Slot(field, index, value, base + node.start_byte - len(prefix)))
    return tuple(slots)


def _slot(node: Node) -> tuple[bytes | None, bytes]:
    if node.type != "initializer_pair":
        return None, _text(node)
    value = node.child_by_field_name("value")
    # OWNER_THIS_MODULE ioctl: x -- a macro that brings its own comma stands before the name.
    before = _text(node)[: value.start_byte - node.start_byte] if value is not None else b""
    named = _BEFORE_COLON.search(before)
    field = named[1] if named else _text(node.child_by_field_name("designator")).lstrip(b".")
    return field or None, _text(value)
