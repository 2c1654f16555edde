"""One build under way: what its steps share."""

from __future__ import annotations

import hashlib
import os
import time
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from patchkit.errors import InputError
from patchkit.flows.kbuild.request import Request
from patchkit.flows.kbuild.run_steps import Steps
from patchkit.kbuild.container import find_engine
from patchkit.kbuild.generation import generation
from patchkit.kbuild.image import ensure_image
from patchkit.kbuild.log import Diagnostic
from patchkit.kbuild.plan import Plan
from patchkit.kbuild.probe import with_probe
from patchkit.kbuild.room import Bare, Contained
from patchkit.kbuild.toolchain import make_variables
from patchkit.kbuild.workspace import Workspace, wanted
from patchkit.snapshots.progress import Progress
from patchkit.tree.base import Tree

# whoever runs as root builds as this user; a container's root is no better than another's
BUILDER = 1000


@dataclass(frozen=True, slots=True)
class Job:
    """*request* with the tree that is really built, where, and by which commands."""

    request: Request
    tree: Tree
    workspace: Workspace
    steps: Steps
    plan: Plan

    def sources(self) -> list[PurePosixPath]:
        """The files of the tree that a build for the architecture can read."""
        return [path for path in self.tree.paths() if wanted(path, self.request.arch)]

    def complaints(self) -> tuple[Diagnostic, ...]:
        return self.steps.complaints(self.tree.paths())


def slot_of(request: Request) -> str:
    """The name of the workspace: builds that may follow each other have the same."""
    place = "contained" if request.contained else "bare"
    what = (request.tree.name, request.config, request.toolchain.tag, request.arch.name, place)
    return hashlib.sha256("\0".join(what).encode()).hexdigest()[:16]


def begin(request: Request, slot: Path, progress: Progress) -> Job:
    """The job of *request* in the folder *slot*; makes the toolchain's image where it is missing.

    Raises:
        InputError: the tree is no kernel.
        HostError: no container engine, or the image can't be made.
    """
    tree = with_probe(request.tree) if request.probes else request.tree
    makefile = tree.read(PurePosixPath("Makefile"))
    if makefile is None:
        raise InputError(f"{tree.name}: no Makefile at its top; is it a kernel tree?")
    owner = BUILDER if os.getuid() == 0 and request.contained else None
    steps = _steps(request, slot, progress, user=BUILDER if owner else os.getuid())
    age = generation(request.tree)
    variables = make_variables(
        request.toolchain, age, request.arch, top=steps.room.top, makefile=makefile
    )
    plan = Plan(age, variables, request.jobs)
    return Job(request, tree, Workspace(slot, owner), steps, plan)


def _steps(request: Request, slot: Path, progress: Progress, *, user: int) -> Steps:
    if not request.contained:
        return Steps(Bare(slot), progress)
    engine = find_engine(request.engine)
    began = time.monotonic()
    ensure_image(engine, request.toolchain)
    steps = Steps(Contained(engine, request.toolchain.tag, slot, user), progress)
    if time.monotonic() - began > 1:
        steps.seconds["toolchain image"] = time.monotonic() - began
    return steps
