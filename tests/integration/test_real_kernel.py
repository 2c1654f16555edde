"""A real 2.4.0-test10: built in a container, booted in QEMU, judged from inside."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent.parent
TESTS = ("smoke", "reserve-matrix", "bttv-as-posted", "swap-pressure")


def patchkit(*arguments: str, home: Path, history: Path) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
        "HOME": str(home),
        "PATCHKIT_CACHE": str(home / "cache"),
        "PATCHKIT_LINUX_HISTORY": str(history),
    }
    return subprocess.run(
        [sys.executable, "-m", "patchkit", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        cwd=TOP,
    )


def needed(*programs: str) -> None:
    missing = [name for name in programs if shutil.which(name) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory, history: Path) -> Path:
    needed("podman", "mmdebstrap")
    folder = tmp_path_factory.mktemp("kernel")
    done = patchkit(
        "build", "--snapshot", "2.4.0-test10", "--config", "bttv",
        "--patch", "vma-reserve", "--patch", "bttv-safe", "-o", str(folder / "out"),
        home=folder, history=history,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "out"


@pytest.mark.container
@pytest.mark.history
def test_the_rewrites_and_the_options_are_in_the_report(kernel: Path) -> None:
    found = json.loads((kernel / "metadata.json").read_bytes())
    assert found["build"]["result"] == "pass"
    assert found["rewrites"]["asm-memory-clobber"] > 100
    assert found["refused"] == []
    assert b"kernel/sched.c" in (kernel / "rewrites.txt").read_bytes()


@pytest.mark.container
@pytest.mark.history
@pytest.mark.qemu
def test_the_guest_agrees_with_what_the_audit_knows(kernel: Path, history: Path) -> None:
    needed("qemu-system-i386", "xorriso")
    asked = [word for name in TESTS for word in ("--test", name)]
    done = patchkit(
        "boot", str(kernel), *asked, "--timeout", "120", "--format", "json",
        home=kernel.parent, history=history,
    )  # fmt: skip
    report = json.loads(done.stdout)
    assert (report["verdict"], done.returncode) == ("Booted", 0), done.stdout
    tests = {test["name"]: test["rows"] for test in report["tests"]}
    for row in tests["reserve-matrix"]:
        assert row["visible"] == row["writes_reach"] == row["pg_reserved"]
        assert row["remap_returned"] == "0"
        assert row["counts_before"] == row["counts_after"]
    posted, safe, _ = tests["bttv-as-posted"]
    assert (posted["visible"], safe["visible"]) == ("0", "8")
    assert posted["vma_reserved"] == safe["vma_reserved"] == "1"
    without, marked, _ = tests["swap-pressure"]
    assert int(without["nopage_after_pressure"]) > 0
    assert marked["nopage_after_pressure"] == "0"


@pytest.mark.container
@pytest.mark.history
def test_a_driver_that_breaks_is_blamed_on_its_hunk(
    kernel: Path, history: Path, tmp_path: Path
) -> None:
    mail = (TOP / "patches" / "vm-reserved" / "mail.txt").read_bytes()
    broken = tmp_path / "mail.txt"
    broken.write_bytes(mail.replace(b"include/linux/wrapper.h", b"include/linux/no-wrapper.h"))
    done = patchkit(
        "build", "--snapshot", "2.4.0-test10", "--config", "bttv", "--patch", str(broken),
        "--partial", "-o", str(tmp_path / "out"),
        home=kernel.parent, history=history,
    )  # fmt: skip
    assert done.returncode == 10
    assert "hunk 2 of videodev.c: undefined reference to `vma_reserve'" in done.stdout
    assert "only the refused hunk of include/linux/no-wrapper.h defines" in done.stdout


@pytest.mark.container
@pytest.mark.history
def test_the_same_inputs_make_the_same_bytes(kernel: Path, history: Path, tmp_path: Path) -> None:
    done = patchkit(
        "build", "--snapshot", "2.4.0-test10", "--config", "bttv",
        "--patch", "vma-reserve", "--patch", "bttv-safe", "-o", str(tmp_path / "out"),
        home=tmp_path, history=history,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    for name in ("bzImage", "ramdisk.gz", "System.map"):
        assert (tmp_path / "out" / name).read_bytes() == (kernel / name).read_bytes(), name


BREAKS = """--- a/drivers/media/video/videodev.c
+++ b/drivers/media/video/videodev.c
@@ -230 +230,2 @@
 \tif(vfl->mmap) {
+\t\tvfl->times_mapped++;
"""


@pytest.mark.container
@pytest.mark.history
def test_touched_objects_compile_before_and_after_or_nothing_is_written(
    kernel: Path, history: Path, tmp_path: Path
) -> None:
    common = ("--snapshot", "2.4.0-test10", "--compile", "--config", "bttv", "--output")
    lands = patchkit(
        "apply", "vm-reserved", *common, str(tmp_path / "lands"), home=kernel.parent,
        history=history,
    )  # fmt: skip
    assert lands.returncode == 0, lands.stdout + lands.stderr
    assert "compile drivers/media/video/videodev.o: compiles before and after" in lands.stdout
    assert (tmp_path / "lands" / "mm" / "vmscan.c").is_file()
    (tmp_path / "breaks.patch").write_text(BREAKS)
    breaks = patchkit(
        "apply", str(tmp_path / "breaks.patch"), *common, str(tmp_path / "breaks"),
        home=kernel.parent, history=history,
    )  # fmt: skip
    assert breaks.returncode == 1, breaks.stdout + breaks.stderr
    assert "compile drivers/media/video/videodev.o: BROKEN (compiled before)" in breaks.stdout
    assert "nothing was written: what compiled does not any more" in breaks.stdout
    assert not (tmp_path / "breaks").exists()


@pytest.mark.container
@pytest.mark.history
def test_the_build_after_the_first_compiles_what_changed_and_no_more(
    kernel: Path, history: Path, tmp_path: Path
) -> None:
    """2.4's own dependencies touch headers in the middle of a parallel build."""
    fix = tmp_path / "fix.patch"
    fix.write_text(
        "--- a/drivers/char/mem.c\n+++ b/drivers/char/mem.c\n"
        "@@ -1,2 +1,3 @@\n /*\n+ * changed\n  *  linux/drivers/char/mem.c\n"
    )
    done = patchkit(
        "build", "--snapshot", "2.4.0-test10", "--config", "bttv", "--patch", "vma-reserve",
        "--patch", "bttv-safe", "--patch", str(fix), "-o", str(tmp_path / "out"),
        home=kernel.parent, history=history,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    made, _ = json.loads((tmp_path / "out" / "metadata.json").read_bytes())["objects"]
    assert made < 10


def changed(path: str, line: int, context: str, added: str, *, removes: bool = False) -> str:
    """A diff that puts *added* in front of the *context* at *line*, or in its place."""
    news = "".join(f"+{one}\n" for one in added.split("\n") if added)
    count = news.count("\n")
    head = f"--- a/{path}\n+++ b/{path}\n"
    if removes:
        return f"{head}@@ -{line},1 +{line},{count} @@\n-{context}\n{news}"
    return f"{head}@@ -{line},1 +{line},{count + 1} @@\n{news} {context}\n"


BROKEN = {
    "a header lost a macro": (
        changed(
            "include/linux/wrapper.h", 11,
            "#define mem_map_reserve(p)\tset_bit(PG_reserved, &((p)->flags))",
            "#define mem_map_keep(p)\tset_bit(PG_reserved, &((p)->flags))", removes=True,
        ),
        "hunk 1 of wrapper.h takes away mem_map_reserve: drivers/media/video/bttv-driver.c",
    ),
    "a Makefile that make can't read": (
        changed("drivers/char/Makefile", 266, "include $(TOPDIR)/Rules.make", "    no rule"),
        "drivers/char/Makefile:266: missing separator",
    ),
    "a Config.in that ends in the middle": (
        changed("drivers/char/Config.in", 4, "mainmenu_option next_comment", "if [ 1 = 1 ]; then"),
        "syntax error: unexpected end of file",
    ),
    "an object that nobody has the source of": (
        changed("drivers/char/Makefile", 266, "include $(TOPDIR)/Rules.make",
                "obj-y += nowhere.o\nO_OBJS += nowhere.o"),
        "hunk 1 of drivers/char/Makefile: cannot find nowhere.o",
    ),
}  # fmt: skip


@pytest.mark.container
@pytest.mark.history
@pytest.mark.parametrize("name", BROKEN)
def test_a_patch_that_breaks_the_build_is_told_with_its_place(
    name: str, kernel: Path, history: Path, tmp_path: Path
) -> None:
    diff, said = BROKEN[name]
    (tmp_path / "broken.diff").write_text(diff)
    done = patchkit(
        "build", "--snapshot", "2.4.0-test10", "--config", "bttv",
        "--patch", str(tmp_path / "broken.diff"), "-o", str(tmp_path / "out"),
        home=kernel.parent, history=history,
    )  # fmt: skip
    assert done.returncode == 10, done.stdout + done.stderr
    assert said in done.stdout


DEADLY = {
    "panics": ('panic("patched to death");', 11, "Panicked", "Kernel panic: patched to death"),
    "oopses": ("{ volatile int *gone = (int *)4; *gone = 1; }", 11, "Panicked", "start_kernel+0x"),
    "stands still": ("for (;;);", 12, "Hung", "POSIX conformance"),
    "faults thrice": (
        "{ struct { short size; long at; } __attribute__((packed)) none = { 0, 0 };"
        ' __asm__ __volatile__("lidt %0; int3" : : "m" (none)); }',
        13, "Lost", "POSIX conformance",
    ),
}  # fmt: skip


@pytest.mark.container
@pytest.mark.history
@pytest.mark.qemu
@pytest.mark.parametrize("name", DEADLY)
def test_a_kernel_that_dies_ends_with_its_code(
    name: str, kernel: Path, history: Path, tmp_path: Path
) -> None:
    needed("qemu-system-i386", "xorriso")
    code, status, verdict, said = DEADLY[name]
    (tmp_path / "deadly.diff").write_text(changed("init/main.c", 586, "\tsmp_init();", code))
    built = patchkit(
        "build", "--snapshot", "2.4.0-test10", "--config", "bttv",
        "--patch", str(tmp_path / "deadly.diff"), "-o", str(tmp_path / "out"),
        home=kernel.parent, history=history,
    )  # fmt: skip
    assert built.returncode == 0, built.stdout + built.stderr
    done = patchkit(
        "boot", str(tmp_path / "out"), "--accel", "tcg", "--timeout", "20", "--format", "json",
        home=kernel.parent, history=history,
    )  # fmt: skip
    report = json.loads(done.stdout)
    assert (done.returncode, report["verdict"]) == (status, verdict), done.stdout
    assert report["kernel"] == "2.4.0-test10"
    assert said in done.stdout
