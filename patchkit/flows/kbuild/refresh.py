"""The workspace brought up to date with the tree."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import PurePosixPath

from patchkit.flows.kbuild.job import Job
from patchkit.flows.kbuild.sources_read import kept_read
from patchkit.flows.kbuild.stamps import rules_digest, stamps
from patchkit.kbuild.declared import listing_files
from patchkit.kbuild.generation import Generation
from patchkit.kbuild.guest import guest_files

# what these say decides which objects there are and how they are made
SHAPING = ("Makefile", "Config.in", "Kconfig", "Rules.make")


def refresh(job: Job) -> None:
    """Copy what has changed; start afresh where make would not see the change."""
    began = time.monotonic()
    job.steps.progress("copy", 0, None)
    workspace, stamp, paths = job.workspace, stamps(job.tree), job.sources()
    there = frozenset(paths)
    shaping = (
        f"{path} {stamp(path)}"
        for path in paths
        if path.name.startswith(SHAPING) or "configs" in path.parts
    )
    # make sees neither that a compiler or its options changed nor what patchkit tells it
    how = (rules_digest(), job.compilers, *job.plan.variables)
    identity = hashlib.sha256(os.fsencode("\n".join((*how, *shaping)))).hexdigest()
    known = workspace.open(identity)
    changed = workspace.synchronise(job.tree, paths, stamp)
    # where a source left, make takes its object as it is
    tracked = kept_read(workspace) or frozenset()
    if known and not all(path in there and _tracked(job, path, tracked) for path in changed):
        workspace.open("")
        workspace.open(identity)
        workspace.synchronise(job.tree, paths, stamp)
    for path, data in (*guest_files().items(), *listing_files().items()):
        workspace.write(path, data)
    job.steps.seconds["copy"] = time.monotonic() - began


def _tracked(job: Job, path: PurePosixPath, sources: frozenset[PurePosixPath]) -> bool:
    """Does make see that *path* changed? 2.4 has no dependencies on a C file that another
    one includes, nor on scripts."""
    if job.plan.generation is not Generation.CONFIG_IN or path.suffix == ".h":
        return True
    return path in sources
