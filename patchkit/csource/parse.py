"""The door to tree-sitter: bytes → syntax tree, and what of it the grammar could not read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Language, Node, Parser, Tree


@dataclass(frozen=True, slots=True)
class Unparsed:
    """Lines, from 1, both included, that the grammar could not make sense of."""

    line: int
    end_line: int


@cache
def language() -> Language:
    """The grammar of C."""
    import tree_sitter
    import tree_sitter_c

    return tree_sitter.Language(tree_sitter_c.language())


@cache
def _parser() -> Parser:
    import tree_sitter

    return tree_sitter.Parser(language())


def parsed(source: bytes) -> Tree:
    """The syntax tree of *source*; there always is one, with ERROR nodes where need be."""
    return _parser().parse(source)


def error_nodes(root: Node) -> Iterator[Node]:
    """The outermost ERROR and MISSING nodes below *root*, in order."""
    rest = [root]
    while rest:
        node = rest.pop()
        if node.is_error or node.is_missing:
            yield node
        elif node.has_error:
            rest.extend(reversed(node.children))


def unparsed(tree: Tree) -> tuple[Unparsed, ...]:
    """The spans of *tree* that were not understood, joined where they share a line."""
    spans: list[Unparsed] = []
    for node in error_nodes(tree.root_node):
        line, end_line = node.start_point.row + 1, node.end_point.row + 1
        if node.end_point.column == 0 and end_line > line:
            end_line -= 1
        if spans and line <= spans[-1].end_line:
            spans[-1] = Unparsed(spans[-1].line, max(end_line, spans[-1].end_line))
        else:
            spans.append(Unparsed(line, end_line))
    return tuple(spans)
