"""remap_page_range() → remap_pfn_range(): the physical address becomes a page frame number.

Linux kernel commit 6e3eac7406 and those beside it ("vm: convert users of remap_page_range() under
sound/ to use remap_pfn_range()", in v2.6.10-rc1).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from patchkit.apis.rule import OldForm, Rule
from patchkit.csource.edit import Edit, indentation
from patchkit.csource.facts import Assignment
from patchkit.csource.functions import Function
from patchkit.csource.statements import LOOPS, path_to, statements
from patchkit.csource.textcalls import TextCall, text_calls
from patchkit.csource.unit import Unit

OLD = b"remap_page_range"
NEW = b"remap_pfn_range"
_SHIFTED_UP = re.compile(rb"\A(.*?)\s*<<\s*PAGE_SHIFT\Z", re.DOTALL)
_OTHER_NAME = re.compile(
    rb"^[ \t]*#[ \t]*define[ \t]+(io_remap_page_range)([ \t]+remap_page_range)\b", re.MULTILINE
)
_PFN = b" >> PAGE_SHIFT"
# A local helper of the V4L drivers: vmalloc address → physical address.
_TO_PHYSICAL = re.compile(rb"(\w*kvirt_to_pa)\s*\(\s*(\w+)\s*\)\Z")
_ADDRESS_CALL = re.compile(rb"virt_to_phys\s*\(.*\)\Z", re.DOTALL)
_TRANSLATED = re.compile(rb"(?:\w*(?:kvirt_to_pa|virt_to_phys)|__pa)\s*\(.*\)\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class RemapPfnRange:
    name: str = "remap-pfn-range"
    title: str = "use remap_pfn_range()"
    needles: tuple[bytes, ...] = (OLD,)

    def prepared(self, texts: Mapping[PurePosixPath, bytes]) -> Rule:
        return self

    def old_forms(self, unit: Unit) -> Iterator[OldForm]:
        yield from _other_names(unit)
        set_elsewhere: set[Edit] = set()
        for call in text_calls(unit, OLD):
            if len(call.arguments) not in (4, 5):
                yield OldForm(call.start, "remap_page_range() with arguments of another time")
                continue
            edits = (Edit(call.start, call.start + len(OLD), NEW), *_to_pfn(unit, call))
            fresh = tuple(edit for edit in edits if edit not in set_elsewhere)
            set_elsewhere.update(edits)
            yield OldForm(call.start, "remap_page_range() takes an address; use a pfn", fresh)


def _to_pfn(unit: Unit, call: TextCall) -> tuple[Edit, ...]:
    """The edits that make the physical address of *call* a page frame number."""
    start, end = call.arguments[1 if len(call.arguments) == 4 else 2]
    text = unit.source[start:end]
    function = unit.functions.at(start)
    if function is not None and re.fullmatch(rb"\w+", text):
        made = _only_assignment(unit, function, text)
        if made is not None:
            return (_set_as_pfn(unit, made),)
    if function is not None and _ADDRESS_CALL.match(text):
        own = _own_variable(unit, function, start, end)
        if own:
            return own
    if unit.text.directive_at(start) is not None and re.fullmatch(rb"\w+", text):
        text = b"(" + text + b")"  # a macro's parameter
    return (Edit(start, end, as_pfn(text)),)


def _own_variable(unit: Unit, function: Function, start: int, end: int) -> tuple[Edit, ...]:
    """In a loop, page by page, the frame number gets a name of its own, as upstream gave it one.

    Nothing where the call is not in the first statement of the loop's block.
    """
    top = statements(unit.code[function.start : function.end], function.start)
    path = path_to(top, start) if top is not None else ()
    loops = [index for index, each in enumerate(path) if each.kind in LOOPS]
    if not loops or re.search(rb"\bpfn\b", unit.code[function.start : function.end]):
        return ()
    inside = path[loops[-1] + 1 :]
    if len(inside) < 2 or inside[0].kind != "block" or inside[0].inner[0] != inside[1]:
        return ()
    indent = indentation(unit.source, inside[1].start)
    line = unit.source.rfind(b"\n", 0, inside[1].start) + 1
    text = as_pfn(unit.source[start:end])
    new = indent + b"unsigned long pfn;\n\n" + indent + b"pfn = " + text + b";\n"
    return Edit(line, line, new), Edit(start, end, b"pfn")


def _other_names(unit: Unit) -> Iterator[OldForm]:
    """``#define io_remap_page_range remap_page_range``: the new name takes another argument."""
    for found in _OTHER_NAME.finditer(unit.source):
        macro = (
            b"(vma, vaddr, paddr, size, prot)\t\t\\\n"
            b"\t\tremap_pfn_range(vma, vaddr, (paddr) >> PAGE_SHIFT, size, prot)"
        )
        message = f"{found[1].decode()} is remap_page_range, which takes an address"
        yield OldForm(found.start(1), message, (Edit(found.end(1), found.end(2), macro),))


def as_pfn(address: bytes) -> bytes:
    """The page frame number of *address*, an expression; a shift up is folded away."""
    shifted = _SHIFTED_UP.match(address)
    if shifted and not _has_operator(shifted[1]):
        return shifted[1]
    if _has_operator(address):
        return b"(" + address + b")" + _PFN
    return address + _PFN


def _has_operator(expression: bytes) -> bool:
    """Is there a binary operator outside all brackets?"""
    depth, flat = 0, bytearray()
    for byte in expression:
        if byte in b"([":
            depth += 1
        if depth == 0:
            flat.append(byte)
        if byte in b")]":
            depth -= 1
            flat += b"x"
    text = bytes(flat).replace(b"->", b".").strip().lstrip(b"&*~!- ")
    return re.search(rb"[-+*/%&|^?<>=]", text) is not None


def _only_assignment(unit: Unit, function: Function, name: bytes) -> Assignment | None:
    """The one assignment to local *name*, if nothing but remap calls uses what it sets."""
    body = unit.body(function)
    made = [each for each in body.assignments if each.target == name]
    if len(made) != 1 or made[0].operator != b"=":
        return None
    if name not in {local.name for local in body.locals}:
        return None
    if not _TRANSLATED.match(made[0].value) and b"<< PAGE_SHIFT" not in made[0].value:
        return None  # it was not made from pages: the variable goes on being an address
    uses = 0
    for call in text_calls(unit, OLD):
        if function.start <= call.start < function.end and len(call.arguments) in (4, 5):
            start, end = call.arguments[1 if len(call.arguments) == 4 else 2]
            uses += unit.source[start:end] == name
    code = unit.text.plain[function.body : function.end]
    mentioned = len(re.findall(rb"\b" + name + rb"\b", code))
    declared = 0 if _is_declaration(unit, made[0]) else 1
    return made[0] if mentioned == uses + 1 + declared else None


def _is_declaration(unit: Unit, made: Assignment) -> bool:
    """``unsigned long page = x``: the type stands before it on its line."""
    begin = unit.source.rfind(b"\n", 0, made.start) + 1
    return bool(unit.source[begin : made.start].strip())


def _set_as_pfn(unit: Unit, made: Assignment) -> Edit:
    text = unit.source[made.start : made.end]
    equals = text.index(b"=") + 1
    value = text[equals:].strip()
    start = made.start + equals + (len(text[equals:]) - len(text[equals:].lstrip()))
    helper = _TO_PHYSICAL.match(value)
    if helper and _is_vmalloc_helper(unit, helper[1]):
        return Edit(start, made.end, b"page_to_pfn(vmalloc_to_page((void *)" + helper[2] + b"))")
    return Edit(start, made.end, as_pfn(value))


def _is_vmalloc_helper(unit: Unit, name: bytes) -> bool:
    """Is *name* only vmalloc_to_page(), page_address() and __pa() in a row, or not of this file?"""
    function = unit.by_name.get(name)
    if function is None:
        return True
    calls = {call.name for call in unit.body(function).calls}
    return b"vmalloc_to_page" in calls and calls <= {
        b"vmalloc_to_page",
        b"page_address",
        b"__pa",
        b"virt_to_phys",
    }


rule = RemapPfnRange()
