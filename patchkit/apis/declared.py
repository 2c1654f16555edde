"""A rule written as TOML: plain renames of calls, and rewrites of their arguments.

::

    name = "my-rule"
    title = "use new_call()"
    not_in = ["tools"]                        # folders that have no new_call(): looked at by hand

    [[call]]
    from = "old_call"
    to = "new_call({0}, {1} >> PAGE_SHIFT)"   # or only the name, and the arguments stay
    arguments = 2                             # only calls with so many
    result = "unused"                         # or "any", the default
    message = "old_call() is gone"
    otherwise = "old_call(), but its result is used"
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from patchkit.apis.rule import OldForm, Rule
from patchkit.csource.edit import Edit
from patchkit.csource.textcalls import TextCall, is_result_used, text_calls
from patchkit.csource.unit import Unit
from patchkit.errors import InputError

_NAME = re.compile(r"[A-Za-z_]\w*")
_PLACE = re.compile(r"\{(\d+)\}")
_TOP_KEYS = frozenset(("name", "title", "not_in", "call"))
_KEYS = frozenset(("from", "to", "arguments", "result", "message", "otherwise"))


@dataclass(frozen=True, slots=True)
class CallRewrite:
    """One ``[[call]]`` of a declared rule."""

    old: str
    new: str
    count: int | None
    unused_only: bool
    message: str
    otherwise: str


@dataclass(frozen=True, slots=True)
class DeclaredRule:
    """A rule out of a TOML file."""

    name: str
    title: str
    calls: tuple[CallRewrite, ...]
    not_in: tuple[PurePosixPath, ...] = ()

    @property
    def needles(self) -> tuple[bytes, ...]:
        return tuple(call.old.encode() for call in self.calls)

    def prepared(self, texts: Mapping[PurePosixPath, bytes]) -> Rule:
        return self

    def old_forms(self, unit: Unit) -> Iterator[OldForm]:
        found = []
        for rewrite in self.calls:
            for call in text_calls(unit, rewrite.old.encode()):
                if rewrite.count is None or len(call.arguments) == rewrite.count:
                    found.append(self._form(unit, rewrite, call))
        yield from sorted(found)

    def _form(self, unit: Unit, rewrite: CallRewrite, call: TextCall) -> OldForm:
        for folder in self.not_in:
            if unit.path.is_relative_to(folder):
                return OldForm(call.start, f"{rewrite.old}() is old, but {folder}/ is kept apart")
        return _form(unit, rewrite, call)


def _form(unit: Unit, rewrite: CallRewrite, call: TextCall) -> OldForm:
    if rewrite.unused_only and is_result_used(unit, call):
        return OldForm(call.start, rewrite.otherwise)
    if _NAME.fullmatch(rewrite.new):
        edit = Edit(call.start, call.start + len(call.name), rewrite.new.encode())
        return OldForm(call.start, rewrite.message, (edit,))
    given = [unit.source[start:end] for start, end in call.arguments]
    wanted = [int(place) for place in _PLACE.findall(rewrite.new)]
    if any(place >= len(given) for place in wanted):
        return OldForm(call.start, f"{rewrite.message}; it has too few arguments to rewrite")
    text = re.sub(rb"\{(\d+)\}", lambda place: given[int(place[1])], rewrite.new.encode("utf-8"))
    return OldForm(call.start, rewrite.message, (Edit(call.start, call.end, text),))


def declared_rule(text: bytes, *, source: str) -> DeclaredRule:
    """The rule that the TOML *text* declares; *source* is for errors.

    Raises:
        InputError: it is no TOML, or a key is missing, unknown or of a wrong kind.
    """
    try:
        told = tomllib.loads(text.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{source}: not TOML: {error}") from error
    if unknown := sorted(set(told) - _TOP_KEYS):
        raise InputError(f"{source}: a rule knows no {unknown[0]}")
    name, title = (_string(told, key, source) for key in ("name", "title"))
    calls = told.get("call")
    if not isinstance(calls, list) or not calls:
        raise InputError(f"{source}: a rule needs at least one [[call]]")
    not_in = told.get("not_in", [])
    if not isinstance(not_in, list) or not all(isinstance(each, str) for each in not_in):
        raise InputError(f"{source}: not_in must be a list of folders")
    rewrites = tuple(_rewrite(call, source) for call in calls)
    return DeclaredRule(name, title, rewrites, tuple(map(PurePosixPath, not_in)))


def _rewrite(told: Any, source: str) -> CallRewrite:
    unknown = sorted(set(told) - _KEYS) if isinstance(told, dict) else ["call"]
    if unknown:
        raise InputError(
            f"{source}: [[call]] knows no {unknown[0]}; it has {', '.join(sorted(_KEYS))}"
        )
    old, new = _string(told, "from", source), _string(told, "to", source)
    if not _NAME.fullmatch(old):
        raise InputError(f"{source}: from = {old!r} is not a function's name")
    count = told.get("arguments")
    if count is not None and (not isinstance(count, int) or count < 0):
        raise InputError(f"{source}: arguments must be a number")
    for place in map(int, _PLACE.findall(new)):
        if count is not None and place >= count:
            raise InputError(f"{source}: {{{place}}} in to, but arguments = {count}")
    result = told.get("result", "any")
    if result not in ("any", "unused"):
        raise InputError(f'{source}: result must be "any" or "unused"')
    message = str(told.get("message", f"{old}() is old; use {new}"))
    otherwise = str(told.get("otherwise", f"{message}, but its result is used here"))
    return CallRewrite(old, new, count, result == "unused", message, otherwise)


def _string(told: Mapping[str, Any], key: str, source: str) -> str:
    value = told.get(key)
    if not isinstance(value, str) or not value:
        raise InputError(f'{source}: {key} = "..." is missing')
    return value
