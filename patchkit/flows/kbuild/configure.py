"""A fragment → the workspace's ``.config``, and the options that did not survive."""

from __future__ import annotations

import hashlib
from pathlib import PurePosixPath

from patchkit.flows.kbuild.build_blame import blamed
from patchkit.flows.kbuild.job import Job
from patchkit.kbuild.kconfig import Refused, options, refused, rendered
from patchkit.kbuild.log import first_cause, place
from patchkit.kbuild.verdict import ConfigRefused

CONFIG = PurePosixPath(".config")
# the workspace's record of this step
CONFIGURED = "config"


def configure(job: Job) -> tuple[Refused, ...] | ConfigRefused:
    """Configure the workspace; what was not kept as asked, or why there is no configuration.

    What the tree says of its options is the workspace's identity: where that stayed, and
    ``.config`` is as configuring left it, there is nothing to do.
    """
    workspace = job.workspace
    asked = options(job.request.config, source=job.request.config_name)
    if workspace.done.get(CONFIGURED) != _digest(job):
        problem = _configured(job, asked)
        if problem is not None:
            return problem
        workspace.done[CONFIGURED] = _digest(job)
    return refused(asked, workspace_options(job))


def _configured(job: Job, asked: dict[str, str]) -> ConfigRefused | None:
    workspace, steps = job.workspace, job.steps
    base = job.plan.base_config()
    if base is not None and workspace.read(CONFIG) is None and steps.run(base).returncode != 0:
        return _refusal(job, "the tree has no tinyconfig")
    if refused(asked, workspace_options(job)):
        before = workspace.read(CONFIG) or b""
        workspace.write(CONFIG, before + rendered(asked).encode())
    if steps.run(job.plan.configure()).returncode != 0 or _broken(job):
        return _refusal(job, "the configuration was not taken")
    return None


def _broken(job: Job) -> bool:
    """Is a file that the patches touch no list of options? 2.4's shell passes over such a one, and
    all its options are gone."""
    touched = job.request.touched
    return any(
        one.kind == "recipe" and PurePosixPath(one.path) in touched for one in job.complaints()
    )


def workspace_options(job: Job) -> dict[str, str]:
    """The options of the workspace's ``.config``."""
    text = (job.workspace.read(CONFIG) or b"").decode("latin-1")
    return options(text, source=".config")


def _digest(job: Job) -> str:
    return hashlib.sha256(job.workspace.read(CONFIG) or b"").hexdigest()


def _refusal(job: Job, otherwise: str) -> ConfigRefused:
    cause = first_cause(job.complaints())
    if cause is None:
        return ConfigRefused(otherwise)
    return ConfigRefused(f"{otherwise}: {place(cause)}{cause.text}", blamed(job.request, (cause,)))
