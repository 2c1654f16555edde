"""Build output → errors and warnings with file, line and first cause."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import NamedTuple


class Diagnostic(NamedTuple):
    """One complaint of a compiler, an assembler, a linker or make.

    ``path`` is relative to the tree where it is in the tree, ``line`` 0 where none was said.
    """

    kind: str
    path: str
    line: int
    text: str


_ENTERING = re.compile(r"make(?:\[\d+\])?: Entering directory [`'](.*)'")
_LEAVING = re.compile(r"make(?:\[\d+\])?: Leaving directory")
_COMPILER = re.compile(
    r"(?P<path>[^\s:]+):(?P<line>\d+):(?:\d+:)? "
    r"(?P<kind>fatal error|error|warning|Error|Warning): (?P<text>.*)"
)
_LINKER = re.compile(
    r"(?:\S*ld: )?(?:(?P<path>[^\s:(]+):?)?\(\.[^)]*\): "
    r"(?P<text>(?:undefined reference to|multiple definition of) .*)"
)
_DRIVER = re.compile(
    r"(?:gcc|cc1|as|ld|collect2): (?P<kind>fatal error|error|warning): (?P<text>.*)"
)
_MAKE = re.compile(r"make(?:\[\d+\])?: \*\*\* (?P<text>(?!\[).*)")
# Not where gcc shows a source line, which may be about full disks ("  12 | printk(...)").
_KILLED = re.compile(
    r"(?!\s*\d* \|)(?P<text>.*(?:No space left on device|Killed signal terminated"
    r"|Cannot allocate memory|: \*\*\* \[.*\] Killed).*)"
)


def diagnostics(log: bytes, *, top: str) -> tuple[Diagnostic, ...]:
    """Every complaint in *log*, in order, each once; *top* is the tree's folder in the log."""
    found: dict[Diagnostic, None] = {}
    folders: list[str] = []
    for line in log.decode("utf-8", errors="replace").split("\n"):
        if match := _ENTERING.match(line):
            folders.append(match[1])
        elif _LEAVING.match(line):
            folders = folders[:-1]
        else:
            here = folders[-1] if folders else top
            for one in _complaints(line, here, top):
                found.setdefault(one)
    return tuple(found)


def _complaints(line: str, here: str, top: str) -> Iterable[Diagnostic]:
    if match := _KILLED.match(line):
        yield Diagnostic("host", "", 0, match["text"].strip())
    elif match := _COMPILER.match(line):
        kind = "warning" if match["kind"].lower() == "warning" else "error"
        yield Diagnostic(
            kind, _in_tree(match["path"], here, top), int(match["line"]), match["text"]
        )
    elif match := _DRIVER.match(line):
        kind = "warning" if match["kind"] == "warning" else "error"
        yield Diagnostic(kind, "", 0, match["text"])
    elif match := _LINKER.match(line):
        yield Diagnostic("link", match["path"] or "", 0, match["text"])
    elif match := _MAKE.match(line):
        yield Diagnostic("make", "", 0, match["text"])


def _in_tree(path: str, here: str, top: str) -> str:
    whole = PurePosixPath(here) / path
    if whole.is_relative_to(top):
        return str(whole.relative_to(top))
    return path


def first_cause(found: Iterable[Diagnostic]) -> Diagnostic | None:
    """What to look at first: the disk or memory that gave out, else the first error."""
    complaints = [one for one in found if one.kind != "warning"]
    host = [one for one in complaints if one.kind == "host"]
    return next(iter((*host, *complaints)), None)
