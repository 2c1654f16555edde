"""Container engines: which one is there, and its command lines as tuples."""

from __future__ import annotations

import os
import re
import resource
import shutil
from pathlib import Path
from typing import NamedTuple

from patchkit.errors import HostError, InputError
from patchkit.host.process import Finished, run
from patchkit.kbuild.compiler_cache import COMPILERS, SETTINGS
from patchkit.kbuild.reproducible import ENVIRONMENT

ENGINES = ("podman", "docker")
# of ``podman run`` and ``docker run``; make's own are 0 to 2
ENGINE_FAILED = 125
# SIGKILL and SIGTERM to a container's first process
ENDED_BY_SIGNAL = (137, 143)


class Engine(NamedTuple):
    """A container engine: its program, the options it needs on this machine, and the hard limits
    that a container may not exceed. ``own_users``: a container's users are none of this machine's,
    as with podman that no root runs."""

    program: str
    options: tuple[str, ...]
    files: int
    processes: int
    own_users: bool = False


def find_engine(wanted: str | None) -> Engine:
    """The engine *wanted*, or the first that is installed; asked once whether it answers.

    Raises:
        InputError: *wanted* is no engine that patchkit knows.
        HostError: none is installed, or it does not answer.
    """
    if wanted is not None and wanted not in ENGINES:
        raise InputError(f"{wanted}: no such engine; known: {', '.join(ENGINES)}")
    names = ENGINES if wanted is None else (wanted,)
    program = next((name for name in names if shutil.which(name)), None)
    if program is None:
        raise HostError(
            f"{' or '.join(names)} is not installed; install podman (apt install podman runc), "
            "or say --no-container to build on this machine itself"
        )
    answered = run((program, "version"), timeout=60)
    if answered.returncode != 0:
        reason = last_line(answered.stderr)
        raise HostError(
            f"{program}: does not answer: {reason}; is its service running, may you use it?"
        )
    # crun refuses the hybrid cgroups of some hosts; runc does not.
    runtime = ("--runtime", "runc") if program == "podman" and shutil.which("runc") else ()
    return Engine(program, runtime, *_limits(), program == "podman" and os.getuid() != 0)


def _limits() -> tuple[int, int]:
    """Limits within the hard ones: without CAP_SYS_RESOURCE an engine can't raise them.

    Half of the processes: others of this user count too.
    """
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    processes = resource.getrlimit(resource.RLIMIT_NPROC)[1]
    unlimited = resource.RLIM_INFINITY
    return (
        4096 if files == unlimited else min(files, 4096),
        4096 if processes == unlimited else max(1, min(processes // 2, 4096)),
    )


def run_command(
    engine: Engine,
    image: str,
    words: tuple[str, ...],
    *,
    name: str,
    user: int,
    mounts: tuple[tuple[Path, str, str], ...],
) -> tuple[str, ...]:
    """The line that runs *words* in a new container of *image*, in the first mount's folder.

    No network, no capabilities, a read-only root, and nothing of the host but *mounts* (host
    folder, place inside, ``ro`` or ``rw``).
    """
    return (
        engine.program,
        *engine.options,
        "run", "--rm", "--interactive", "--pull=never",
        "--name", name,
        "--network=none",
        "--cap-drop=all",
        "--security-opt=no-new-privileges",
        "--read-only", "--tmpfs=/tmp",
        # without it the user inside is one who may not write to this user's workspace
        *(("--userns=keep-id",) if engine.own_users else ()),
        "--user", f"{user}:{user}",
        "--ulimit", f"nofile={engine.files}:{engine.files}",
        "--ulimit", f"nproc={engine.processes}:{engine.processes}",
        "--pids-limit=2048",
        "--memory=4g",
        *(f"--volume={host}:{inside}:{mode}" for host, inside, mode in mounts),
        "--workdir", mounts[0][1],
        *(f"--env={key}={value}" for key, value in {**ENVIRONMENT, **SETTINGS}.items()),
        f"--env=PATH=/opt/bin:{COMPILERS}:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
        image,
        *words,
    )  # fmt: skip


def remove_command(engine: Engine, name: str) -> tuple[str, ...]:
    """The line that kills and removes the container *name*; it need not be there."""
    # docker kills at once, and has no such option
    at_once = ("--time", "0") if engine.program == "podman" else ()
    return (engine.program, "rm", "--force", *at_once, name)


def failure(engine: Engine, done: Finished) -> str | None:
    """Why *done* is no word of the command in the container, but of the engine; else None."""
    said = last_line(done.stdout)
    if done.returncode == ENGINE_FAILED:
        return f"{engine.program} could not run the container: {said}; try again"
    if done.returncode in ENDED_BY_SIGNAL:
        return (
            f"the container was killed ({engine.program} exit {done.returncode}) after "
            f"'{said}'; if nobody did that, memory ran out: try fewer --jobs"
        )
    return None


def has_image(engine: Engine, tag: str) -> bool:
    """Is the image there?"""
    return run((engine.program, "image", "inspect", tag), timeout=60).returncode == 0


def image_id(engine: Engine, tag: str) -> str:
    """What tells the image *tag* from any other that has had that name; empty without one."""
    asked = (engine.program, "image", "inspect", "--format", "{{.Id}}", tag)
    found = run(asked, timeout=60)
    return found.stdout.decode("ascii", errors="replace").strip() if not found.returncode else ""


def last_line(text: bytes) -> str:
    """The last line of *text* that says something."""
    lines = [line.strip() for line in text.decode("utf-8", errors="replace").split("\n")]
    found = next((line for line in reversed(lines) if line), "it says nothing")
    return re.sub(r"[^\x20-\x7e]", " ", found)[:300]
