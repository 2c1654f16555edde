"""mem_map_reserve() → SetPageReserved(), and its undoing; aliases of either go.

Linux kernel commit a7fe32f7a9 ("don't use mem_map_reserve/mem_map_unreserve", in v2.5.69).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from patchkit.apis.rule import OldForm, Rule
from patchkit.csource.edit import Edit
from patchkit.csource.textcalls import text_calls
from patchkit.csource.unit import Unit

NAMES = {b"mem_map_reserve": b"SetPageReserved", b"mem_map_unreserve": b"ClearPageReserved"}
_ALIAS = re.compile(
    rb"^[ \t]*#[ \t]*define[ \t]+(\w+)\((\w+)\)[ \t]*(mem_map_(?:un)?reserve)\(\2\)[ \t]*\n",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class SetPageReserved:
    name: str = "set-page-reserved"
    title: str = "use SetPageReserved() and ClearPageReserved()"
    needles: tuple[bytes, ...] = tuple(NAMES)
    # (alias, the file that defines it) → the new name.
    aliases: Mapping[tuple[bytes, PurePosixPath], bytes] = field(default_factory=dict)

    def prepared(self, texts: Mapping[PurePosixPath, bytes]) -> Rule:
        aliases = {
            (found[1], path): NAMES[found[3]]
            for path, text in texts.items()
            for found in _ALIAS.finditer(text)
        }
        return replace(self, aliases=aliases, needles=(*NAMES, *(name for name, _ in aliases)))

    def old_forms(self, unit: Unit) -> Iterator[OldForm]:
        forms = [*self._defined(unit), *self._called(unit)]
        yield from sorted(forms)

    def _called(self, unit: Unit) -> Iterator[OldForm]:
        gone = [found.span() for found in _ALIAS.finditer(unit.source)]
        seen = {name: new for (name, at), new in self.aliases.items() if _sees(unit, at)}
        names = {**NAMES, **seen}
        for old, new in names.items():
            for call in text_calls(unit, old):
                if not any(start <= call.start < end for start, end in gone):
                    edit = Edit(call.start, call.start + len(old), new)
                    message = f"{old.decode()}() is another name for {new.decode()}()"
                    yield OldForm(call.start, message, (edit,))

    def _defined(self, unit: Unit) -> Iterator[OldForm]:
        for found in _ALIAS.finditer(unit.source):
            message = f"{found[1].decode('latin-1')}() is an alias that nothing needs"
            yield OldForm(found.start(1), message, (Edit(found.start(), found.end(), b""),))


def _sees(unit: Unit, header: PurePosixPath) -> bool:
    included = {PurePosixPath(include.path).name for include in unit.includes}
    return header == unit.path or header.name in included


rule = SetPageReserved()
