"""The workspace's sources as today's compiler takes them."""

from __future__ import annotations

import time
from pathlib import PurePosixPath
from typing import NamedTuple

from patchkit.flows.kbuild.job import Job
from patchkit.flows.kbuild.refresh import SOURCES_READ
from patchkit.flows.kbuild.stamps import rules_digest
from patchkit.kbuild.newcc.listing import compiled_sources, object_count
from patchkit.kbuild.newcc.memo import Memo
from patchkit.kbuild.newcc.prepare import dependencies, memo_of, rewritten_files
from patchkit.kbuild.newcc.rewrite import Place, rules_for


class Rewritten(NamedTuple):
    """Every place; and what ``make dep`` will read, empty where that is not known."""

    places: tuple[Place, ...] = ()
    depends_on: str = ""


def rewrite(job: Job) -> Rewritten:
    """Rewrite the files that the build reads, if the tree is older than the compiler."""
    request, workspace = job.request, job.workspace
    if not (request.toolchain.newcc and job.plan.generation.needs_newcc):
        return Rewritten()
    sources = _compiled(job)
    sources |= {PurePosixPath(name).with_suffix(".c") for name in request.objects}
    began = time.monotonic()
    job.steps.progress("rewrite", 0, None)
    others = [
        path for path in job.sources() if path.suffix not in (".c", ".h", ".S") and rules_for(path)
    ]
    done = rewritten_files(
        sources, others, job.tree.read, request.arch.headers, request.jobs,
        memo=Memo(rules_digest(), workspace.memo()),
    )  # fmt: skip
    workspace.keep_memo(memo_of(done))
    for one in done:
        if one.places or workspace.rewritten(one.path):
            workspace.write_rewritten(one.path, one.text, one.key)
    job.steps.seconds["rewrite"] = time.monotonic() - began
    return Rewritten(tuple(place for one in done for place in one.places), dependencies(done))


def _compiled(job: Job) -> frozenset[PurePosixPath]:
    """The sources that the build compiles, as make itself lists them; all where it can't."""
    listing, listed = job.plan.listing(), job.workspace.read(SOURCES_READ)
    if listed is not None:
        return frozenset(map(PurePosixPath, listed.decode().split("\n")))
    if listing is None:
        return frozenset(path for path in job.sources() if path.suffix in (".c", ".S"))
    printed = job.steps.run(listing, quiet=True).stdout
    job.steps.total = object_count(printed)
    sources = compiled_sources(printed, top=job.steps.room.top)
    job.workspace.write(SOURCES_READ, "\n".join(map(str, sorted(sources))).encode())
    return sources
