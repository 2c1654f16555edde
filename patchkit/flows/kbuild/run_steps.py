"""The commands of one build, run in its room: their log, their times, how far they are."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from patchkit.errors import HostError
from patchkit.host.process import Finished, run, stream
from patchkit.kbuild.commands import compiles
from patchkit.kbuild.log import Diagnostic, diagnostics
from patchkit.kbuild.objects import NotMade
from patchkit.kbuild.plan import Step
from patchkit.kbuild.room import Room
from patchkit.snapshots.progress import Progress

HOUR = 3600.0
# of a line when there are too many
KEPT_OF_LINE = 1000


class Log:
    """What the steps print; of a build that never stops talking, the beginning and the end."""

    BEGINNING = 32 * 1024 * 1024
    LAST = 20_000

    def __init__(self) -> None:
        self._beginning = bytearray()
        self._last: deque[bytes] = deque(maxlen=self.LAST)
        self._left_out = 0

    def add(self, line: bytes) -> None:
        if len(self._beginning) < self.BEGINNING:
            self._beginning += line + b"\n"
            return
        self._left_out += len(self._last) == self.LAST
        self._last.append(line[:KEPT_OF_LINE])

    def __bytes__(self) -> bytes:
        gap = b"[patchkit: %d lines are left out here]\n" % self._left_out
        rest = b"".join(line + b"\n" for line in self._last)
        return bytes(self._beginning) + (gap if self._left_out else b"") + rest


class Steps:
    """Runs steps in *room*. ``seconds`` maps each to its wall time; ``done`` objects of ``total``
    have been compiled, as far as ``total`` is known, and ``not_made`` could not be."""

    def __init__(self, room: Room, progress: Progress) -> None:
        self.room, self.progress = room, progress
        self.log = Log()
        self.seconds: dict[str, float] = {}
        self.done = self.total = 0
        self.not_made: tuple[NotMade, ...] = ()

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
                self.log.add(line)
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
