"""make in the workspace → the kernel or the objects, or the first cause why not."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import NamedTuple

from patchkit.errors import HostError
from patchkit.flows.kbuild.build_blame import blamed
from patchkit.flows.kbuild.build_modules import (
    NO_GENKSYMS,
    asked,
    can_version,
    make_modules,
    no_modules,
)
from patchkit.flows.kbuild.build_objects import by_name, kept_asked, made_objects
from patchkit.flows.kbuild.configure import CONFIGURED
from patchkit.flows.kbuild.job import Job
from patchkit.flows.kbuild.new_warnings import new_warnings
from patchkit.kbuild.guest import MODULES, guest_digest, guest_step
from patchkit.kbuild.log import Diagnostic, first_cause
from patchkit.kbuild.objects import Asked
from patchkit.kbuild.plan import HEADERS_MAKEFILE, SETTLED, Step
from patchkit.kbuild.verdict import Built, CompileFailed, Modules

# which headers include which, as make dep of 2.2 and 2.4 writes it
HEADER_RULES = PurePosixPath(".hdepend")
FEWER = "memory ran out: try fewer --jobs"


class Made(NamedTuple):
    """What make made; ``modules`` is None where none were asked for, or make never came to them."""

    verdict: Built | CompileFailed
    modules: Modules | None = None


def make(job: Job, depends_on: str) -> Made:
    """Make what *job* asks for; *depends_on* is what ``make dep`` reads, where that is known.

    Raises:
        HostError: disk or memory gave out.
    """
    if job.request.modules and not can_version(job):
        return Made(CompileFailed((Diagnostic("make", "", 0, NO_GENKSYMS),)))
    _forget_touched(job)
    depend = job.plan.depend()
    if depend is not None and not _again(job, depend, depends_on):
        return Made(_failure(job))
    if job.workspace.read(HEADER_RULES) is not None:
        job.workspace.write(PurePosixPath(HEADERS_MAKEFILE), SETTLED.encode())
        of = f"{depends_on} {job.workspace.header_digest()} {job.workspace.done[CONFIGURED]}"
        if not _again(job, job.plan.headers(), of):
            return Made(_failure(job))
    return Made(_objects(job)) if job.request.objects else _kernel(job)


def _again(job: Job, step: Step, of: str) -> bool:
    """Run *step*, unless it was done here on the same inputs, of which *of* is a digest."""
    if of and job.workspace.done.get(step.name) == of:
        return True
    job.workspace.done.pop(step.name, None)
    if job.steps.run(step).returncode != 0:
        return False
    job.workspace.done[step.name] = of
    return True


def _kernel(job: Job) -> Made:
    """The image, the modules where they are asked for, and the guest that may load them."""
    # 2.4 counts its builds in .version, and the count is in the kernel
    (job.workspace.tree / ".version").unlink(missing_ok=True)
    job.workspace.clear(MODULES)
    image = job.plan.image(keep_going=job.request.keep_going)
    succeeded = made_objects(job, image, kept_asked(job.workspace), ahead=_ahead(job))
    modules: Modules | None = None
    problems: tuple[Diagnostic, ...] = ()
    if job.request.modules and (succeeded or job.request.keep_going):
        modules, well, problems = make_modules(job, kernel=succeeded)
        succeeded = succeeded and well
    if not succeeded:
        return Made(_failure(job, problems), modules)
    guest = guest_step(job.plan.generation, job.request.arch)
    if not _again(job, guest, _guest(modules)):
        return Made(_failure(job), modules)
    return Made(_image(job), modules)


def _ahead(job: Job) -> int:
    """How many objects the modules have, which are made behind the kernel's."""
    if not job.request.modules or no_modules(job):
        return 0
    count = len(asked(job).objects.objects)
    # where make lists nothing, this has the kernel's too
    job.steps.total = max(job.steps.total, count)
    return count


def _guest(modules: Modules | None) -> str:
    """A digest of what the ramdisk is made of."""
    if modules is None:
        return guest_digest()
    sums = dict(modules.files)
    return " ".join((guest_digest(), *(sums[name] for name in modules.aboard)))


def _image(job: Job) -> Built | CompileFailed:
    made = next((at for at in job.request.arch.images if job.workspace.read(at)), None)
    if made is None:
        return CompileFailed((Diagnostic("make", "", 0, "make succeeded without an image"),))
    return Built(Path(made), new_warnings(job))


def _objects(job: Job) -> Built | CompileFailed:
    names = job.request.objects
    if not made_objects(job, by_name(job, names), Asked(names)):
        return _failure(job)
    return Built(None, new_warnings(job))


def _forget_touched(job: Job) -> None:
    """Have the objects of the patched files compiled, even if they are there: their warnings are
    to be told."""
    for path in job.request.touched:
        if path.suffix in (".c", ".S"):
            job.workspace.remove(path.with_suffix(".o"))


def _failure(job: Job, problems: tuple[Diagnostic, ...] = ()) -> CompileFailed:
    """The *problems* with what make made; without them, why it failed."""
    found = problems or job.complaints()
    cause = first_cause(found)
    if cause is not None and cause.kind == "host":
        is_disk = "No space left" in cause.text
        advice = "free some, or name another cache in PATCHKIT_CACHE" if is_disk else FEWER
        raise HostError(f"{job.workspace.folder}: {cause.text}; {advice}")
    errors = [one for one in found if one.kind not in ("warning", "make")]
    errors = errors or [one for one in found if one.kind == "make"]
    if not errors:
        text = bytes(job.steps.log).decode("utf-8", errors="replace").strip().split("\n")[-1]
        errors = [Diagnostic("make", "", 0, text[:300] or "it says nothing")]
    blame = blamed(job.request, tuple(errors))
    return CompileFailed(tuple(errors), blame, new_warnings(job))
