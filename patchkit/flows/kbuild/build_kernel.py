"""tree + configuration → workspace → (rewrites) → make → kernel, or the first cause why not."""

from __future__ import annotations

import hashlib

from patchkit.flows.kbuild.build_output import counted, put_out, read_back
from patchkit.flows.kbuild.configure import configure
from patchkit.flows.kbuild.job import Job, begin, slot_of
from patchkit.flows.kbuild.make_kernel import make
from patchkit.flows.kbuild.refresh import refresh
from patchkit.flows.kbuild.request import Request
from patchkit.flows.kbuild.rewrite_tree import Rewritten, rewrite
from patchkit.flows.kbuild.stamps import rules_digest
from patchkit.host.files import locked
from patchkit.host.places import cache_folder
from patchkit.kbuild.kconfig import Refused
from patchkit.kbuild.verdict import BuildReport, ConfigRefused, Verdict
from patchkit.snapshots.progress import Progress


def build_kernel(request: Request, progress: Progress) -> BuildReport:
    """Build what *request* asks for and put it into its output folder.

    Raises:
        InputError: the tree is no kernel that can be configured for the architecture.
        HostError: no container engine, no disk space, or a tool is missing.
    """
    slot = cache_folder() / "kbuild" / slot_of(request)
    slot.mkdir(parents=True, exist_ok=True)
    with locked(slot, busy="", wait=True):
        return _built(begin(request, slot, progress))


def _built(job: Job) -> BuildReport:
    job.steps.end()  # a client that was killed may have left its container at work here
    refresh(job)
    key = _key(job)
    kept = read_back(job.request.output, key)
    if kept is not None:
        job.workspace.close()
        return kept
    refused: tuple[Refused, ...] = ()
    rewritten = Rewritten()
    configured = configure(job)
    if isinstance(configured, ConfigRefused):
        verdict: Verdict = configured
    else:
        refused, rewritten = configured, rewrite(job)
        verdict = make(job, rewritten.depends_on)
    job.workspace.close()
    report = _report(job, verdict, refused, rewritten)
    return put_out(report, job.workspace, job.request.objects, bytes(job.steps.log), key)


def _report(
    job: Job, verdict: Verdict, refused: tuple[Refused, ...], rewritten: Rewritten
) -> BuildReport:
    request, steps = job.request, job.steps
    return BuildReport(
        job.tree.name, request.arch.name, request.config_name, request.toolchain.name,
        steps.room.label, request.output, verdict, refused, rewritten.places,
        counted(rewritten.places), rewritten.effects,
        (steps.done, max(steps.done, steps.total)), steps.not_made, steps.seconds,
        repeat=request.repeat,
    )  # fmt: skip


def _key(job: Job) -> str:
    request = job.request
    what = (
        job.workspace.digest(), request.config, request.toolchain.tag, request.arch.name,
        job.steps.room.label, *request.objects, rules_digest(),
    )  # fmt: skip
    return hashlib.sha256("\0".join(what).encode()).hexdigest()
