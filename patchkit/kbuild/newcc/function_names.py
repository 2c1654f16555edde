"""``"a" __FUNCTION__ "b"``: the name was a literal once and is a variable now.

In a function it becomes the function's name; in a macro ``%s`` and an argument, counted in behind
the conversions that stand before it in the format.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchkit.csource.edit import Edit
from patchkit.kbuild.newcc.rule import Rule, TreeFacts
from patchkit.kbuild.newcc.source import Source

_NAME = re.compile(rb"\b__(?:PRETTY_)?FUNCTION__\b")
_HEADER = re.compile(
    rb"^(?=[A-Za-z_])[^\n;{}()#=]*?(\w+)[ \t]*\((?:[^(){};]|\([^(){};]*\))*\)\s*(?:__\w+\s*)?\{",
    re.MULTILINE,
)
_LITERAL = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_CONVERSION = re.compile(rb"%(?!%)|%%")
_CONTROL = frozenset((b"if", b"for", b"while", b"switch"))
# what may stand before or after the name where it is an expression of its own
_BEFORE, _AFTER = b"(,=?:{&|!<>+-[", b"),;:?}]=!&|"


def find(source: Source, _: TreeFacts) -> Iterator[Edit]:
    headers = [found for found in _HEADER.finditer(source.code) if found[1] not in _CONTROL]
    for found in _NAME.finditer(source.code):
        if source.macro_at(found.start()):
            if _pasted(source.code, found):
                yield from _as_argument(source, found)
        elif _pasted(source.code, found) or _opens_call(source.code, found):
            inside = [header[1] for header in headers if header.start() < found.start()]
            if inside:
                yield Edit(*found.span(), b'"' + inside[-1] + b'"')


def _pasted(code: bytes, found: re.Match[bytes]) -> bool:
    before = code[: found.start()].rstrip(b" \t\n\\")[-200:]
    after = code[found.end() : found.end() + 200].lstrip(b" \t\n\\")[:1]
    alone = before[-1:] in _BEFORE or before.endswith(b"return")
    return not (alone and after in _AFTER)


def _opens_call(code: bytes, found: re.Match[bytes]) -> bool:
    """Is the name a call's first argument? A macro may paste it where that can't be seen."""
    return code[: found.start()].rstrip(b" \t\n")[-1:] == b"("


def _as_argument(source: Source, found: re.Match[bytes]) -> Iterator[Edit]:
    """In a macro: the call around it gets the name as an argument."""
    call = _call_around(source.code, found.start())
    closing = None if call is None else source.closing(call)
    if call is None or closing is None:
        return
    arguments = list(source.split(call + 1, closing, 0x2C))
    index = next(n for n, (start, end) in enumerate(arguments) if start <= found.start() < end)
    literals = b"".join(_LITERAL.findall(source.text[arguments[index][0] : found.start()]))
    index += sum(at[0] == b"%" for at in _CONVERSION.finditer(literals))
    if index >= len(arguments):
        return
    end = arguments[index][1]
    while source.code[end - 1] in b" \t\n\\":
        end -= 1
    yield Edit(*found.span(), b'"%s"')
    yield Edit(end, end, b", __FUNCTION__")


def _call_around(code: bytes, offset: int) -> int | None:
    depth = 0
    for at in range(offset - 1, max(-1, offset - 2000), -1):
        if code[at] == 0x29:
            depth += 1
        elif code[at] == 0x28:
            if depth == 0:
                return at
            depth -= 1
    return None


RULE = Rule("function-names", "__FUNCTION__ is no literal", re.compile(rb"FUNCTION__"), find)
