"""A page-by-page remap of vmalloc memory → a nopage() handler, in via82cxxx_audio.c's style.

Only where the chain is certain: one buffer of single pages, one loop that maps it, one function
with the vma, all in one file. Each page then has a reference for every mapping, and needs no
reservation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from patchkit.apis.memory import REMAPS
from patchkit.audit.chain import Place
from patchkit.audit.driver import Driver
from patchkit.audit.edges import mapped_argument
from patchkit.audit.mapping import has_vma
from patchkit.convert.drop_reservation import without_walks
from patchkit.convert.mark_vma import Refused, placed
from patchkit.csource.edit import Edit, apply_edits
from patchkit.csource.facts import Call
from patchkit.csource.functions import Function
from patchkit.csource.parameters import parameter_names
from patchkit.csource.unit import Unit

_SIGNATURE = re.compile(rb"struct\s+page\s*\*\s*\(\s*\*\s*nopage\s*\)\s*\(([^)]*)\)")
_CAST = re.compile(rb"\A\(\s*unsigned\s+long\s*\)\s*")

_HANDLER = b"""static struct page *%(name)s_nopage(%(parameters)s)
{
	unsigned long offset = (vma->vm_pgoff << PAGE_SHIFT) + (address - vma->vm_start);
	unsigned long pos = (unsigned long) vma->vm_private_data + offset;
	struct page *page = %(page)s;

	get_page(page);
	return page;
}

static struct vm_operations_struct %(name)s_vm_ops = {
	nopage:	%(name)s_nopage,
};

"""


@dataclass(frozen=True, slots=True)
class _Loop:
    """The mapping as it is: the call, its function, and the buffer as that function names it."""

    call: Call
    function: Function
    buffer: bytes


def to_nopage(
    unit: Unit, driver: Driver, functions: tuple[Function, ...], headers: tuple[bytes, bytes]
) -> bytes | Refused:
    """*unit*'s source with a nopage() handler for *driver*'s buffer.

    *functions* reserve; *headers* are the texts of linux/mm.h and linux/wrapper.h.
    """
    mm_h, wrapper = headers
    found = _certain(unit, driver)
    if isinstance(found, Refused):
        return found
    loop, place = found
    if b"VM_DONTEXPAND" not in mm_h:
        return Refused("no VM_DONTEXPAND in this tree: mremap() could map more than the buffer")
    signature = _SIGNATURE.search(mm_h)
    owner = unit.by_name[place.function.encode()]
    buffer = _seen_from(unit, owner, loop)
    if signature is None or buffer is None:
        return Refused("nopage() or the buffer's name in the function with the vma is not seen")
    vma = has_vma(owner) or b"vma"
    name = owner.name.removesuffix(b"_mmap")
    lines = (
        vma + b"->vm_private_data = (void *) " + buffer + b";",
        # munmap() of its first pages leaves a vma that begins later; vm_pgoff then says how much.
        vma + b"->vm_pgoff = 0;",
        vma + b"->vm_ops = &" + name + b"_vm_ops;",
        # The size was checked against the buffer for this mapping, and mremap() would let it grow.
        vma + b"->vm_flags |= VM_RESERVED | VM_DONTEXPAND;",
    )
    edits = placed(unit, place, lines)
    if isinstance(edits, Refused):
        return edits
    third = signature[1].split(b",")[2].strip() if signature[1].count(b",") == 2 else b"int unused"
    handler = _HANDLER % {
        b"name": name,
        b"parameters": b"struct vm_area_struct *vma,\n\t\tunsigned long address, " + third,
        b"page": _page_of(unit, mm_h),
    }
    begin = unit.source.rfind(b"\n", 0, owner.start) + 1
    changed = apply_edits(unit.source, [*edits, Edit(begin, begin, handler)])
    result = Unit(unit.path, changed, {})
    names = {function.name for function in functions} | {loop.function.name}
    chosen = tuple(f for f in result.functions.all if f.name in names)
    return without_walks(result, chosen, wrapper, frozenset(REMAPS))


def _certain(unit: Unit, driver: Driver) -> tuple[_Loop, Place] | Refused:
    if not driver.memory.single_pages or not driver.memory.allocators[0].startswith("vmalloc"):
        return Refused(f"only vmalloc memory is known to be single pages; this is {driver.memory}")
    if len(driver.places) != 1 or driver.places[0].file != unit.path:
        return Refused("the function with the vma is in another file: its table gives no vma here")
    calls = [
        (call, function)
        for name in REMAPS
        for function in unit.functions_with(name)
        for call in unit.body(function).calls
        if call.name == name
    ]
    if len(calls) != 1:
        return Refused(f"{len(calls)} calls map memory; one is needed")
    call, function = calls[0]
    page = mapped_argument(call)
    body = unit.body(function)
    for name in (page, *_names_behind(unit, function, page)):
        for made in body.assignments:
            if made.target == name and _CAST.match(made.value):
                return _Loop(call, function, _CAST.sub(b"", made.value)), driver.places[0]
    return Refused("the buffer that the loop walks is not seen")


def _names_behind(unit: Unit, function: Function, page: bytes) -> list[bytes]:
    """The variable that *page* is translated from: ``page = kvirt_to_pa(pos)``."""
    found = []
    for made in unit.body(function).assignments:
        inner = re.search(rb"\(\s*(?:\(void \*\)\s*)?(\w+)\s*\)+\Z", made.value)
        if made.target == page and inner:
            found.append(inner[1])
    return found


def _seen_from(unit: Unit, owner: Function, loop: _Loop) -> bytes | None:
    """The buffer as *owner* names it: the parameter of the mapping function replaced."""
    if owner.start == loop.function.start:
        return loop.buffer
    root = re.match(rb"\(*(\w+)", loop.buffer)
    names = parameter_names(loop.function)
    if root is None or root[1] not in names:
        return None
    index = names.index(root[1])
    for call in unit.body(owner).calls:
        if call.name == loop.function.name and index < len(call.arguments):
            given = call.arguments[index]
            text = given if re.fullmatch(rb"[\w>.-]+", given) else b"(" + given + b")"
            return loop.buffer[: root.start(1)] + text + loop.buffer[root.end(1) :]
    return None


def _page_of(unit: Unit, mm_h: bytes) -> bytes:
    if b"vmalloc_to_page" in mm_h:
        return b"vmalloc_to_page((void *) pos)"
    return b"virt_to_page(__va(kvirt_to_pa(pos)))"
