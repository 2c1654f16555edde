"""The objects of a build: what make was to make, what is there now, and why the rest is not."""

from __future__ import annotations

import time
from pathlib import PurePosixPath

from patchkit.flows.kbuild.job import Job
from patchkit.kbuild.objects import Asked, NotMade, as_json, asked_for, causes, from_json
from patchkit.kbuild.plan import OBJECTS_MAKEFILE, Step, objects_makefile
from patchkit.kbuild.workspace import Workspace

# the workspace's note of what make listed before anything was there
ASKED = "objects"
UNTRIED = "not tried: make gave up on what comes before it"


def keep_asked(workspace: Workspace, asked: Asked) -> None:
    """Remember what make listed in a tree without objects."""
    workspace.notes[ASKED] = as_json(asked)


def kept_asked(workspace: Workspace) -> Asked | None:
    """What was remembered; None in trees where make lists nothing."""
    kept = workspace.notes.get(ASKED)
    return None if kept is None else from_json(kept)


def by_name(job: Job, names: tuple[str, ...], *, modules: bool = False) -> Step:
    """The step that makes the objects *names*, of the kernel or of *modules*."""
    text = objects_makefile(names, modules=modules)
    job.workspace.write(PurePosixPath(OBJECTS_MAKEFILE), text.encode())
    return job.plan.objects(names, keep_going=job.request.keep_going)


def made_objects(
    job: Job, step: Step, asked: Asked | None, *, modules: bool = False, ahead: int = 0
) -> bool:
    """Run *step*, did it succeed? Which of the objects *asked* for are there afterwards, and why
    the others are not, is told in ``job.steps``, beside what it tells of steps before this one.
    For the progress: so many are still *ahead*."""
    steps, going = job.steps, job.request.keep_going
    if asked is None:
        return steps.run(step, counted=True).returncode == 0
    made, total, began = steps.done, steps.total if modules else 0, time.time()
    steps.total = total + len(asked.objects) + ahead
    succeeded = steps.run(step, counted=True).returncode == 0
    missing = _absent(job, asked.objects)
    if missing and going and not job.request.objects:
        # make -k leaves a folder out when one below it failed; these are asked for by name
        steps.run(by_name(job, missing, modules=modules), counted=True)
        missing = _absent(job, asked.objects)
    if not succeeded and going:
        missing += _outdated(job, step, asked.objects, missing, began)
    steps.not_made += _not_made(job, missing, asked)
    steps.total = total + len(asked.objects) + len(asked.impossible)
    steps.done = made + len(asked.objects) - len(missing)
    return succeeded


def _absent(job: Job, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if not (job.workspace.tree / name).is_file())


def _outdated(
    job: Job, step: Step, names: tuple[str, ...], absent: tuple[str, ...], began: float
) -> tuple[str, ...]:
    """Those of *names* that are of an earlier build: nothing was written there since *began*,
    and make would make them again."""
    old = [
        name for name in names
        if name not in absent and (job.workspace.tree / name).stat().st_mtime < began
    ]  # fmt: skip
    if not old:
        return ()
    listing = job.steps.run(job.plan.left(step), quiet=True).stdout
    again = frozenset(asked_for(listing, top=job.steps.room.top).objects)
    return tuple(name for name in old if name in again)


def _not_made(job: Job, missing: tuple[str, ...], asked: Asked) -> tuple[NotMade, ...]:
    """Why each of the *missing* is not there, and what make could not even list; without those
    that make never came to, where it was to stop at the first error."""
    top, files = job.steps.room.top, job.tree.paths()
    known = causes(bytes(job.steps.log), missing, top=top, files=files)
    tried = (name for name in missing if job.request.keep_going or name in known)
    return (*(NotMade(name, known.get(name, UNTRIED)) for name in tried), *asked.impossible)
