"""What this tree does with reserved pages and marked vmas, read from its own mm/.

The version says nothing: vendors carried VM_RESERVED back, and remap_page_range() lost its test for
reserved pages in no release that its name lived to see.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from patchkit.audit.program import Program
from patchkit.csource.functions import Function
from patchkit.csource.unit import Unit

_RESERVED_TEST = re.compile(rb"\bPageReserved\s*\(|\btest_bit\s*\(\s*PG_reserved\b")
_SETS_FLAG = re.compile(rb"vm_flags\s*\|=[^;]*\bVM_RESERVED\b")
# The old pte may be another page's, which remap_pte_range() gives back by the same test.
_SETS_PTE = re.compile(rb"\bset_pte\w*\s*\(")
_COUNTS = re.compile(rb"\bget_page\s*\(|\batomic_inc\s*\([^;]*\bcount\b")
_VMA_TEST = re.compile(rb"vm_flags\s*&[^;{]*\bVM_(?:RESERVED|PFNMAP)\b")
_SWAPS = re.compile(rb"swap_out|try_to_unmap")
_MEMORY = PurePosixPath("mm/memory.c")
_MM_H = PurePosixPath("include/linux/mm.h")
_SWAPPERS = tuple(PurePosixPath(f"mm/{name}.c") for name in ("vmscan", "rmap", "swap", "swapfile"))


@dataclass(frozen=True, slots=True)
class TreeRule:
    """One thing that holds in this tree, or not; where it does, the line that shows it."""

    name: str
    holds: bool
    file: PurePosixPath | None = None
    line: int | None = None
    means: str = ""

    @property
    def where(self) -> str:
        return f"{self.file}:{self.line}" if self.file else "nowhere in this tree"


@dataclass(frozen=True, slots=True)
class TreeRules:
    """All of them, by name."""

    rules: tuple[TreeRule, ...]

    def __getitem__(self, name: str) -> TreeRule:
        return next(rule for rule in self.rules if rule.name == name)

    def holds(self, name: str) -> bool:
        return self[name].holds


def tree_rules(program: Program) -> TreeRules:
    """The rules of *program*'s tree; one whose file is missing does not hold."""
    remap = ("remap_page_range", "remap_pfn_range")
    zap = ("zap_page_range", "unmap_vmas")
    return TreeRules(
        (
            _reachable(
                program, (_MEMORY,), remap, (_RESERVED_TEST, _SETS_PTE),
                "remap-requires-PageReserved",
                "remap_page_range maps only reserved pages and pages outside RAM",
            ),
            _reachable(
                program, (_MEMORY,), remap, (_SETS_FLAG,), "remap-sets-VM_RESERVED",
                "remap_page_range marks the vma itself",
            ),
            _reachable(
                program, (_MEMORY,), remap, (_COUNTS, _SETS_PTE), "remap-counts-pages",
                "remap_page_range takes a reference of every page that it maps",
            ),
            _reachable(
                program, (_MEMORY,), zap, (_RESERVED_TEST,), "munmap-skips-reserved-pages",
                "munmap drops a reference of every page that is not reserved",
            ),
            _reachable(
                program, (_MEMORY,), zap, (_VMA_TEST,), "munmap-skips-marked-vmas",
                "munmap drops no reference of the pages of a marked vma",
            ),
            _reachable(
                program, tuple(_ioremaps(program)), ("__ioremap", "ioremap"), (_RESERVED_TEST,),
                "ioremap-requires-PageReserved", "ioremap refuses RAM that is not reserved",
            ),
            _reachable(
                program, (PurePosixPath("mm/page_alloc.c"),), ("__free_pages", "free_pages"),
                (_RESERVED_TEST,), "free-keeps-reserved-pages",
                "freeing a page that is still reserved leaks it",
            ),
            _remaps(program, remap),
            _defined(program, "VM_RESERVED"),
            *(_swap_out(program, flag) for flag in ("VM_RESERVED", "VM_IO", "VM_LOCKED")),
            _vma_reserve(program),
            _operation(program, "nopage"),
            _operation(program, "swapout"),
        )
    )  # fmt: skip


def _remaps(program: Program, names: tuple[str, ...]) -> TreeRule:
    """Is there a remap_page_range() to read? A part of a tree has none."""
    unit = program.unit(_MEMORY)
    for name in names:
        if unit is not None and name.encode() in unit.by_name:
            line = unit.line(unit.by_name[name.encode()].start)
            return TreeRule("remap-in-sight", True, _MEMORY, line, f"{name}() is defined here")
    return TreeRule("remap-in-sight", False, means="remap_page_range() is defined here")


def _ioremaps(program: Program) -> Iterable[PurePosixPath]:
    preferred = PurePosixPath("arch/i386/mm/ioremap.c")
    yield preferred
    for path in program.sources(PurePosixPath("arch")):
        if path.name == "ioremap.c" and path != preferred:
            yield path


def _reachable(
    program: Program,
    paths: tuple[PurePosixPath, ...],
    names: tuple[str, ...],
    tests: tuple[re.Pattern[bytes], ...],
    rule: str,
    means: str,
) -> TreeRule:
    """Does a function of *names*, or what it calls in its file, match all *tests*? The line is that
    of the first."""
    for path in paths:
        unit = program.unit(path)
        if unit is None or not tests[0].search(unit.source):
            continue
        for function in called_below(unit, [name.encode() for name in names]):
            found = [test.search(unit.code, function.body, function.end) for test in tests]
            if found[0] is not None and all(found):
                return TreeRule(rule, True, path, unit.line(found[0].start()), means)
    return TreeRule(rule, False, means=means)


def called_below(unit: Unit, names: Iterable[bytes]) -> list[Function]:
    """The functions of *unit* that *names* lead to by calls within the file, nearest first."""
    found = [unit.by_name[name] for name in names if name in unit.by_name]
    for function in found:  # grows while it is walked
        for call in unit.body(function).calls:
            callee = unit.by_name.get(call.name)
            if callee is not None and callee not in found and len(found) < 40:
                found.append(callee)
    return found


def _defined(program: Program, name: str) -> TreeRule:
    return _macro_rule(program, (_MM_H,), name, f"{name}-defined", lambda body: f"{name} is {body}")


def _macro_rule(
    program: Program,
    paths: Iterable[PurePosixPath],
    name: str,
    rule: str,
    says: Callable[[str], str],
) -> TreeRule:
    for path in paths:
        unit = program.unit(path)
        if unit is not None and name.encode() in unit.source and name.encode() in unit.macros:
            macro = unit.macros[name.encode()]
            body = b" ".join(macro.body.split()).decode("latin-1")
            return TreeRule(rule, True, path, unit.line(macro.start), says(body))
    return TreeRule(rule, False, means=f"{name} is not defined")


def _swap_out(program: Program, flag: str) -> TreeRule:
    rule = f"swap_out-tests-{flag}"
    means = f"swapping passes by a vma with {flag}"
    test = re.compile(rb"vm_flags\s*&[^;{]*\b" + flag.encode() + rb"\b")
    for path in _SWAPPERS:
        unit = program.unit(path)
        for found in test.finditer(unit.code) if unit is not None else ():
            function = unit.functions.at(found.start()) if unit is not None else None
            if unit is None or function is None or not _SWAPS.search(function.name):
                continue  # page_referenced() of 2.6 looks at the flags too, and swaps nothing
            at = found.start() + found[0].rindex(flag.encode())
            return TreeRule(rule, True, path, unit.line(at), means)
    return TreeRule(rule, False, means=means)


def _vma_reserve(program: Program) -> TreeRule:
    paths = [PurePosixPath("include/linux/wrapper.h"), _MM_H]
    return _macro_rule(
        program, paths, "vma_reserve", "vma_reserve-defined",
        lambda body: f"vma_reserve() expands to {body}",
    )  # fmt: skip


def _operation(program: Program, name: str) -> TreeRule:
    unit = program.unit(_MM_H)
    members = unit.struct_members(b"vm_operations_struct") if unit is not None else ()
    rule, means = f"vm_operations-have-{name}", f"vm_operations_struct has {name}()"
    if unit is None or name.encode() not in members:
        return TreeRule(rule, False, means=means)
    found = re.search(rb"\(\s*\*\s*" + name.encode() + rb"\s*\)", unit.code)
    line = unit.line(found.start()) if found else None
    return TreeRule(rule, True, _MM_H, line, means)
