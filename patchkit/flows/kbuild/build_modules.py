"""make modules → how many were made of those that were asked for, and why the others were not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from patchkit.flows.kbuild.build_objects import UNTRIED, by_name, made_objects
from patchkit.flows.kbuild.configure import workspace_options
from patchkit.flows.kbuild.install_modules import Installed, install
from patchkit.flows.kbuild.job import Job
from patchkit.kbuild.generation import Generation
from patchkit.kbuild.modules.asked import AskedModules, Module, as_json, asked_modules, from_json
from patchkit.kbuild.objects import NotMade, causes
from patchkit.kbuild.verdict import Modules

# the workspace's note of what make listed before any module was there
ASKED = "modules"
NO_GENKSYMS = (
    "CONFIG_MODVERSIONS: trees with Config.in want modutils' /sbin/genksyms, which is not there; "
    "without it no module fits the kernel: leave the option off"
)


def no_modules(job: Job) -> str | None:
    """Why there is no module to make; None where there is."""
    options = workspace_options(job)
    if options.get("CONFIG_MODULES") != "y":
        return "CONFIG_MODULES is off in this configuration, or unknown to this tree"
    if "m" not in options.values():
        return "no option is =m in this configuration"
    return None


def can_version(job: Job) -> bool:
    """Are there checksums of symbols, where they are asked for? 2.4 goes on without the program
    that makes them, and every module then names symbols that no kernel has."""
    versions = workspace_options(job).get("CONFIG_MODVERSIONS") == "y"
    if not versions or job.plan.generation is not Generation.CONFIG_IN:
        return True
    return job.steps.run(job.plan.find_genksyms(), quiet=True).returncode == 0


def asked(job: Job) -> AskedModules:
    """What ``make modules`` is to make, as the tree lists it where none is there yet."""
    kept = job.workspace.notes.get(ASKED)
    if kept is not None:
        return from_json(kept)
    printed = job.steps.run(job.plan.list_modules(), quiet=True).stdout
    found = asked_modules(printed, top=job.steps.room.top)
    job.workspace.notes[ASKED] = as_json(found)
    return found


def make_modules(job: Job, *, kernel: bool) -> Installed:
    """Make the modules of *job*, and where there is a *kernel* to load them, install them."""
    none = no_modules(job)
    if none:
        return Installed(Modules(none=none))
    wanted = asked(job)
    succeeded = _made(job, wanted)
    count = len(wanted.modules)
    if succeeded and kernel:
        return install(job, count)
    reasons = {} if succeeded else _reasons(job, wanted)
    missing = [one for one in wanted.modules if one.name in reasons or not _there(job, one)]
    not_made = tuple(_not_made(job, missing, reasons))
    return Installed(Modules(count, count - len(missing), not_made), well=succeeded)


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
    """Kbuild links none where it can't link all: there a module is its objects."""
    linked = () if module.name.endswith(".ko") else (module.name,)
    failed = {one.name for one in job.steps.not_made}
    return failed.isdisjoint((module.name, *module.parts)) and all(
        (job.workspace.tree / name).is_file() for name in (*linked, *module.parts)
    )


def _reasons(job: Job, wanted: AskedModules) -> dict[str, str]:
    """The first cause for each module that is not there, or that can't be linked."""
    unlinked = {one.path: one.text for one in job.complaints() if one.kind == "link" and one.path}
    failed = [one for one in wanted.modules if one.name in unlinked or not _there(job, one)]
    objects = [name for one in failed for name in (one.name, *one.parts)]
    log, top = bytes(job.steps.log), job.steps.room.top
    known = dict(causes(log, objects, top=top, files=job.tree.paths()))
    known |= {one.name: one.cause for one in job.steps.not_made} | unlinked
    # of a module that is linked, its parts come first
    found = (
        (one.name, next((known[name] for name in (*one.parts, one.name) if name in known), None))
        for one in failed
    )
    return {name: cause for name, cause in found if cause is not None}


def _not_made(job: Job, missing: list[Module], reasons: Mapping[str, str]) -> Iterator[NotMade]:
    """Those that make never came to are no news, where it was to stop at the first error."""
    for module in missing:
        if module.name in reasons or job.request.keep_going:
            yield NotMade(module.name, reasons.get(module.name, UNTRIED))
