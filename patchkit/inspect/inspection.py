"""What is known of patches before they are applied; everything is a value."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import NamedTuple

from patchkit.history.version import Origin
from patchkit.patch.model import Head
from patchkit.port.outcome import HunkReport
from patchkit.repair.damage import Repair


class Symbol(NamedTuple):
    """``kind`` is function, macro, struct, union, enum, typedef, variable or declaration; of a
    symbol that is only used call, type, member or name. Sorts by name."""

    name: str
    kind: str


class Upstream(NamedTuple):
    """The commit that made a hunk's change in ``path``. ``exact`` where the hunk's context is as
    in the patch too. ``in_target`` says whether the target's history has the commit, None where
    the target has none."""

    origin: Origin
    path: PurePosixPath
    exact: bool
    in_target: bool | None


class Missing(NamedTuple):
    """A symbol that the patch takes from elsewhere and the target has nowhere. ``origin`` is the
    commit that brought it, ``defined_in`` where; None without a history, or if none has it."""

    symbol: Symbol
    used_in: PurePosixPath
    origin: Origin | None = None
    defined_in: PurePosixPath | None = None


class Dependency(NamedTuple):
    """This patch needs that of index ``on``."""

    on: int
    why: str


@dataclass(frozen=True, slots=True)
class HunkView:
    """A hunk, ``number`` from 1 in its file. ``landing`` is what would become of it in the target,
    None without one."""

    number: int
    stated_line: int
    section: str
    added: int
    removed: int
    touches: tuple[Symbol, ...]
    landing: HunkReport | None = None
    upstream: Upstream | None = None


@dataclass(frozen=True, slots=True)
class FileView:
    """A file of a patch. ``change`` is modified, created, deleted, renamed, copied or mode."""

    path: PurePosixPath
    old_path: PurePosixPath | None
    change: str
    hunks: tuple[HunkView, ...]

    @property
    def added(self) -> int:
        return sum(hunk.added for hunk in self.hunks)

    @property
    def removed(self) -> int:
        return sum(hunk.removed for hunk in self.hunks)


@dataclass(frozen=True, slots=True)
class PatchView:
    """A patch; ``index`` counts from 1 in the order given."""

    index: int
    head: Head
    source: str
    patch_id: str
    files: tuple[FileView, ...]
    defines: tuple[Symbol, ...]
    removes: tuple[Symbol, ...]
    uses: tuple[Symbol, ...]
    missing: tuple[Missing, ...]
    depends: tuple[Dependency, ...]
    repairs: tuple[Repair, ...]


@dataclass(frozen=True, slots=True)
class Inspection:
    """All patches of a run. ``order`` are their indexes in an order in which each stands below
    what it depends on: the given one where that will do, or where there is none."""

    target: str | None
    history: str | None
    patches: tuple[PatchView, ...]
    order: tuple[int, ...]
    # Patches that depend on each other in a circle.
    circle: tuple[int, ...] = ()
