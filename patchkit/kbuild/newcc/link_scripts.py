"""Linker scripts and options of 2000, for a compiler that makes more sections."""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchkit.csource.edit import Edit
from patchkit.kbuild.newcc.rule import Rule, TreeFacts
from patchkit.kbuild.newcc.source import Source

_OFORMAT = re.compile(rb"(?<=[ \t])-oformat\b")
_RODATA = re.compile(rb"\*\(\.rodata\)")
_DISCARDED = re.compile(rb"\*\(\.(?:text|data)\.exit\)")
_DISCARD = re.compile(rb"/DISCARD/\s*:\s*\{")
_TEXT = re.compile(rb"^[ \t]*\*\(\.text\)", re.MULTILINE)
_DATA = re.compile(rb"^[ \t]*\*\(\.data\)", re.MULTILINE)
_NOTES = b" *(.note*) *(.eh_frame) *(.comment)"


def find(source: Source, _: TreeFacts) -> Iterator[Edit]:
    text = source.text
    for found in _OFORMAT.finditer(text):
        yield Edit(*found.span(), b"--oformat")
    if source.path.name.startswith("vmlinux") and ".lds" in source.path.name:
        yield from _sections(text)


def _sections(text: bytes) -> Iterator[Edit]:
    for found in _RODATA.finditer(text):
        yield Edit(*found.span(), b"*(.rodata .rodata.*)")
    discard = _DISCARD.search(text)
    if discard is None:
        return
    yield Edit(discard.end(), discard.end(), _NOTES)
    # ld refuses what older ones let dangle: a table in .data that names an .exit function
    for found in _DISCARDED.finditer(text, discard.end()):
        yield Edit(*found.span(), b"")
        kept = (_TEXT if b".text" in found[0] else _DATA).search(text)
        if kept:
            yield Edit(kept.end(), kept.end(), b" " + found[0])


RULE = Rule(
    "link-scripts",
    "new sections are placed, dangling ones kept",
    re.compile(rb"oformat|DISCARD|\.rodata"),
    find,
)
