"""How this tree marks a vma: by macro, by flag, or not at all."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from patchkit.audit.tree_rules import TreeRules
from patchkit.convert.mark_vma import FLAG, MACRO, Refused

WRAPPER_H = PurePosixPath("include/linux/wrapper.h")
DEFINITION = b"#define vma_reserve(vma)\t\t((vma)->vm_flags |= VM_RESERVED)\n"
_INCLUDES_WRAPPER = re.compile(rb"^[ \t]*#[ \t]*include[ \t]*<linux/wrapper\.h>", re.MULTILINE)
_LINUX_INCLUDE = re.compile(rb"^[ \t]*#[ \t]*include[ \t]*<linux/[^>]*>[^\n]*\n", re.MULTILINE)
_LAST_ENDIF = re.compile(rb"^[ \t]*#[ \t]*endif\b[^\n]*\n?\s*\Z", re.MULTILINE)


def chosen_idiom(rules: TreeRules, wanted: str | None) -> str | Refused:
    """*wanted*, or what the tree has; the macro needs a definition where it has none."""
    if not rules.holds("VM_RESERVED-defined"):
        return Refused(
            "VM_RESERVED is not defined in include/linux/mm.h, so marking a vma does nothing "
            "here; apply vm-reserved first"
        )
    if wanted is not None:
        return wanted
    return MACRO if rules.holds("vma_reserve-defined") else FLAG


def with_definition(wrapper_h: bytes) -> bytes | Refused:
    """linux/wrapper.h with vma_reserve() in it."""
    end = _LAST_ENDIF.search(wrapper_h)
    if end is None:
        return Refused(f"{WRAPPER_H} does not end in #endif; vma_reserve() has no place there")
    before = wrapper_h[: end.start()].rstrip(b"\n") + b"\n"
    return before + DEFINITION + b"\n" + wrapper_h[end.start() :]


def with_include(source: bytes) -> bytes:
    """*source* with linux/wrapper.h included, after the last <linux/...> line of the first run."""
    if _INCLUDES_WRAPPER.search(source):
        return source
    last = None
    for found in _LINUX_INCLUDE.finditer(source):
        if last is not None and b"#if" in source[last.end() : found.start()]:
            break
        last = found
    at = last.end() if last is not None else 0
    return source[:at] + b"#include <linux/wrapper.h>\n" + source[at:]
