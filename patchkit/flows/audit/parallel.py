"""Work spread over processes that start as copies of this one."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from typing import TypeVar

from patchkit.host.aside import ends_with

Part = TypeVar("Part")
Result = TypeVar("Result")


def in_processes(work: Callable[[Part], Result], parts: Sequence[Part]) -> list[Result]:
    """*work* on each of the *parts* in a process of its own; the results in their order.

    A process begins as a fork, so *work* may use everything that is in memory here.

    Raises:
        RuntimeError: a process ended without a result; it has printed why.
    """
    if len(parts) < 2:
        return [work(part) for part in parts]
    context = multiprocessing.get_context("fork")
    running = []
    for part in parts:
        here, there = context.Pipe(duplex=False)
        process = context.Process(target=_send, args=(work, part, there, os.getpid()))
        process.start()
        there.close()
        running.append((process, here))
    results = []
    for process, here in running:
        try:
            results.append(here.recv())
        except EOFError as error:
            raise RuntimeError("a process of the audit ended without a result") from error
        finally:
            here.close()
            process.join()
    return results


def _send(work: Callable[[Part], Result], part: Part, there: Connection, parent: int) -> None:
    ends_with(parent)
    there.send(work(part))
    there.close()
