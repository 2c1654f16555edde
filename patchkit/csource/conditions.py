"""Which branches of ``#if`` can be compiled at all, as far as the text alone can tell."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass

from patchkit.csource.lexical import Directive, Lexed

Known = Mapping[bytes, int]

_TOKEN = re.compile(
    rb"\s*(?:(0[xX][0-9a-fA-F]+|\d+)[uUlL]*|(\w+)|(&&|\|\||[=!<>]=|<<|>>|[-+*/%<>!()&|^~,?:]))"
)


@dataclass(frozen=True, slots=True)
class Region:
    """The lines between two conditionals of one ``#if``.

    ``start`` and ``end`` are byte offsets; ``holds`` is what the condition is known to be, the
    branches before it counted, or None.
    """

    start: int
    end: int
    condition: str
    holds: bool | None


def regions(source: Lexed, known: Known) -> tuple[Region, ...]:
    """Every branch of every conditional, in the order of their starts.

    *known* gives values to macros (``LINUX_VERSION_CODE``); any other name is unknown. A
    conditional that is never closed ends with the file.
    """
    found: list[Region] = []
    stack: list[_Branch] = []
    for directive in source.directives:
        match directive.keyword:
            case b"if" | b"ifdef" | b"ifndef":
                stack.append(_opened(directive, known))
            case b"elif" | b"else" if stack:
                branch = stack.pop()
                found.append(branch.closed(directive.start))
                stack.append(branch.next(directive, known))
            case b"endif" if stack:
                found.append(stack.pop().closed(directive.start))
    found.extend(branch.closed(len(source.source)) for branch in stack)
    return tuple(sorted(found, key=lambda region: (region.start, -region.end)))


class Liveness:
    """Answers which offsets lie in a branch that is never compiled."""

    def __init__(self, branches: tuple[Region, ...]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for region in branches:  # by start: one inside another adds nothing
            if region.holds is False and (not self._ends or region.start >= self._ends[-1]):
                self._starts.append(region.start)
                self._ends.append(region.end)

    def dead(self, offset: int) -> bool:
        return self.dead_since(offset) is not None

    def dead_since(self, offset: int) -> int | None:
        """Where the dead branch begins that *offset* lies in; None where it lies in none."""
        index = bisect_right(self._starts, offset) - 1
        return self._starts[index] if index >= 0 and offset < self._ends[index] else None


@dataclass(frozen=True, slots=True)
class _Branch:
    start: int
    condition: str
    holds: bool | None
    taken: bool | None  # has this or an earlier branch of the same #if been taken?

    def closed(self, end: int) -> Region:
        return Region(self.start, end, self.condition, self.holds)

    def next(self, directive: Directive, known: Known) -> _Branch:
        value: bool | None = True
        text = "else"
        if directive.keyword == b"elif":
            value = evaluated(directive.text, known)
            text = "elif " + _spelled(directive.text)
        holds = _both(_negated(self.taken), value)
        return _Branch(directive.end, text, holds, _either(self.taken, holds))


def _opened(directive: Directive, known: Known) -> _Branch:
    text = f"{directive.keyword.decode()} {_spelled(directive.text)}"
    if directive.keyword == b"if":
        holds = evaluated(directive.text, known)
    else:
        holds = True if directive.text.strip() in known else None
        if directive.keyword == b"ifndef":
            holds = _negated(holds)
    return _Branch(directive.end, text, holds, holds)


def _spelled(text: bytes) -> str:
    return b" ".join(text.replace(b"\\\n", b" ").split()).decode("latin-1")


def _negated(value: bool | None) -> bool | None:
    return None if value is None else not value


def _both(one: bool | None, other: bool | None) -> bool | None:
    if one is False or other is False:
        return False
    return None if one is None or other is None else True


def _either(one: bool | None, other: bool | None) -> bool | None:
    return _negated(_both(_negated(one), _negated(other)))


def evaluated(expression: bytes, known: Known) -> bool | None:
    """The truth of a ``#if`` expression; None where it depends on a name not in *known*."""
    tokens = _tokens(expression.replace(b"\\\n", b"  "))
    if tokens is None:
        return None
    reader = _Reader(tokens, known)
    try:
        value = reader.binary(0)
    except (_NotUnderstoodError, RecursionError):
        return None
    return None if value is None or reader.rest else bool(value)


def _tokens(text: bytes) -> list[bytes] | None:
    tokens: list[bytes] = []
    at = 0
    text = text.strip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            return None
        tokens.append(found[1] or found[2] or found[3])
        at = found.end()
    return tokens


class _NotUnderstoodError(Exception):
    pass


_LEVELS: dict[bytes, int] = {
    b"||": 1, b"&&": 2, b"|": 3, b"^": 4, b"&": 5, b"==": 6, b"!=": 6, b"<": 7, b">": 7,
    b"<=": 7, b">=": 7, b"<<": 8, b">>": 8, b"+": 9, b"-": 9, b"*": 10,
}  # fmt: skip


class _Reader:
    """A precedence reader; values are integers, or None for unknown."""

    def __init__(self, tokens: list[bytes], known: Known) -> None:
        self.rest = tokens[::-1]
        self._known = known

    def _take(self) -> bytes:
        if not self.rest:
            raise _NotUnderstoodError
        return self.rest.pop()

    def binary(self, level: int) -> int | None:
        left = self._unary()
        while self.rest and _LEVELS.get(self.rest[-1], 0) > level:
            operator = self.rest.pop()
            right = self.binary(_LEVELS[operator])
            left = _combined(operator, left, right)
        return left

    def _unary(self) -> int | None:
        token = self._take()
        if token == b"!":
            value = self._unary()
            return None if value is None else int(not value)
        if token in (b"-", b"+", b"~"):
            value = self._unary()
            return None if value is None else {b"-": -value, b"+": value, b"~": ~value}[token]
        if token == b"(":
            value = self.binary(0)
            if self._take() != b")":
                raise _NotUnderstoodError
            return value
        if token[:1].isdigit():
            return int(token, 16) if token[:2] in (b"0x", b"0X") else int(token)
        if token == b"defined":
            return self._defined()
        return self._named(token)

    def _defined(self) -> int | None:
        name = self._take()
        if name == b"(":
            name = self._take()
            if self._take() != b")":
                raise _NotUnderstoodError
        return 1 if name in self._known else None

    def _named(self, name: bytes) -> int | None:
        if not (name[:1].isalpha() or name[:1] == b"_"):
            raise _NotUnderstoodError
        if not self.rest or self.rest[-1] != b"(":
            return self._known.get(name)
        self.rest.pop()
        arguments = [self.binary(0)]
        while (token := self._take()) == b",":
            arguments.append(self.binary(0))
        if token != b")":
            raise _NotUnderstoodError
        if name in (b"KERNEL_VERSION", b"LinuxVersionCode") and len(arguments) == 3:
            major, minor, patch = arguments
            if major is not None and minor is not None and patch is not None:
                return (major << 16) + (minor << 8) + patch
        return None


def _combined(operator: bytes, left: int | None, right: int | None) -> int | None:
    if operator == b"&&":
        both = _both(_truth(left), _truth(right))
        return None if both is None else int(both)
    if operator == b"||":
        either = _either(_truth(left), _truth(right))
        return None if either is None else int(either)
    if left is None or right is None:
        return None
    if operator in (b"<<", b">>") and not 0 <= right < 64:
        raise _NotUnderstoodError
    return {
        b"|": lambda: left | right,
        b"^": lambda: left ^ right,
        b"&": lambda: left & right,
        b"==": lambda: int(left == right),
        b"!=": lambda: int(left != right),
        b"<": lambda: int(left < right),
        b">": lambda: int(left > right),
        b"<=": lambda: int(left <= right),
        b">=": lambda: int(left >= right),
        b"<<": lambda: left << right,
        b">>": lambda: left >> right,
        b"+": lambda: left + right,
        b"-": lambda: left - right,
        b"*": lambda: left * right,
    }[operator]()


def _truth(value: int | None) -> bool | None:
    return None if value is None else bool(value)
