"""Which C sources of a git work tree differ from a revision."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from patchkit.errors import InputError
from patchkit.flows.audit.audit_sites import C_SOURCES
from patchkit.host.process import run


def changed_paths(folder: Path, revision: str) -> tuple[PurePosixPath, ...]:
    """The C sources, relative to *folder*, that differ from *revision* and still exist.

    Raises:
        InputError: *folder* is in no git repository, or has no such revision.
    """
    command = ("git", "-C", str(folder), "diff", "--name-only", "--relative", "--no-ext-diff",
               "--diff-filter=d", "-z", "--end-of-options", revision, "--")  # fmt: skip
    done = run(command)
    if done.returncode != 0:
        lines = done.stderr.decode(errors="replace").strip().splitlines() or ["git failed"]
        raise InputError(f"--diff {revision}: {lines[0]}")
    paths = (PurePosixPath(name) for name in done.stdout.decode().split("\0") if name)
    return tuple(path for path in paths if path.suffix in C_SOURCES)
