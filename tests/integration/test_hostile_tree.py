"""A tree whose Makefile tries the network, other files and the root: it can't."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from patchkit.errors import HostError
from patchkit.host.process import run, stream
from patchkit.kbuild.container import find_engine, has_image
from patchkit.kbuild.log import diagnostics, first_cause
from patchkit.kbuild.room import Contained
from patchkit.kbuild.toolchain import TOOLCHAINS

DEBIAN = TOOLCHAINS["debian-gcc"]


@pytest.fixture
def room(tmp_path: Path) -> Contained:
    if shutil.which("podman") is None:
        pytest.skip("podman is not installed")
    engine = find_engine("podman")
    if not has_image(engine, DEBIAN.tag):
        pytest.skip(
            "the toolchain's image is not made; say 'patchkit toolchains --make debian-gcc'"
        )
    (tmp_path / "tree").mkdir()
    (tmp_path / "bin").mkdir()
    (tmp_path / "tree").chmod(0o777)
    return Contained(engine, DEBIAN.tag, tmp_path, 1000, f"patchkit-test-{tmp_path.name}")


def tried(room: Contained, script: str) -> str:
    done = run(room.command(("sh", "-c", script)), timeout=60)
    return (done.stdout + done.stderr).decode()


@pytest.mark.container
def test_there_is_no_network(room: Contained) -> None:
    said = tried(room, "cat /proc/net/dev; cat /proc/net/route")
    interfaces = [line.split(":")[0].strip() for line in said.split("\n") if ":" in line]
    assert interfaces == ["lo"]


@pytest.mark.container
def test_only_the_workspace_can_be_written(room: Contained) -> None:
    said = tried(
        room, "for at in / /usr /opt/bin /etc; do touch $at/x || true; done; touch mine; id -u"
    )
    assert said.count("touch: cannot touch") == 4
    assert said.startswith("1000\n")
    assert (room.workspace / "tree/mine").exists()


@pytest.mark.container
def test_nothing_of_the_host_can_be_read(room: Contained) -> None:
    here = Path(__file__).resolve()
    assert "No such file" in tried(room, f"cat {here}")


@pytest.mark.container
def test_a_build_that_eats_all_memory_is_ended_and_the_host_is_named(room: Contained) -> None:
    (room.workspace / "tree/Makefile").write_text("dep:\n\ttail /dev/zero\n")
    line = room.command(("make", "dep"))
    assert "--memory=4g" in line
    small = tuple("--memory=64m" if word == "--memory=4g" else word for word in line)
    done = run(small, timeout=120)
    cause = first_cause(diagnostics(done.stdout + done.stderr, top=room.top))
    assert cause is not None
    assert (done.returncode, cause.kind) == (2, "host"), cause


@pytest.mark.container
def test_a_build_that_never_ends_is_killed_with_its_container(room: Contained) -> None:
    with pytest.raises(HostError, match="no end after"):
        stream(room.command(("sleep", "300")), lambda line: None, timeout=3)
    ending = room.stop()
    assert ending is not None
    run(ending, timeout=60)
    left = run((room.engine.program, "ps", "--all", "--quiet", "--filter", f"name={room.name}"))
    assert left.stdout.strip() == b""


@pytest.mark.container
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_build_that_is_stopped_leaves_no_container(
    room: Contained, tmp_path: Path, how: signal.Signals
) -> None:
    tree = tmp_path / "linux"
    tree.mkdir()
    (tree / "Makefile").write_text("oldconfig:\n\techo begun\n\tsleep 120\n")
    (tree / "Rules.make").write_text("# 2.4\n")
    words = [
        sys.executable,
        "-m",
        "patchkit",
        "build",
        "--tree",
        str(tree),
        "-o",
        str(tmp_path / "o"),
    ]
    running = subprocess.Popen(words, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    listing = (room.engine.program, "ps", "--quiet", "--filter", f"name=-{running.pid}$")
    deadline = time.monotonic() + 60
    while not run(listing).stdout.strip() and time.monotonic() < deadline:
        time.sleep(0.2)
    running.send_signal(how)
    assert running.wait(timeout=60) == (130 if how is signal.SIGINT else 143)
    left = run((*listing[:2], "--all", *listing[2:]))
    assert left.stdout.strip() == b""
