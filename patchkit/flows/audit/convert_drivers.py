"""Verdicts → a series of patches, one for each driver."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from patchkit.audit.driver import Driver, Verdict
from patchkit.audit.program import Program
from patchkit.audit.site import Role
from patchkit.audit.tree_rules import TreeRules
from patchkit.audit.version_code import known_macros
from patchkit.convert.conversion import (
    AS_POSTED,
    NOPAGE,
    SAFE,
    Conversion,
    NotConverted,
    file_names,
    is_sound,
    message_of,
    patch_bytes,
)
from patchkit.convert.drop_reservation import without_reservation
from patchkit.convert.drop_swapout import without_swapout
from patchkit.convert.idiom import WRAPPER_H, chosen_idiom, with_definition, with_include
from patchkit.convert.mark_vma import MACRO, Refused, mark_vma
from patchkit.convert.to_nopage import to_nopage
from patchkit.csource.edit import apply_edits
from patchkit.csource.unit import Unit
from patchkit.errors import InputError
from patchkit.flows.audit.audit_tree import audit_tree
from patchkit.host.files import atomic_write
from patchkit.tree.base import Tree
from patchkit.tree.overlay import File, Overlay

MM_H = PurePosixPath("include/linux/mm.h")


@dataclass(frozen=True, slots=True)
class Wanted:
    """How to convert. ``idiom`` None takes what the tree has; ``only`` none takes all drivers."""

    form: str = SAFE
    idiom: str | None = None
    only: tuple[PurePosixPath, ...] = ()
    unsafe: bool = False


@dataclass(frozen=True, slots=True)
class Converted:
    """The patches, in the order in which they apply, and what was left as it is."""

    patches: tuple[tuple[str, bytes], ...]
    left: tuple[NotConverted, ...]

    @property
    def complete(self) -> bool:
        """Was everything converted that should be?"""
        return all(each.done for each in self.left)


def convert_drivers(tree: Tree, asked: Sequence[PurePosixPath], wanted: Wanted) -> Converted:
    """Convert the drivers at or below the *asked* paths of *tree*, each in its safe form.

    Raises:
        InputError: the tree has no such path, or ``wanted.only`` names no driver there.
    """
    report = audit_tree(tree, asked)
    drivers = [d for d in report.drivers if not wanted.only or d.file in wanted.only]
    if not drivers and wanted.only:
        raise InputError("--only: no driver that reserves or maps pages has that path")
    maker = _Maker(Overlay(tree), TreeRules(report.tree_rules), wanted, [], [])
    removed = {
        d.file: {s.function for s in report.sites if s.file == d.file and s.live
                 and s.role in (Role.RESERVE, Role.UNRESERVE)}
        for d in drivers
    }  # fmt: skip
    for driver in drivers:
        maker.convert(driver, {name for name in removed[driver.file] if name})
    made = tuple(maker.made)
    count = len(made)
    patches = (patch_bytes(each, number, count) for number, each in enumerate(made, 1))
    return Converted(tuple(zip(file_names(made), patches, strict=True)), tuple(maker.left))


def write_series(converted: Converted, folder: Path) -> None:
    """Write the patches into *folder*, one file each."""
    for name, patch in converted.patches:
        atomic_write(folder / name, patch)


@dataclass(slots=True)
class _Maker:
    """Conversions so far; each sees the tree as the ones before it leave it."""

    tree: Overlay
    rules: TreeRules
    wanted: Wanted
    made: list[Conversion]
    left: list[NotConverted]

    def convert(self, driver: Driver, functions: set[str]) -> None:
        refusal = self._refusal(driver)
        anyway = self.wanted.unsafe and self.wanted.form == AS_POSTED
        if refusal is not None and not (anyway and refusal.asks):
            self.left.append(NotConverted(driver.file, refusal.reason, done=not refusal.asks))
            return
        files = self._changed(driver, functions)
        if isinstance(files, Refused):
            self.left.append(NotConverted(driver.file, files.reason))
        elif not files:
            self.left.append(NotConverted(driver.file, "marked already", done=True))
        else:
            unsafe = refusal.reason if refusal is not None else None
            message = message_of(driver, unsafe=unsafe, form=self.wanted.form)
            self._take(_title(driver, self.wanted), message, files)

    def _take(
        self, title: str, message: str, files: dict[PurePosixPath, tuple[bytes, bytes]]
    ) -> None:
        self.made.append(Conversion(title, message, files))
        self.tree = self.tree.with_changes({path: File(new) for path, (_, new) in files.items()})

    def _refusal(self, driver: Driver) -> _Refusal | None:
        """Why *driver* is not to be converted in the form that is wanted."""
        rule = self.rules["remap-requires-PageReserved"]
        if driver.verdict not in (Verdict.KEEP, Verdict.CONVERT, Verdict.NOPAGE):
            return _Refusal(f"{driver.verdict}: {driver.reason}", asks=False)
        if self.wanted.form == AS_POSTED and driver.verdict is not Verdict.CONVERT:
            return _Refusal(
                f"without their reservation the pages would not be mapped any more: {rule.means} "
                f"({rule.where})"
                if rule.holds
                else driver.reason
            )
        if driver.verdict is Verdict.NOPAGE and self.wanted.form != NOPAGE:
            return _Refusal(driver.reason)
        return None

    def _changed(
        self, driver: Driver, functions: set[str]
    ) -> dict[PurePosixPath, tuple[bytes, bytes]] | Refused:
        if self.wanted.form == NOPAGE:
            return self._with_nopage(driver, functions)
        marked = self._marked(driver)
        files = {} if isinstance(marked, Refused) else marked
        if functions and (self.wanted.form == AS_POSTED or driver.verdict is Verdict.CONVERT):
            dropped = self._without_reservation(driver.file, functions, files)
            if isinstance(dropped, Refused):
                return dropped
            files = dropped
        if isinstance(marked, Refused):
            # An unsafe conversion is asked for as posted, whether or not the vma can be marked.
            return files if self.wanted.unsafe and files else marked
        return self._without_swapout(driver, files)

    def _without_reservation(
        self,
        path: PurePosixPath,
        functions: set[str],
        files: dict[PurePosixPath, tuple[bytes, bytes]],
    ) -> dict[PurePosixPath, tuple[bytes, bytes]] | Refused:
        """*files*, where places still had the lines of the audit, with the reservations gone."""
        old, text = files.get(path) or (self._unit(path).source,) * 2
        unit = Unit(path, text, known_macros(self.tree))
        chosen = tuple(f for f in unit.functions.all if f.name.decode("latin-1") in functions)
        new = without_reservation(unit, chosen, self.tree.read(WRAPPER_H) or b"")
        if not is_sound(old, new):
            return Refused(f"{path}: the result would not parse")
        return {**files, path: (old, new)}

    def _without_swapout(
        self, driver: Driver, files: dict[PurePosixPath, tuple[bytes, bytes]]
    ) -> dict[PurePosixPath, tuple[bytes, bytes]]:
        """*files* without *driver*'s handlers that a marked vma makes needless."""
        dummies = frozenset(f.line for f in driver.findings if f.kind == "dummy-swapout")
        if not dummies or not self.rules.holds("swap_out-tests-VM_RESERVED"):
            return files
        before = self._unit(driver.file)
        old, text = files.get(driver.file) or (before.source, before.source)
        names = {f.name for f in before.functions.all if before.line(f.start) in dummies}
        unit = Unit(driver.file, text, known_macros(self.tree))
        lines = frozenset(unit.line(f.start) for f in unit.functions.all if f.name in names)
        new = without_swapout(unit, lines, self.tree.read(MM_H) or b"")
        if new == text or not is_sound(old, new):
            return files
        return {**files, driver.file: (old, new)}

    def _with_nopage(
        self, driver: Driver, functions: set[str]
    ) -> dict[PurePosixPath, tuple[bytes, bytes]] | Refused:
        if not self.rules.holds("vm_operations-have-nopage"):
            return Refused("vm_operations_struct has no nopage() in this tree")
        if not self.rules.holds("VM_RESERVED-defined"):
            return Refused("VM_RESERVED is not defined in include/linux/mm.h")
        if not functions:
            return {}
        unit = self._unit(driver.file)
        chosen = tuple(f for f in unit.functions.all if f.name.decode("latin-1") in functions)
        headers = (self.tree.read(MM_H) or b"", self.tree.read(WRAPPER_H) or b"")
        new = to_nopage(unit, driver, chosen, headers)
        if isinstance(new, Refused):
            return new
        if not is_sound(unit.source, new):
            return Refused(f"{driver.file}: the result would not parse")
        return {driver.file: (unit.source, new)}

    def _marked(self, driver: Driver) -> dict[PurePosixPath, tuple[bytes, bytes]] | Refused:
        idiom = chosen_idiom(self.rules, self.wanted.idiom)
        if isinstance(idiom, Refused):
            return idiom
        if not driver.places:
            return Refused("no function with a vma is known")
        files: dict[PurePosixPath, tuple[bytes, bytes]] = {}
        for place in driver.places:
            old, text = files.get(place.file) or (self._unit(place.file).source,) * 2
            unit = Unit(place.file, text, known_macros(self.tree))
            edits = mark_vma(unit, place, idiom)
            if isinstance(edits, Refused):
                return edits
            if edits:
                new = apply_edits(text, edits)
                files[place.file] = (old, with_include(new) if idiom == MACRO else new)
        for path, (old, new) in files.items():
            if not is_sound(old, new):
                return Refused(f"{path}: the result would not parse")
        if idiom == MACRO and files and not self.rules.holds("vma_reserve-defined"):
            return self._defined(files)
        return files

    def _defined(
        self, files: dict[PurePosixPath, tuple[bytes, bytes]]
    ) -> dict[PurePosixPath, tuple[bytes, bytes]] | Refused:
        """First of all, a patch that defines vma_reserve()."""
        wrapper = self.tree.read(WRAPPER_H)
        if wrapper is None or b"vma_reserve" in wrapper:
            return files if wrapper is not None else Refused(f"{WRAPPER_H} is not in this tree")
        new = with_definition(wrapper)
        if isinstance(new, Refused):
            return new
        title = "wrapper.h: define vma_reserve()"
        self._take(title, "vma_reserve() marks a vma as VM_RESERVED.", {WRAPPER_H: (wrapper, new)})
        return files

    def _unit(self, path: PurePosixPath) -> Unit:
        unit = Program(self.tree, known_macros(self.tree), {}).unit(path)
        assert unit is not None
        return unit


@dataclass(frozen=True, slots=True)
class _Refusal:
    """``asks`` where the user wanted a conversion that is not to be had."""

    reason: str
    asks: bool = True


def _title(driver: Driver, wanted: Wanted) -> str:
    name = driver.file.stem
    if wanted.form == NOPAGE:
        return f"{name}: map its buffer by nopage()"
    if wanted.form == AS_POSTED:
        return f"{name}: do without page reservations"
    if driver.verdict is Verdict.CONVERT and driver.memory.allocators:
        return f"{name}: mark the vma as reserved"
    return f"{name}: mark the vma of its reserved pages"
