"""make modules → what was made of what was asked, the archive of it, and what the guest gets."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import PurePosixPath

from patchkit.flows.kbuild.build_objects import by_name, made_objects
from patchkit.flows.kbuild.configure import workspace_options
from patchkit.flows.kbuild.job import Job
from patchkit.kbuild.generation import Generation
from patchkit.kbuild.guest import MODULES
from patchkit.kbuild.log import Diagnostic
from patchkit.kbuild.modules.aboard import ROOM, aboard, ramdisk_files
from patchkit.kbuild.modules.archive import archive
from patchkit.kbuild.modules.asked import (
    AskedModules, Module, as_json, asked_modules, from_json,
)  # fmt: skip
from patchkit.kbuild.modules.elf import Symbols, symbols
from patchkit.kbuild.modules.order import Needs, exported, modules_dep, needs, unresolved
from patchkit.kbuild.objects import NotMade
from patchkit.kbuild.plan import INSTALLED
from patchkit.kbuild.verdict import Modules

# in the workspace: what make listed before any module was there
ASKED = PurePosixPath(".patchkit-modules")
UNTRIED = "not tried: make gave up on what comes before it"
# an object that is linked into the kernel as it is, or a module
SUFFIXES = (".o", ".ko")
NO_GENKSYMS = (
    "CONFIG_MODVERSIONS: trees with Config.in want modutils' genksyms for it, which is not here; "
    "without it no module would fit the kernel: leave that option off"
)


def no_modules(job: Job) -> str | None:
    """Why there is no module to make; None where there is."""
    options = workspace_options(job)
    if options.get("CONFIG_MODULES") != "y":
        return "CONFIG_MODULES is off in this configuration, or unknown to this tree"
    if "m" not in options.values():
        return "no option is =m in this configuration"
    return None


def asked(job: Job) -> AskedModules:
    """What ``make modules`` is to make, as make itself lists it in a tree without modules."""
    kept = job.workspace.read(ASKED)
    if kept is not None:
        return from_json(kept)
    printed = job.steps.run(job.plan.list_modules(), quiet=True).stdout
    found = asked_modules(printed, top=job.steps.room.top)
    job.workspace.write(ASKED, as_json(found))
    return found


def make_modules(job: Job) -> tuple[Modules, tuple[Diagnostic, ...]]:
    """Make and install the modules of *job*; what became of them, and why some can't be loaded."""
    none = no_modules(job)
    if none:
        return Modules(none=none), ()
    if not _can_version(job):
        return Modules(none=NO_GENKSYMS), (Diagnostic("link", "", 0, NO_GENKSYMS),)
    wanted = asked(job)
    succeeded = _made(job, wanted)
    not_made = tuple(_not_made(job, wanted, succeeded=succeeded))
    count = len(wanted.modules)
    if not succeeded:
        made = count - sum(not _there(job, one) for one in wanted.modules)
        return Modules(count, made, not_made), ()
    return _installed(job, count)


def _can_version(job: Job) -> bool:
    """Are there checksums of symbols, where they are asked for? 2.4 goes on without the program
    that makes them, and every module then names symbols that no kernel has."""
    versions = workspace_options(job).get("CONFIG_MODVERSIONS") == "y"
    if not versions or job.plan.generation is not Generation.CONFIG_IN:
        return True
    return job.steps.run(job.plan.find_genksyms(), quiet=True).returncode == 0


def _made(job: Job, wanted: AskedModules) -> bool:
    step = job.plan.modules(keep_going=job.request.keep_going)
    if job.plan.generation is not Generation.CONFIG_IN:
        return made_objects(job, step, None)
    succeeded = made_objects(job, step, wanted.objects, modules=True)
    if not succeeded and job.request.keep_going:
        # linked by the folders that make -k left out
        linked = tuple(one.name for one in wanted.modules if one.parts and not _there(job, one))
        if linked:
            job.steps.run(by_name(job, linked, modules=True))
    return succeeded


def _there(job: Job, module: Module) -> bool:
    missing = {one.name for one in job.steps.not_made}
    files = (module.name, *module.parts)
    return not missing.intersection(files) and all(
        (job.workspace.tree / name).is_file() for name in files
    )


def _not_made(job: Job, wanted: AskedModules, *, succeeded: bool) -> Iterator[NotMade]:
    """The modules that are not there, with the first cause of the first object that is not."""
    if succeeded:
        return
    known = {one.name: one.cause for one in job.steps.not_made}
    if job.plan.generation is not Generation.CONFIG_IN:
        known = _causes(job, wanted)
    for module in wanted.modules:
        if not _there(job, module):
            found = (known[name] for name in (module.name, *module.parts) if name in known)
            cause = next(found, UNTRIED)
            if cause != UNTRIED or job.request.keep_going:
                yield NotMade(module.name, cause)


def _causes(job: Job, wanted: AskedModules) -> dict[str, str]:
    from patchkit.kbuild.objects import causes

    names = [name for one in wanted.modules for name in (one.name, *one.parts)]
    log = bytes(job.steps.log)
    return dict(causes(log, names, top=job.steps.room.top, files=job.tree.paths()))


def _installed(job: Job, count: int) -> tuple[Modules, tuple[Diagnostic, ...]]:
    """The modules as the tree installs them, with what patchkit works out of them."""
    job.workspace.clear(PurePosixPath(INSTALLED))
    install = job.plan.install_modules(top=job.steps.room.top)
    if job.steps.run(install).returncode != 0:
        return Modules(count, count), (Diagnostic("make", "", 0, "make modules_install failed"),)
    releases = job.workspace.files(PurePosixPath(INSTALLED, "lib", "modules"))
    release = next(iter(sorted({path.parts[0] for path in releases})), "")
    files = {
        PurePosixPath(*path.parts[1:]): data
        for path, data in releases.items()
        if path.parts[0] == release
    }
    modules = {path: data for path, data in files.items() if path.suffix in SUFFIXES}
    read = {path: found for path, data in modules.items() if (found := symbols(data)) is not None}
    lacking = _lacking(job, read)
    if lacking:
        not_made = tuple(NotMade(str(path), _words(names)) for path, names in lacking.items())
        report = Modules(max(count, len(modules)), len(modules) - len(lacking), not_made, release)
        return report, tuple(_undefined(lacking))
    return _given(job, Modules(max(count, len(modules)), len(modules), (), release), files, read)


def _given(
    job: Job, report: Modules, files: dict[PurePosixPath, bytes], read: dict[PurePosixPath, Symbols]
) -> tuple[Modules, tuple[Diagnostic, ...]]:
    needed = needs(read)
    today = job.plan.generation is Generation.TODAY
    prefix = "" if today else f"/lib/modules/{report.release}/"
    files[PurePosixPath("modules.dep")] = modules_dep(needed, prefix)
    modules = {path: files[path] for path in read}
    chosen = aboard(modules, needed, ROOM[job.plan.generation])
    _put_aboard(job, modules, needed, chosen)
    top = PurePosixPath("lib", "modules", report.release)
    packed = archive({top / path: data for path, data in files.items()})
    sums = tuple(
        (str(path), hashlib.sha256(files[path]).hexdigest())
        for path in sorted(files)
        if path.suffix in SUFFIXES or ".ko." in path.name
    )
    names = tuple(str(path) for path in chosen)
    return replace(report, files=sums, aboard=names, archive=packed), ()


def _put_aboard(
    job: Job,
    modules: Mapping[PurePosixPath, bytes],
    needed: Needs,
    chosen: tuple[PurePosixPath, ...],
) -> None:
    for name, data in ramdisk_files(modules, chosen, job.plan.generation).items():
        job.workspace.write(MODULES / name, data)


def _lacking(
    job: Job, read: Mapping[PurePosixPath, Symbols]
) -> dict[PurePosixPath, tuple[str, ...]]:
    """What no one gives; since 2.6.28 make looks itself, and fails."""
    if job.plan.generation is Generation.TODAY:
        return {}
    kernel = exported(job.workspace.read(PurePosixPath("System.map")) or b"")
    return unresolved(read, kernel) if kernel else {}


def _words(names: tuple[str, ...]) -> str:
    return f"undefined: {', '.join(names)}; neither the kernel nor a module exports it"


def _undefined(lacking: Mapping[PurePosixPath, tuple[str, ...]]) -> Iterator[Diagnostic]:
    for path, names in lacking.items():
        for name in names:
            text = f"undefined reference to `{name}': neither the kernel nor a module exports it"
            yield Diagnostic("link", str(path), 0, text)
