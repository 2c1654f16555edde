"""The modules that the guest gets: those that fit onto its ramdisk, in the order to load them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from patchkit.kbuild.generation import Generation
from patchkit.kbuild.modules.order import Needs, load_order

# The old ramdisk has 4 MB in patchkit's configurations, and the guest's programs the half of it.
ROOM = {
    Generation.CONFIG_IN: 1_800_000,
    Generation.EARLY_KCONFIG: 1_800_000,
    Generation.TODAY: 32_000_000,
}
# what init and the report's rows can take
MOST = 400
_NAME = re.compile(r"[\w,+-]{1,50}\.k?o", re.ASCII)


def aboard(
    modules: Mapping[PurePosixPath, bytes], needed: Needs, room: int
) -> tuple[PurePosixPath, ...]:
    """The *modules* that fit into *room* bytes with all they need, in load order."""
    chosen: dict[PurePosixPath, None] = {}
    names = set[str]()
    for path in load_order(needed):
        size = len(modules[path])
        fits = size <= room and len(chosen) < MOST and all(one in chosen for one in needed[path])
        if fits and _NAME.fullmatch(path.name) and path.stem not in names:
            chosen[path] = None
            names.add(path.stem)
            room -= size
    return tuple(chosen)


def ramdisk_files(
    modules: Mapping[PurePosixPath, bytes], chosen: Iterable[PurePosixPath], age: Generation
) -> dict[str, bytes]:
    """What goes into the ramdisk's ``/modules``: ``list``, with each module's name and its file,
    and these. Kernels of today call a module ``snd_pcm`` that has the file ``snd-pcm.ko``."""
    files, lines = {}, []
    for number, path in enumerate(chosen):
        called = path.stem if age is Generation.CONFIG_IN else re.sub("[-,]", "_", path.stem)
        lines.append(f"{called} m{number:03}\n")
        files[f"m{number:03}"] = modules[path]
    return {"list": "".join(lines).encode(), **files} if files else {}
