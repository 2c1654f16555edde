"""Work in a copy of this process: its result, its error, its end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from patchkit.errors import Exit, InputError
from patchkit.host.aside import aside


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def until_gone(pid: int) -> None:
    for _ in range(100):
        if not alive(pid):
            return
        time.sleep(0.1)
    pytest.fail("it is still there")


def test_the_result_of_another_process_is_waited_for() -> None:
    known = {"tree": b"2.4"}
    with aside(lambda: (known["tree"], os.getpid())) as result:
        found, pid = result()
    assert found == b"2.4"
    assert pid != os.getpid()


def test_its_error_is_raised_where_it_is_waited_for() -> None:
    def work() -> None:
        raise InputError("no such path")

    with aside(work) as result, pytest.raises(InputError, match="no such path") as error:
        result()
    assert error.value.exit_code is Exit.CANNOT


def test_an_interrupted_block_ends_it(tmp_path: Path) -> None:
    note = tmp_path / "pid"

    def work() -> None:
        note.write_text(str(os.getpid()))
        time.sleep(600)

    def interrupted() -> None:
        with aside(work):
            while not note.exists() or not note.read_text():
                time.sleep(0.01)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert not alive(int(note.read_text()))


def test_a_killed_patchkit_leaves_none_behind() -> None:
    script = (
        "import os, time\nfrom patchkit.host.aside import aside\n"
        "def work():\n    print(os.getpid(), flush=True)\n    time.sleep(600)\n"
        "with aside(work) as result:\n    result()\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as running:
        assert running.stdout is not None
        pid = int(running.stdout.readline())
        assert alive(pid)
        running.send_signal(signal.SIGKILL)
    until_gone(pid)


@pytest.mark.parametrize(
    "begun",
    [
        "prepare._one = at_work\n"
        "files = [PurePosixPath(f'{n}.c') for n in range(200)]\n"
        "prepare.rewritten_files(files, (), lambda _: b'int a;', 'i386', 2, Memo('', {}))\n",
        "in_processes(at_work, (1, 2))\n",
    ],
    ids=["rewrites", "audit"],
)
def test_a_killed_patchkit_leaves_none_of_its_processes(begun: str) -> None:
    script = (
        "import os, sys, time\nfrom pathlib import PurePosixPath\n"
        "from patchkit.flows.audit.parallel import in_processes\n"
        "from patchkit.kbuild.newcc import prepare\nfrom patchkit.kbuild.newcc.memo import Memo\n"
        "def at_work(*_, **__):\n    os.write(1, b'%d\\n' % os.getpid())\n    time.sleep(600)\n"
    )
    words = [sys.executable, "-c", script + begun]
    with subprocess.Popen(words, stdout=subprocess.PIPE) as running:
        assert running.stdout is not None
        pids = [int(running.stdout.readline()) for _ in range(2)]
        assert all(alive(pid) for pid in pids)
        running.send_signal(signal.SIGKILL)
    for pid in pids:
        until_gone(pid)
