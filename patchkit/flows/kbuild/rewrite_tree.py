"""The workspace's sources as today's compiler takes them."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import NamedTuple

from patchkit.flows.kbuild.build_modules import asked, no_modules
from patchkit.flows.kbuild.build_objects import keep_asked
from patchkit.flows.kbuild.build_rewrites import proven
from patchkit.flows.kbuild.job import Job
from patchkit.flows.kbuild.sources_read import keep_read, kept_read
from patchkit.flows.kbuild.stamps import rules_digest
from patchkit.kbuild.generation import Generation
from patchkit.kbuild.newcc import prepare
from patchkit.kbuild.newcc.effect import Effect
from patchkit.kbuild.newcc.listing import compiled_sources
from patchkit.kbuild.newcc.memo import Memo
from patchkit.kbuild.newcc.rewrite import Place, rules_for
from patchkit.kbuild.objects import asked_for

# included by modversions.h, which make writes
MODULE_HEADERS = frozenset((PurePosixPath("include/linux/modsetver.h"),))


class Rewritten(NamedTuple):
    """Every place, and the tokens that differ; and what ``make dep`` will read, empty where that
    is not known."""

    places: tuple[Place, ...] = ()
    effects: tuple[Effect, ...] = ()
    depends_on: str = ""


def rewrite_programs(job: Job) -> tuple[prepare.Rewritten, ...]:
    """Rewrite the programs that an early Kconfig tree is configured with."""
    if not _rewrites(job) or job.plan.generation is not Generation.EARLY_KCONFIG:
        return ()
    scripts = (path for path in job.sources() if path.parts[0] == "scripts")
    return _written(job, frozenset(path for path in scripts if path.suffix == ".c"), ())


def rewrite(job: Job, programs: tuple[prepare.Rewritten, ...]) -> Rewritten:
    """Rewrite the files that the build reads, if the tree is older than the compiler; *programs*
    were before."""
    if not _rewrites(job):
        return Rewritten()
    sources = _compiled(job)
    if job.request.modules and no_modules(job) is None:
        sources |= asked(job).sources
        keep_read(job.workspace, sources)
        sources |= MODULE_HEADERS
    sources |= {PurePosixPath(name).with_suffix(".c") for name in job.request.objects}
    sources |= _loader(job)
    others = [
        path for path in job.sources() if path.suffix not in (".c", ".h", ".S") and rules_for(path)
    ]
    # a header that programs and kernel share is as the kernel's files want it
    files = (*programs, *_written(job, sources, others))
    done = tuple({one.path: one for one in files}.values())
    job.workspace.keep_memo(prepare.memo_of(done))
    places = tuple(place for one in done for place in one.places)
    return Rewritten(places, proven(done, job.tree, job.workspace), prepare.dependencies(done))


def _rewrites(job: Job) -> bool:
    return job.request.toolchain.newcc and job.plan.generation.needs_newcc


def _written(
    job: Job, sources: frozenset[PurePosixPath], others: Iterable[PurePosixPath]
) -> tuple[prepare.Rewritten, ...]:
    request, workspace = job.request, job.workspace
    began = time.monotonic()
    job.steps.progress("rewrite", 0, None)
    done = prepare.rewritten_files(
        sources, others, job.tree.read, request.arch.headers, request.jobs,
        memo=Memo(rules_digest(), workspace.memo()),
    )  # fmt: skip
    for one in done:
        if one.places or workspace.rewritten(one.path):
            workspace.write_rewritten(one.path, one.text, one.key)
    spent = job.steps.seconds.get("rewrite", 0)
    job.steps.seconds["rewrite"] = spent + time.monotonic() - began
    return done


def _loader(job: Job) -> frozenset[PurePosixPath]:
    """What unpacks the kernel; 2.2 lists it only when there is a kernel to unpack."""
    boot = PurePosixPath("arch", job.request.arch.name, "boot")
    inside = (path for path in job.sources() if path.is_relative_to(boot))
    return frozenset(path for path in inside if path.suffix in (".c", ".S"))


def _compiled(job: Job) -> frozenset[PurePosixPath]:
    """The sources that the build compiles, as make itself lists them."""
    listing, listed = job.plan.listing(), kept_read(job.workspace)
    if listed is not None:
        return listed
    if listing is None:
        return frozenset()
    printed = job.steps.run(listing, quiet=True).stdout
    found = asked_for(printed, top=job.steps.room.top)
    job.steps.total = len(found.objects)
    if job.plan.generation is Generation.CONFIG_IN:
        keep_asked(job.workspace, found)
    sources = compiled_sources(printed, top=job.steps.room.top)
    keep_read(job.workspace, sources)
    return sources
