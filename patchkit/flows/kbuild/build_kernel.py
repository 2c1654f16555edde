"""tree + configuration → workspace → (rewrites) → make → kernel, or the first cause why not."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import PurePosixPath

from patchkit.errors import InputError
from patchkit.flows.kbuild.build_output import counted, put_out, read_back
from patchkit.flows.kbuild.compilers import compilers
from patchkit.flows.kbuild.configure import configure
from patchkit.flows.kbuild.job import Job, begin, sources
from patchkit.flows.kbuild.make_kernel import make
from patchkit.flows.kbuild.refresh import refresh
from patchkit.flows.kbuild.request import Request
from patchkit.flows.kbuild.rewrite_tree import Rewritten, rewrite, rewrite_programs
from patchkit.flows.kbuild.slots import free_slot, left_behind
from patchkit.flows.kbuild.stamps import stamps
from patchkit.host.shipped import own_digest
from patchkit.kbuild.compiler_cache import STATISTICS, reused
from patchkit.kbuild.kconfig import Refused
from patchkit.kbuild.probe import with_probe
from patchkit.kbuild.verdict import BuildReport, ConfigRefused, Modules, Verdict
from patchkit.snapshots.progress import Progress


def build_kernel(request: Request, progress: Progress) -> BuildReport:
    """Build what *request* asks for and put it into its output folder, unless it is there.

    Raises:
        InputError: the tree is no kernel that can be configured for the architecture.
        HostError: no container engine, no disk space, or a tool is missing.
    """
    if request.tree.mode(PurePosixPath("Makefile")) is None:
        raise InputError(f"{request.tree.name}: no Makefile at its top; is it a kernel tree?")
    tree = with_probe(request.tree) if request.probes else request.tree
    stamp = stamps(tree)
    key = _key(request, sorted(f"{path} {stamp(path)}" for path in sources(request, tree)))
    kept = read_back(request.output, key, compilers(request))
    if kept is not None:
        return kept
    with free_slot(request) as slot:
        job = begin(request, tree, slot, progress)
        for workspace in left_behind(slot):
            job.steps.end(workspace)
        return _built(job)


def _built(job: Job) -> BuildReport:
    refresh(job)
    job.workspace.remove(STATISTICS)
    # Of what was copied: the user may have gone on working since the kept kernel was asked for.
    key = _key(job.request, job.workspace.copied())
    refused: tuple[Refused, ...] = ()
    rewritten = Rewritten()
    modules: Modules | None = None
    programs = rewrite_programs(job)
    configured = configure(job)
    if isinstance(configured, ConfigRefused):
        verdict: Verdict = configured
    else:
        refused, rewritten = configured, rewrite(job, programs)
        verdict, modules = make(job, rewritten.depends_on)
    job.workspace.close()
    report = _report(job, verdict, refused, rewritten, modules)
    return put_out(report, job, key)


def _report(
    job: Job,
    verdict: Verdict,
    refused: tuple[Refused, ...],
    rewritten: Rewritten,
    modules: Modules | None,
) -> BuildReport:
    request, steps = job.request, job.steps
    return BuildReport(
        job.tree.name, request.arch.name, request.config_name, request.toolchain.name,
        steps.room.label, request.output, verdict, refused, rewritten.places,
        counted(rewritten.places), rewritten.effects,
        (steps.done, max(steps.done, steps.total)), steps.not_made, modules, steps.seconds,
        repeat=request.repeat,
        reused=reused(job.workspace.read(STATISTICS) or b""),
    )  # fmt: skip


def _key(request: Request, files: Iterable[str]) -> str:
    """A hash of all that decides on the kernel; *files* are paths with their stamps."""
    what = (
        *files, request.config, request.toolchain.tag, request.arch.name, str(request.contained),
        *request.objects, str(request.modules), own_digest(),
    )  # fmt: skip
    return hashlib.sha256(os.fsencode("\0".join(what))).hexdigest()
