"""A fragment → the workspace's ``.config``, and the options that did not survive."""

from __future__ import annotations

from pathlib import PurePosixPath

from patchkit.flows.kbuild.job import Job
from patchkit.kbuild.kconfig import Refused, options, refused, rendered
from patchkit.kbuild.log import first_cause
from patchkit.kbuild.verdict import ConfigRefused

CONFIG = PurePosixPath(".config")


def configure(job: Job) -> tuple[Refused, ...] | ConfigRefused:
    """Configure the workspace; what was not kept as asked, or why there is no configuration."""
    workspace, steps = job.workspace, job.steps
    asked = options(job.request.config, source=job.request.config_name)
    base = job.plan.base_config()
    before = workspace.read(CONFIG)
    if base is not None and before is None:
        if steps.run(base).returncode != 0:
            return _refusal(job, "the tree has no tinyconfig")
        before = workspace.read(CONFIG)
    start = before or b""
    if not _holds(asked, start):
        workspace.write(CONFIG, start + rendered(asked).encode())
    settled = base is not None and before is not None and _holds(asked, start)
    if not settled and steps.run(job.plan.configure()).returncode != 0:
        return _refusal(job, "the configuration was not taken")
    got = options((workspace.read(CONFIG) or b"").decode("latin-1"), source=".config")
    return refused(asked, got)


def _holds(asked: dict[str, str], text: bytes) -> bool:
    return not refused(asked, options(text.decode("latin-1"), source=".config"))


def _refusal(job: Job, otherwise: str) -> ConfigRefused:
    cause = first_cause(job.complaints())
    return ConfigRefused(otherwise if cause is None else f"{otherwise}: {cause.text}")
