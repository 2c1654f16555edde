"""One build under way: what its steps share."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from patchkit.flows.kbuild.compilers import compilers
from patchkit.flows.kbuild.request import Request
from patchkit.flows.kbuild.run_steps import Steps
from patchkit.host.places import cache_folder
from patchkit.kbuild.compiler_cache import cache_for
from patchkit.kbuild.container import find_engine
from patchkit.kbuild.generation import generation
from patchkit.kbuild.image import ensure_image
from patchkit.kbuild.log import Diagnostic
from patchkit.kbuild.plan import Plan
from patchkit.kbuild.room import Bare, Contained
from patchkit.kbuild.toolchain import make_variables
from patchkit.kbuild.workspace import Workspace, wanted
from patchkit.snapshots.progress import Progress
from patchkit.tree.base import Tree

# whoever runs as root builds as this user; a container's root is no better than another's
BUILDER = 1000


@dataclass(frozen=True, slots=True)
class Job:
    """*request* with the tree that is really built, where, by which commands and compilers."""

    request: Request
    tree: Tree
    workspace: Workspace
    steps: Steps
    plan: Plan
    compilers: str

    def sources(self) -> list[PurePosixPath]:
        return sources(self.request, self.tree)

    def complaints(self) -> tuple[Diagnostic, ...]:
        return self.steps.complaints(self.tree.paths())


def sources(request: Request, tree: Tree) -> list[PurePosixPath]:
    """The files of *tree* that a build for the architecture can read."""
    return [path for path in tree.paths() if wanted(path, request.arch)]


def begin(request: Request, tree: Tree, slot: Path, progress: Progress) -> Job:
    """The job of *request* in the folder *slot*, where *tree* is built; makes the toolchain's image
    where it is missing.

    Raises:
        HostError: no container engine, or the image can't be made.
    """
    makefile = tree.read(PurePosixPath("Makefile")) or b""
    owner = BUILDER if os.getuid() == 0 and request.contained else None
    steps = _steps(request, slot, progress, user=BUILDER if owner else os.getuid())
    age = generation(request.tree)
    variables = make_variables(
        request.toolchain, age, request.arch, top=steps.room.top, makefile=makefile
    )
    plan = Plan(age, variables, request.jobs)
    return Job(request, tree, Workspace(slot, owner), steps, plan, compilers(request))


def _steps(request: Request, slot: Path, progress: Progress, *, user: int) -> Steps:
    if not request.contained:
        return Steps(Bare(slot), progress)
    engine = find_engine(request.engine)
    began = time.monotonic()
    ensure_image(engine, request.toolchain)
    image, owner = request.toolchain.tag, user if user != os.getuid() else None
    compiled = cache_for(cache_folder() / "ccache", image, request.tree.name, owner)
    steps = Steps(Contained(engine, image, slot, user, compiled), progress)
    if time.monotonic() - began > 1:
        steps.seconds["toolchain image"] = time.monotonic() - began
    return steps
