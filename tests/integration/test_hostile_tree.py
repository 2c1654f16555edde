"""A tree whose Makefile tries the network, other files and the root: it can't."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from patchkit.errors import HostError
from patchkit.flows.kbuild.toolchain_images import versions
from patchkit.host.process import run, stream
from patchkit.kbuild.container import Engine, find_engine, has_image
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
    (tmp_path / "ccache").mkdir()
    return Contained(engine, DEBIAN.tag, tmp_path, 1000, tmp_path / "ccache")


def tried(room: Contained, script: str) -> str:
    done = run(room.command(("sh", "-c", script)), timeout=60)
    return (done.stdout + done.stderr).decode()


@pytest.mark.container
def test_there_is_no_network(room: Contained) -> None:
    said = tried(room, "cat /proc/net/dev; cat /proc/net/route")
    interfaces = [line.split(":")[0].strip() for line in said.split("\n") if ":" in line]
    assert interfaces == ["lo"]


@pytest.mark.container
def test_a_toolchain_is_checked_where_builds_run(room: Contained) -> None:
    assert versions(DEBIAN.name, room.engine.program).startswith("gcc (Debian 12")
    with pytest.raises(HostError, match="its image is not made; say 'patchkit toolchains --make"):
        versions("period", room.engine.program)


@pytest.mark.container
def test_only_the_workspace_can_be_written(room: Contained) -> None:
    said = tried(
        room, "for at in / /usr /opt/bin /etc; do touch $at/x || true; done; touch mine; id -u"
    )
    assert said.count("touch: cannot touch") == 4
    assert "1000" in said.split("\n")
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


class Client:
    """``patchkit build`` at work in a container of its own, as a process to be ended."""

    def __init__(self, room: Contained, folder: Path) -> None:
        self.engine, self.cache = room.engine.program, folder / "cache"
        self.tree = folder / "linux"
        self.tree.mkdir()
        (self.tree / "Rules.make").write_text("# 2.4\n")
        self.words = (
            sys.executable, "-m", "patchkit", "build", "--tree", str(self.tree),
            "-o", str(folder / "out"),
        )  # fmt: skip

    def start(self, recipe: str) -> subprocess.Popen[str]:
        (self.tree / "Makefile").write_text(f"oldconfig:\n\t{recipe}\n")
        return subprocess.Popen(
            self.words,
            env={**os.environ, "PATCHKIT_CACHE": str(self.cache)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    def containers(self, *options: str) -> list[str]:
        slots = self.cache.glob("kbuild/*")
        names = [Contained(Engine("", (), 0, 0), "", slot, 0, slot).name for slot in slots]
        filters = (f"--filter=name={name}" for name in names)
        listing = (self.engine, "ps", "--quiet", *options, *filters)
        return run(listing).stdout.decode().split() if names else []

    def at_work(self) -> str:
        deadline = time.monotonic() + 60
        while not (found := self.containers()) and time.monotonic() < deadline:
            time.sleep(0.2)
        return found[0]


@pytest.fixture
def client(room: Contained, tmp_path: Path) -> Iterator[Client]:
    client = Client(room, tmp_path)
    yield client
    for left in client.containers("--all"):
        run((client.engine, "rm", "--force", "--time", "0", left), timeout=60)


@pytest.mark.container
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_build_that_is_stopped_leaves_no_container(client: Client, how: signal.Signals) -> None:
    running = client.start("sleep 120")
    client.at_work()
    running.send_signal(how)
    running.communicate(timeout=60)
    assert running.returncode == (130 if how is signal.SIGINT else 143)
    assert client.containers("--all") == []


@pytest.mark.container
def test_the_container_of_a_build_that_was_killed_is_cleared_by_the_next(client: Client) -> None:
    running = client.start("sleep 120")
    left = client.at_work()
    running.kill()
    running.communicate(timeout=60)
    assert client.containers() == [left]
    _, said = client.start("echo 'no more oil' >&2; false").communicate(timeout=120)
    assert "in use" not in said
    assert client.containers("--all") == []


@pytest.mark.container
def test_a_container_that_is_killed_is_no_fault_of_the_tree(client: Client) -> None:
    running = client.start("sleep 120")
    run((client.engine, "kill", client.at_work()), timeout=60)
    _, said = running.communicate(timeout=60)
    (line,) = said.strip().split("\n")
    assert line.startswith("patchkit: oldconfig: the container was killed (podman exit 137)")
    assert running.returncode == HostError.exit_code
    assert client.containers("--all") == []


@pytest.mark.container
def test_an_image_that_is_gone_midway_is_the_engines_word(room: Contained) -> None:
    gone = replace(room, image="patchkit-no-such-image:0")
    done = stream(gone.command(("true",)), lambda line: None, timeout=60)
    said = gone.broken(done)
    assert said is not None
    assert said.startswith("podman could not run the container: ")
    assert "patchkit-no-such-image" in said
    assert "\n" not in said
