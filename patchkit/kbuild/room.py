"""Where the commands of a build run: on this machine, or in a container."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from patchkit.host.process import Finished
from patchkit.kbuild import compiler_cache
from patchkit.kbuild.container import Engine, failure, remove_command, run_command
from patchkit.kbuild.reproducible import ENVIRONMENT

# the same in every container, so that the same inputs make the same bytes
TOP = "/build"
# An engine carries stdout and stderr apart, and where they are put together again a complaint may
# stand in the middle of another line: of what `make -n` lists, a source was missing now and then.
TOGETHER = ("sh", "-c", 'exec "$@" 2>&1', "sh")


# of a build on this machine, whoever starts it
PATH = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"


class Room(Protocol):
    """Turns a command of the plan into one that this machine can run."""

    @property
    def label(self) -> str: ...

    @property
    def top(self) -> str:
        """The tree's folder as the commands see it."""
        ...

    def command(self, words: tuple[str, ...]) -> tuple[str, ...]: ...

    def stop(self, workspace: Path | None = None) -> tuple[str, ...] | None:
        """The command that ends what was started here, or in another *workspace*, and does not
        end with its client."""
        ...

    def broken(self, done: Finished) -> str | None:
        """Why *done* is no word of the command's at all, but of what it ran in; else None."""
        ...


@dataclass(frozen=True, slots=True)
class Bare:
    """This machine itself: nothing keeps a Makefile from reaching what the user can reach."""

    workspace: Path

    @property
    def label(self) -> str:
        return "none"

    @property
    def top(self) -> str:
        return str(self.workspace / "tree")

    def command(self, words: tuple[str, ...]) -> tuple[str, ...]:
        settings = tuple(f"{name}={value}" for name, value in ENVIRONMENT.items())
        path = f"PATH={self.workspace / 'bin'}:{PATH}"
        return ("env", "-i", "-C", self.top, path, *settings, *words)

    def stop(self, workspace: Path | None = None) -> tuple[str, ...] | None:
        return None

    def broken(self, done: Finished) -> str | None:
        return None


@dataclass(frozen=True, slots=True)
class Contained:
    """A container of *image*: no network, no privilege, the workspace, what ccache keeps in
    *compiled*, and nothing else."""

    engine: Engine
    image: str
    workspace: Path
    user: int
    compiled: Path

    @property
    def name(self) -> str:
        """One for each workspace: what a killed patchkit left behind is found again by it."""
        return f"patchkit-{hashlib.sha256(str(self.workspace).encode()).hexdigest()[:16]}"

    @property
    def label(self) -> str:
        return self.engine.program

    @property
    def top(self) -> str:
        return TOP

    def command(self, words: tuple[str, ...]) -> tuple[str, ...]:
        return run_command(
            self.engine,
            self.image,
            (*TOGETHER, *words),
            name=self.name,
            user=self.user,
            mounts=(
                (self.workspace / "tree", TOP, "rw"),
                (self.workspace / "bin", "/opt/bin", "ro"),
                (self.compiled, compiler_cache.INSIDE, "rw"),
            ),
        )

    def stop(self, workspace: Path | None = None) -> tuple[str, ...] | None:
        there = self if workspace is None else replace(self, workspace=workspace)
        return remove_command(self.engine, there.name)

    def broken(self, done: Finished) -> str | None:
        return failure(self.engine, done)
