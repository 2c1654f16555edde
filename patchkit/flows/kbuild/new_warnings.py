"""Warnings in the files that the patches touch, without those that the tree had before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath

from patchkit.flows.kbuild.configure import CONFIGURED
from patchkit.flows.kbuild.job import Job
from patchkit.flows.kbuild.sources_read import kept_read
from patchkit.flows.kbuild.stamps import rules_digest
from patchkit.kbuild.compile_again import MAKEFILE, again, makefile, with_warnings
from patchkit.kbuild.log import Diagnostic, diagnostics
from patchkit.kbuild.newcc.memo import Memo
from patchkit.kbuild.newcc.prepare import rewritten_files
from patchkit.kbuild.plan import Step
from patchkit.patch.diff import change_between
from patchkit.patch.model import Kind
from patchkit.tree.base import Tree

# the workspace's record of what `_had` found
WARNINGS = "warnings"
_Warning = tuple[str, int, str]


def new_warnings(job: Job) -> tuple[Diagnostic, ...]:
    """The new ones of this build's log. One on a line that the patches wrote is new; for the
    others their files are compiled once more, as they were before the patches."""
    applied, before = job.request.applied, job.request.before
    if applied is None or before is None:
        return ()
    lines = {str(path): _lines(path, before, job.request.tree) for path in applied.changes}
    found = [
        one
        for one in job.complaints()
        if one.kind == "warning" and one.line in lines.get(one.path, {})
    ]
    unsure = [one for one in found if lines[one.path][one.line] is not None]
    had = _known(job, before, unsure) if unsure else frozenset()
    return tuple(one for one in found if (one.path, lines[one.path][one.line], one.text) not in had)


def _lines(path: PurePosixPath, before: Tree, now: Tree) -> dict[int, int | None]:
    """For each line of *path* as it is now, which one it was before; None for a new one."""
    old, new = before.read(path) or b"", now.read(path) or b""
    found: dict[int, int | None] = {}
    was = number = 1
    for hunk in change_between(path, old, new).hunks:
        while number < hunk.new_start:
            found[number] = was
            was, number = was + 1, number + 1
        for line in hunk.lines:
            if line.kind is not Kind.REMOVED:
                found[number] = was if line.kind is Kind.CONTEXT else None
                number += 1
            was += line.kind is not Kind.ADDED
    for rest in range(number, new.count(b"\n") + 2):
        found[rest] = was + rest - number
    return found


def _known(job: Job, before: Tree, unsure: Sequence[Diagnostic]) -> frozenset[_Warning]:
    """`_had`, or what it was the last time, where what decides on it stayed as it was."""
    assert job.request.applied is not None
    texts = ((path, before.read(path)) for path in sorted(job.request.applied.changes))
    headers, options = job.workspace.header_digest(), job.workspace.done[CONFIGURED]
    asked = repr((headers, options, job.request.objects, *texts, *unsure)).encode()
    key = hashlib.sha256(asked).hexdigest()
    kept, found = json.loads(job.workspace.done.get(WARNINGS, '["", []]'))
    if kept != key:
        found = sorted(_had(job, before, unsure))
        job.workspace.done[WARNINGS] = json.dumps((key, found))
    return frozenset((path, line, text) for path, line, text in found)


def _had(job: Job, before: Tree, unsure: Iterable[Diagnostic]) -> frozenset[_Warning]:
    """Path, line and text of the warnings that the objects with *unsure* ones gave before."""
    top, files = job.steps.room.top, tuple(job.tree.paths())
    compiled = with_warnings(bytes(job.steps.log), unsure, top=top, files=files)
    commands = {
        name: line
        for name, (folder, printed) in compiled.items()
        if (line := again(name, folder, printed or _kept(job, name)))
    }
    if not commands:
        return frozenset()
    job.workspace.write(MAKEFILE, makefile(commands))
    with job.workspace.swapped(_texts(job, before)):
        step = Step("warnings", ("make", "-k", f"-j{job.request.jobs}", "-Otarget", "-f",
                                 str(MAKEFILE)))  # fmt: skip
        said = job.steps.run(step, quiet=True).stdout
    return frozenset(
        (one.path, one.line, one.text)
        for one in diagnostics(said, top=top, files=files)
        if one.kind == "warning"
    )


def _kept(job: Job, name: str) -> bytes:
    """What Kconfig's make keeps of the command that made the object *name*."""
    path = PurePosixPath(name)
    return job.workspace.read(path.with_name(f".{path.name}.cmd")) or b""


def _texts(job: Job, before: Tree) -> Mapping[PurePosixPath, bytes | None]:
    """The patched files as the compiler would have had them without the patches."""
    assert job.request.applied is not None
    texts = {path: before.read(path) for path in job.request.applied.changes}
    if job.request.toolchain.newcc and job.plan.generation.needs_newcc:
        sources = set(kept_read(job.workspace) or ())
        sources |= {PurePosixPath(name).with_suffix(".c") for name in job.request.objects}
        done = rewritten_files(
            sources, (), before.read, job.request.arch.headers, job.request.jobs,
            memo=Memo(rules_digest(), job.workspace.memo()),
        )  # fmt: skip
        texts |= {one.path: one.text for one in done if one.path in texts}
    return texts
