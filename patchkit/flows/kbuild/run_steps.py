"""The commands of one build, run in its room: their log, their times, how far they are."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from patchkit.errors import HostError
from patchkit.host.process import Finished, run, stream
from patchkit.kbuild.log import Diagnostic, diagnostics
from patchkit.kbuild.newcc.listing import compiles
from patchkit.kbuild.plan import Step
from patchkit.kbuild.room import Room
from patchkit.snapshots.progress import Progress

HOUR = 3600.0


class Steps:
    """Runs steps in *room*. ``seconds`` maps each to its wall time; ``done`` objects of ``total``
    have been compiled, as far as ``total`` is known."""

    def __init__(self, room: Room, progress: Progress) -> None:
        self.room, self.progress = room, progress
        self.log = bytearray()
        self.seconds: dict[str, float] = {}
        self.done = self.total = 0

    def run(self, step: Step, *, counted: bool = False, quiet: bool = False) -> Finished:
        """Run *step*; *counted* counts the objects that it compiles, *quiet* keeps it out of the
        log.

        Raises:
            HostError: the engine, and not the command, failed.
        """
        began = time.monotonic()
        self.progress(step.name, self.done, self.total or None)

        def on_line(line: bytes) -> None:
            if not quiet:
                self.log += line + b"\n"
            if counted and compiles(line):
                self.done += 1
                self.progress(step.name, self.done, max(self.done, self.total))

        try:
            done = stream(self.room.command(step.command), on_line, stdin=step.stdin, timeout=HOUR)
        except BaseException:
            self.end()
            raise
        finally:
            self.seconds[step.name] = time.monotonic() - began
        broken = self.room.broken(done)
        if broken is not None:
            raise HostError(f"{step.name}: {broken}")
        return done

    def end(self, workspace: Path | None = None) -> None:
        """End what is at work in the room, or in that of another *workspace*."""
        ending = self.room.stop(workspace)
        if ending is not None:
            run(ending, timeout=60)

    def complaints(self, files: Iterable[PurePosixPath]) -> tuple[Diagnostic, ...]:
        """What the log complains of; *files* are those of the tree."""
        return diagnostics(bytes(self.log), top=self.room.top, files=files)
