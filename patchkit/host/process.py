"""The only door to other programs."""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from patchkit.errors import HostError


class TimedOut(HostError):
    """A program took longer than it was given; ``output`` is what it had printed."""

    def __init__(self, message: str, output: bytes) -> None:
        super().__init__(message)
        self.output = output


@dataclass(frozen=True, slots=True)
class Finished:
    """A program that ran to its end. ``returncode`` is negative for a signal."""

    command: tuple[str, ...]
    returncode: int
    stdout: bytes
    stderr: bytes


def run(
    command: tuple[str, ...],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    stdin: bytes = b"",
    timeout: float | None = None,
) -> Finished:
    """Run *command* (never through a shell) and collect what it prints.

    *timeout* is in seconds.

    Raises:
        HostError: the program is not there, may not be run, or took longer than *timeout*.
    """
    try:
        done = subprocess.run(
            command,
            cwd=cwd,
            env=None if env is None else dict(env),
            input=stdin,
            capture_output=True,
            timeout=timeout,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise HostError(f"{command[0]}: no end after {timeout:g} s") from error
    except OSError as error:
        raise HostError(f"{command[0]}: {error.strerror}") from error
    return Finished(command, done.returncode, done.stdout, done.stderr)


# A program that prints without end must not fill the memory; what comes later is counted only.
KEPT_BYTES = 64 * 1024 * 1024
# A line that goes on and on is given out in pieces of this size.
LONGEST_LINE = 64 * 1024
# How long a wait goes on without a look at what might end it, in seconds.
GLANCE = 0.5


_ENDING = threading.Event()


@contextlib.contextmanager
def threads(count: int) -> Iterator[ThreadPoolExecutor]:
    """*count* threads. When the block is left by an exception, Ctrl-C among them, their `stream`s
    end by KeyboardInterrupt, and what has not begun never does."""
    pool = ThreadPoolExecutor(count)
    try:
        yield pool
    except BaseException:
        _ENDING.set()
        raise
    finally:
        pool.shutdown(cancel_futures=True)
        _ENDING.clear()


def stream(
    command: tuple[str, ...],
    on_line: Callable[[bytes], None],
    *,
    stdin: bytes = b"",
    timeout: float | None = None,
    given_up: Callable[[], bool] | None = None,
) -> Finished:
    """Run *command* and give every line it prints (stdout and stderr as one) to *on_line*.

    The program leads its own process group: when *on_line* raises, on Ctrl-C and after *timeout*
    seconds, the whole group is killed before the exception goes on. *given_up* is asked about
    twice a second whether the wait is worth going on.

    Raises:
        TimedOut: it took longer than *timeout*, or was *given_up*.
        HostError: the program is not there or may not be run.
    """
    with _started(command, stdin) as process:
        output = _lines_of(process, on_line, command[0], timeout, given_up)
        returncode = process.wait()
    return Finished(command, returncode, output, b"")


@contextlib.contextmanager
def _started(command: tuple[str, ...], stdin: bytes) -> Iterator[subprocess.Popen[bytes]]:
    try:
        with tempfile.TemporaryFile() as given:
            given.write(stdin)
            given.seek(0)
            process = subprocess.Popen(
                command,
                stdin=given,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
    except OSError as error:
        raise HostError(f"{command[0]}: {error.strerror}") from error
    assert process.stdout is not None
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()


def _lines_of(
    process: subprocess.Popen[bytes],
    on_line: Callable[[bytes], None],
    name: str,
    timeout: float | None,
    given_up: Callable[[], bool] | None,
) -> bytes:
    assert process.stdout is not None
    kept = bytearray()
    rest = b""
    end = None if timeout is None else time.monotonic() + timeout
    with selectors.DefaultSelector() as ready:
        ready.register(process.stdout, selectors.EVENT_READ)
        while True:
            left = None if end is None else end - time.monotonic()
            if left is not None and left <= 0:
                raise TimedOut(f"{name}: no end after {timeout:g} s", bytes(kept))
            if given_up is not None and given_up():
                raise TimedOut(f"{name}: given up", bytes(kept))
            if _ENDING.is_set():
                raise KeyboardInterrupt
            if not ready.select(GLANCE if left is None else min(left, GLANCE)):
                continue
            chunk = os.read(process.stdout.fileno(), 65536)
            if not chunk:
                break
            kept += chunk[: max(0, KEPT_BYTES - len(kept))]
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                on_line(line)
            if len(rest) > LONGEST_LINE:
                on_line(rest)
                rest = b""
    if rest:
        on_line(rest)
    return bytes(kept)
