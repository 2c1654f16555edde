"""Warnings in the files that the patches touch, without those that the tree had before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from patchkit.flows.kbuild.job import Job
from patchkit.flows.kbuild.refresh import SOURCES_READ
from patchkit.flows.kbuild.stamps import rules_digest
from patchkit.kbuild.compile_again import MAKEFILE, again, makefile, with_warnings
from patchkit.kbuild.log import Diagnostic, diagnostics
from patchkit.kbuild.newcc.memo import Memo
from patchkit.kbuild.newcc.prepare import rewritten_files
from patchkit.kbuild.plan import Step
from patchkit.patch.diff import change_between
from patchkit.patch.model import Kind
from patchkit.tree.base import Tree

# a header that everything includes is asked for once; nobody reads more than this
MOST = 40


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
    had = _had(job, before, unsure[:MOST]) if unsure else frozenset()
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


def _had(
    job: Job, before: Tree, unsure: Iterable[Diagnostic]
) -> frozenset[tuple[str, int | None, str]]:
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
        listed = (job.workspace.read(SOURCES_READ) or b"").decode().split("\n")
        sources = {PurePosixPath(name) for name in listed if name}
        sources |= {PurePosixPath(name).with_suffix(".c") for name in job.request.objects}
        done = rewritten_files(
            sources, (), before.read, job.request.arch.headers, job.request.jobs,
            memo=Memo(rules_digest(), job.workspace.memo()),
        )  # fmt: skip
        texts |= {one.path: one.text for one in done if one.path in texts}
    return texts
