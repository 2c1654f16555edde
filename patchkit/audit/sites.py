"""File → reserve sites: every token of a primitive, and every call of a macro around one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from patchkit.apis import reserved_page as api
from patchkit.audit.site import Alias, FileSites, Role, Site
from patchkit.csource.conditions import Known, Liveness, regions
from patchkit.csource.functions import functions
from patchkit.csource.lexical import Directive, Lexed, lexed
from patchkit.csource.parse import Unparsed, parsed, unparsed

# The longest .c or .h of v2.6.9 with a token has 170 kB (ia64 perfmon.c).
_PARSED_AT_MOST = 2_000_000
_MACRO_NAME = re.compile(rb"\s*(\w+)")
# The whole body of an alias is one operation: (void) set_bit(...), mem_map_reserve(page);
_NESTED = rb"\([^()]*(?:\([^()]*(?:\([^()]*(?:\([^()]*\)[^()]*)*\)[^()]*)*\)[^()]*)*\)"
_ALIAS = re.compile(
    rb"\s*(\w+)\([^)]*\)[\s\\]*(?:\(void\)\s*)?\(*\s*\w+\s*" + _NESTED + rb"[\s);]*\Z"
)
_DEFINED = re.compile(rb"#[ \t]*define[ \t]+\w+\((?:[^\\\n]++|\\\r?\n|\\)*+")
_STATEMENT_EDGE = re.compile(rb"[;{}]")
_CALLED = re.compile(rb"\s*\(")
_CALL_BEFORE = re.compile(rb"(\w+)\s*\(\s*(?:\(\s*)*\Z")
_ASSIGNED = re.compile(rb"(\|=|&=|\^=|(?<![=!<>+*/%-])=(?!=))")

Aliases = Mapping[bytes, Alias]


def is_candidate(source: bytes) -> bool:
    """Can *source* have a site of its own? Cheap: bytes only."""
    return any(needle in source for needle in api.NEEDLES)


def aliases(file: PurePosixPath, source: bytes) -> tuple[Alias, ...]:
    """The macros of *source* that are another name for an operation on the bit."""
    if not any(api.TOKEN.search(found[0]) for found in _DEFINED.finditer(source)):
        return ()
    text = lexed(source)
    return tuple(
        Alias(name.decode("latin-1"), primitive.decode(), role, file)
        for directive in text.directives
        if directive.keyword == b"define"
        for name, primitive, role in _alias(directive, text)
    )


def _alias(directive: Directive, text: Lexed) -> Iterator[tuple[bytes, bytes, Role]]:
    shape = _ALIAS.match(directive.text)
    token = api.TOKEN.search(text.code, directive.start, directive.end)
    if shape is None or token is None or shape[1] in api.PRIMITIVES:
        return
    role = _operation(text.code, token.start(), token[0], begin=directive.start)
    if role is not Role.MENTION:
        yield shape[1], token[0], role


def file_sites(file: PurePosixPath, source: bytes, known: Known, named: Aliases) -> FileSites:
    """The sites of *source*: tokens, and calls of the aliases *named* in it.

    *known* are macros whose values are known; by them a branch is dead.
    """
    found = tuple(sorted(_Reader(file, lexed(source), known).sites(named)))
    return FileSites(file, found, _unparsed(source) if found else ())


def _unparsed(source: bytes) -> tuple[Unparsed, ...]:
    if len(source) > _PARSED_AT_MOST:
        return (Unparsed(1, source.count(b"\n") + 1),)
    return unparsed(parsed(source))


class _Reader:
    """What one file is asked, token by token."""

    def __init__(self, file: PurePosixPath, source: Lexed, known: Known) -> None:
        self._file = file
        self._source = source
        branches = regions(source, known)
        self._liveness = Liveness(branches)
        self._functions = functions(source, branches)

    def sites(self, named: Aliases) -> Iterator[Site]:
        for found in api.TOKEN.finditer(self._source.source):
            yield self._site(found.start(), found[0].decode(), self._role(found.start(), found[0]))
        if named:
            call = re.compile(rb"\b(" + b"|".join(map(re.escape, named)) + rb")\s*\(")
            for found in call.finditer(self._source.plain):
                alias = named[found[1]]
                yield self._site(found.start(), alias.primitive, alias.role, alias.name)

    def _site(self, at: int, primitive: str, role: Role, alias: str | None = None) -> Site:
        source = self._source
        opaque = source.in_comment(at) or source.directive_at(at) is not None
        function = None if opaque else self._functions.at(at)
        return Site(
            self._file,
            source.line(at),
            source.column(at),
            primitive,
            function.name.decode("latin-1") if function else None,
            role,
            not (source.in_comment(at) or self._liveness.dead(at)),
            alias,
        )

    def _role(self, at: int, token: bytes) -> Role:
        code = self._source.code
        if code[at : at + len(token)] != token:
            return Role.MENTION  # a comment or a string
        directive = self._source.directive_at(at)
        if directive is None:
            function = self._functions.at(at)
            own = function is not None and function.name in api.PRIMITIVES
            return Role.DEFINE if own else _operation(code, at, token)
        named = _MACRO_NAME.match(directive.text)
        if directive.keyword != b"define" or named is None:
            return Role.MENTION  # #ifdef, #undef
        if named[1] in api.PRIMITIVES:
            return Role.DEFINE
        return _operation(code, at, token, begin=directive.start)


def _operation(code: bytes, at: int, token: bytes, begin: int = 0) -> Role:
    """What the statement around *at* does to the bit."""
    if token in api.RESERVE | api.UNRESERVE:
        if _CALLED.match(code, at + len(token)) is None:
            return Role.MENTION  # its address, or an export
        return Role.RESERVE if token in api.RESERVE else Role.UNRESERVE
    before = code[_statement_start(code, at, begin) : at]
    call = _CALL_BEFORE.search(before)
    if call and call[1] in api.SETTERS:
        return Role.RESERVE
    if call and call[1] in api.CLEARERS:
        return Role.UNRESERVE
    assignments = _ASSIGNED.findall(before)
    if not assignments:
        return Role.MENTION
    return Role.UNRESERVE if assignments[-1] == b"&=" else Role.RESERVE


def _statement_start(code: bytes, at: int, begin: int) -> int:
    edges = _STATEMENT_EDGE.finditer(code, max(begin, at - 2000), at)
    return max((edge.end() for edge in edges), default=begin)
