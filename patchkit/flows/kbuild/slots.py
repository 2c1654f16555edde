"""Workspaces: builds that may follow each other take turns in one, at once they have one each."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
from collections.abc import Iterator
from pathlib import Path

from patchkit.errors import HostError
from patchkit.flows.kbuild.request import Request
from patchkit.host.files import Busy, locked, reason
from patchkit.host.places import cache_folder


@contextlib.contextmanager
def free_slot(request: Request) -> Iterator[Path]:
    """The first workspace for *request* that no other build is in, held until the block ends.

    Raises:
        HostError: it can't be made.
    """
    folder = cache_folder() / "kbuild"
    place = "contained" if request.contained else "bare"
    what = (request.tree.name, request.config, request.toolchain.tag, request.arch.name, place)
    name = hashlib.sha256("\0".join(what).encode()).hexdigest()[:16]
    with contextlib.ExitStack() as held:
        yield next(slot for slot in _slots(folder / name) if _taken(slot, held))


def _slots(first: Path) -> Iterator[Path]:
    yield first
    yield from (first.with_name(f"{first.name}-{number}") for number in itertools.count(2))


def _taken(slot: Path, held: contextlib.ExitStack) -> bool:
    try:
        slot.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise HostError(f"{slot}: can't be made: {reason(error)}") from error
    try:
        held.enter_context(locked(slot, busy=""))
    except Busy:
        return False
    return True


def left_behind(slot: Path) -> Iterator[Path]:
    """The workspaces, *slot* and others of its tree, in which a build was cut short: it may have
    left a container at work."""
    stem = slot.name.partition("-")[0]
    for each in sorted(slot.parent.glob(f"{stem}*")):
        if not (each / "tree").is_dir() or (each / "manifest.json").exists():
            continue
        if each == slot:
            yield each
            continue
        with contextlib.suppress(Busy), locked(each, busy=""):
            yield each
