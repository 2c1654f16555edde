"""Which names an expression takes its value from.

The question is where an address may come from, so ``buf + off`` has both names, a comparison has
none, and an index is no part of the value.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_TOKEN = re.compile(
    rb"[A-Za-z_]\w*|\d[\w.]*|->|<<=?|>>=?|[-+*/%&|^]=|&&|\|\||[=!<>]=|\+\+|--|[^\s\w]"
)
_BOOLEAN = frozenset((b"==", b"!=", b"<", b">", b"<=", b">=", b"&&", b"||", b"!"))
_TYPE_WORDS = frozenset(
    (b"void", b"char", b"short", b"int", b"long", b"unsigned", b"signed", b"float", b"double",
     b"struct", b"union", b"enum", b"const", b"volatile")
)  # fmt: skip
_SUMS = frozenset((b"+", b"-", b"|", b"^", b"&"))
_OPENING = {b"(": b")", b"[": b"]", b"{": b"}"}
_NO_VALUE = frozenset((b"sizeof", b"__typeof__", b"typeof", b"__alignof__"))
_WRITTEN_AT_MOST = 20_000


class Value(NamedTuple):
    """A name that a value is taken from.

    ``kind`` is ``name``, ``member`` (the last member of ``a->b.c``; ``root`` is then ``a``) or
    ``call``, with its ``arguments`` as text. ``offset`` is True for what is added to the first.
    ``depth`` is how often it is indexed: 1 for ``a->pages[i]``, 0 for ``&a->pages[i]``, which
    points into what ``a->pages`` points to.
    """

    kind: str
    name: bytes
    root: bytes = b""
    arguments: tuple[bytes, ...] = ()
    offset: bool = False
    depth: int = 0


def tokens(text: bytes) -> list[bytes]:
    """The C tokens of *text*, which holds no comments or strings."""
    return _TOKEN.findall(text)


def values(text: bytes) -> tuple[Value, ...]:
    """The names that the value of the expression *text* is taken from, in order; of one that no
    person wrote, none."""
    found: list[Value] = []
    if len(text) > _WRITTEN_AT_MOST:
        return ()
    _collect(tokens(text), found, depth=0)
    return tuple(dict.fromkeys(found))


def arguments(text: bytes) -> tuple[bytes, ...]:
    """The comma-separated parts of *text*, brackets of all kinds respected."""
    return tuple(b" ".join(part) for part in _split(tokens(text), b","))


def _split(line: list[bytes], mark: bytes) -> list[list[bytes]]:
    parts: list[list[bytes]] = [[]]
    depth = 0
    for token in line:
        if token in _OPENING:
            depth += 1
        elif token in (b")", b"]", b"}"):
            depth -= 1
        if token == mark and depth == 0:
            parts.append([])
        else:
            parts[-1].append(token)
    return parts if parts != [[]] else []


def _collect(line: list[bytes], found: list[Value], depth: int) -> None:
    if depth > 60:
        return
    parts = _split(line, b",")
    if len(parts) > 1:  # the comma operator, or a macro's arguments: the last is the value
        line = parts[-1]
    line = (_split(line, b"=") or [[]])[-1]
    question = _split(line, b"?")
    if len(question) > 1:
        for branch in _split([token for part in question[1:] for token in part], b":"):
            _collect(branch, found, depth + 1)
        return
    if any(token in _BOOLEAN for token in _top(line)):
        return
    terms: list[Value] = []
    for sign, term in _terms(line):
        inner: list[Value] = []
        at = 0
        while at < len(term):
            at = _operand(term, at, inner, depth)
        if sign == b"-" and any(not value.name.isupper() for value in inner):
            return  # the distance of two addresses is none
        if sign in (b"|", b"^") and terms:
            continue  # what is or-ed in is flags
        terms.extend(value._replace(offset=True) if terms else value for value in inner)
    found.extend(terms)


def _terms(line: list[bytes]) -> list[tuple[bytes, list[bytes]]]:
    """The summands of *line* with their signs; products and what a ``*`` points to are left out."""
    terms: list[tuple[bytes, list[bytes]]] = []
    sign, level, product = b"+", 0, False
    term: list[bytes] = []
    for token in line:
        if token in _OPENING:
            level += 1
        elif token in (b")", b"]", b"}"):
            level -= 1
        elif level == 0 and token in (b"*", b"/", b"%"):
            product = True
        elif level == 0 and token in _SUMS and term:
            if not product:
                terms.append((sign, term))
            sign, term, product = token, [], False
            continue
        term.append(token)
    return terms if product else [*terms, (sign, term)]


def _top(line: list[bytes]) -> list[bytes]:
    """The tokens outside all brackets."""
    level, top = 0, []
    for token in line:
        if token in _OPENING:
            level += 1
        elif token in (b")", b"]", b"}"):
            level -= 1
        elif level == 0:
            top.append(token)
    return top


def _operand(line: list[bytes], at: int, found: list[Value], depth: int) -> int:
    token = line[at]
    if token == b"&":
        inner: list[Value] = []
        end = _operand(line, at + 1, inner, depth) if at + 1 < len(line) else at + 1
        found.extend(value._replace(depth=max(0, value.depth - 1)) for value in inner)
        return end
    if token == b"(":
        return _group(line, at, found, depth)
    if not (token[:1].isalpha() or token[:1] == b"_") or token in _TYPE_WORDS:
        return at + 1
    if token in _NO_VALUE:
        return _closing(line, at + 1) + 1 if line[at + 1 : at + 2] == [b"("] else len(line)
    return _postfix(line, at + 1, Value("name", token), found)


def _group(line: list[bytes], at: int, found: list[Value], depth: int) -> int:
    end = _closing(line, at)
    inside = line[at + 1 : end]
    if _is_cast(inside, line[end + 1 : end + 2]):
        return end + 1
    inner: list[Value] = []
    if inside[:1] == [b"{"]:  # a statement expression: its last statement is the value
        statements = [part for part in _split(inside[1:-1], b";") if part]
        _collect(statements[-1] if statements else [], inner, depth + 1)
    else:
        _collect(inside, inner, depth + 1)
    at, indexed = _indices(line, end + 1)
    if line[at : at + 1] in ([b"->"], [b"."]):
        root = inner[0].root or inner[0].name if inner else b""
        return _postfix(line, at, Value("name", root), found)
    found.extend(value._replace(depth=value.depth + indexed) for value in inner)
    return at


def _postfix(line: list[bytes], at: int, value: Value, found: list[Value]) -> int:
    root = value.name
    while at < len(line):
        if line[at] in (b"->", b".") and at + 1 < len(line):
            value = Value("member", line[at + 1], root)
            at += 2
        elif line[at] == b"[":
            at, indexed = _indices(line, at)
            value = value._replace(depth=value.depth + indexed)
        elif line[at] == b"(":
            end = _closing(line, at)
            parts = tuple(b" ".join(part) for part in _split(line[at + 1 : end], b","))
            value = Value("call", value.name, value.root, parts)
            at = end + 1
        else:
            break
    found.append(value)
    return at


def _indices(line: list[bytes], at: int) -> tuple[int, int]:
    """Where the ``[i][j]`` that begin at *at* end, and how many they are."""
    count = 0
    while at < len(line) and line[at] == b"[":
        at, count = _closing(line, at) + 1, count + 1
    return at, count


def _closing(line: list[bytes], at: int) -> int:
    level = 0
    for index in range(at, len(line)):
        if line[index] in _OPENING:
            level += 1
        elif line[index] in (b")", b"]", b"}"):
            level -= 1
            if level == 0:
                return index
    return len(line)


def _is_cast(inside: list[bytes], after: list[bytes]) -> bool:
    if not inside or not after:
        return False
    if any(token in _TYPE_WORDS for token in inside):
        return not any(token == b"(" for token in inside)
    words_and_stars = all(
        token == b"*" or token[:1].isalpha() or token[:1] == b"_" for token in inside
    )
    if not words_and_stars:
        return False
    if inside[-1] == b"*":
        return True
    follows = after[0]
    return len(inside) == 1 and (follows == b"(" or follows[:1].isalpha() or follows[:1] == b"_")
