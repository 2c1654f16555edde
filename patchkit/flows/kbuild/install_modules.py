"""make modules_install → the archive of the modules, and those that go along into the guest."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from typing import NamedTuple

from patchkit.flows.kbuild.job import Job
from patchkit.kbuild.generation import Generation
from patchkit.kbuild.guest import MODULES
from patchkit.kbuild.log import Diagnostic
from patchkit.kbuild.modules.aboard import ROOM, aboard, ramdisk_files
from patchkit.kbuild.modules.archive import archive
from patchkit.kbuild.modules.elf import Symbols, symbols
from patchkit.kbuild.modules.order import exported, modules_dep, needs, unresolved
from patchkit.kbuild.objects import NotMade
from patchkit.kbuild.plan import INSTALLED
from patchkit.kbuild.verdict import Modules

# a configuration may have them compressed
_MODULE = re.compile(r".*\.k?o(?:\.(?:gz|xz|zst))?")
# of what a tree installs, in bytes: all of it is in memory when it is packed
MOST = 2 << 30
NOBODY = "neither the kernel nor a module exports it"
NO_OBJECT = "what make put there is no object file"
Files = dict[PurePosixPath, bytes]


class Installed(NamedTuple):
    """What became of the modules; where all is not well, ``problems`` has why, or make says it."""

    modules: Modules
    well: bool = True
    problems: tuple[Diagnostic, ...] = ()


def install(job: Job, count: int) -> Installed:
    """Install the modules, *count* as make listed them, as the tree does it, and pack them."""
    job.workspace.clear(PurePosixPath(INSTALLED))
    if job.steps.run(job.plan.install_modules(top=job.steps.room.top)).returncode != 0:
        return Installed(Modules(count, count), well=False)
    release, files = _installed(job)
    made = [path for path in files if _MODULE.fullmatch(path.name)]
    if not made and count:
        why = "make modules_install put no module into lib/modules"
        problem = Diagnostic("make", "", 0, why)
        return Installed(Modules(count, count), well=False, problems=(problem,))
    read = {path: found for path in made if (found := symbols(files[path])) is not None}
    unread = [path for path in made if path not in read and path.suffix in (".o", ".ko")]
    wrong = {**dict.fromkeys(unread, (NO_OBJECT,)), **_lacking(job, read)}
    # make made them all; its own list, or ours of the Makefiles, was of what it might make
    report = Modules(len(made), len(made) - len(wrong), release=release)
    if wrong:
        not_made = tuple(NotMade(_name(path), texts[0]) for path, texts in wrong.items())
        problems = tuple(
            Diagnostic("link", _name(path), 0, text)
            for path, texts in wrong.items()
            for text in texts
        )
        return Installed(replace(report, not_made=not_made), well=False, problems=problems)
    sums = tuple((str(path), hashlib.sha256(files[path]).hexdigest()) for path in sorted(made))
    return Installed(_packed(job, replace(report, files=sums), files, read))


def _installed(job: Job) -> tuple[str, Files]:
    """The kernel's release, and what is in the folder called like it."""
    found = job.workspace.files(PurePosixPath(INSTALLED, "lib", "modules"), most=MOST)
    release = next(iter(sorted(path.parts[0] for path in found)), "")
    return release, {
        path.relative_to(release): data for path, data in found.items() if path.parts[0] == release
    }


def _packed(
    job: Job, report: Modules, files: Files, read: Mapping[PurePosixPath, Symbols]
) -> Modules:
    """*report* with the archive; puts what the guest gets into the workspace."""
    age, needed = job.plan.generation, needs(read)
    prefix = "" if age is Generation.TODAY else f"/lib/modules/{report.release}/"
    files[PurePosixPath("modules.dep")] = modules_dep(needed, prefix)
    modules = {path: files[path] for path in read}
    chosen = aboard(modules, needed, ROOM[age])
    for name, data in ramdisk_files(modules, chosen, age).items():
        job.workspace.write(MODULES / name, data)
    top = PurePosixPath("lib", "modules", report.release)
    packed = archive({top / path: data for path, data in files.items()})
    return replace(report, aboard=tuple(map(str, chosen)), archive=packed)


def _lacking(
    job: Job, read: Mapping[PurePosixPath, Symbols]
) -> Mapping[PurePosixPath, tuple[str, ...]]:
    """What is wrong with each module that needs symbols that no one gives it. A make of today
    looks itself, and fails."""
    if job.plan.generation is Generation.TODAY:
        return {}
    kernel = exported(job.workspace.read(PurePosixPath("System.map")) or b"")
    found = unresolved(read, kernel) if kernel else {}
    return {
        path: tuple(f"undefined reference to `{name}': {NOBODY}" for name in names)
        for path, names in found.items()
    }


def _name(path: PurePosixPath) -> str:
    """An installed module as the tree calls it."""
    return str(path).removeprefix("kernel/")
