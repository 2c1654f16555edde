"""Work in a copy of this process, while this one goes on."""

from __future__ import annotations

import contextlib
import ctypes
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from typing import TypeVar

from patchkit.errors import PatchkitError

Result = TypeVar("Result")
# linux/prctl.h
_PR_SET_PDEATHSIG = 1


@contextlib.contextmanager
def aside(work: Callable[[], Result]) -> Iterator[Callable[[], Result]]:
    """Run *work* in a copy of this process. What is yielded waits for its result; when the block
    is left, the copy ends.

    A copy, and no thread: Python's threads share one processor. It may use all that is in memory
    here. A PatchkitError of *work* is raised by who waits.
    """
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_send, args=(work, there, os.getpid()))
    process.start()
    there.close()

    def result() -> Result:
        try:
            found = here.recv()
        except EOFError as error:
            raise RuntimeError("a copy of patchkit ended without a result") from error
        if isinstance(found, PatchkitError):
            raise found
        return found  # type: ignore[no-any-return]

    try:
        yield result
    finally:
        process.kill()
        process.join()
        here.close()


def ends_with(parent: int) -> None:
    """From now on this process, a copy of *parent*, is killed when that ends: one that is left
    behind would hold the locks of a patchkit that was killed, and wait for ever."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _send(work: Callable[[], Result], there: Connection, parent: int) -> None:
    # Ctrl-C reaches the copy too; the one who waits for it has the word.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    ends_with(parent)
    try:
        there.send(work())
    except PatchkitError as error:
        there.send(error)
    there.close()
