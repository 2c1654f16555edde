"""The whole of a build on a tree of three files, on this machine: make and gcc, no kernel."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

MAKEFILE = """\
oldconfig:
\tcat .config >/dev/null
dep:
\ttrue
bzImage: init/main.o
\tmkdir -p arch/i386/boot
\tcp init/main.o arch/i386/boot/bzImage
\techo "c0100000 T start" > System.map
init/main.o: init/main.c
\t$(CC) -c -o init/main.o init/main.c
"""
MAIN = """\
int counter;
void start(void)
{
\tasm("incl %0" : "=m" (counter));
}
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    missing = [name for name in ("make", "gcc", "gzip") if shutil.which(name) is None]
    if missing or not Path("/sbin/mke2fs").exists():
        pytest.skip(f"not installed: {', '.join(missing) or 'e2fsprogs'}")
    top = tmp_path / "linux"
    (top / "init").mkdir(parents=True)
    (top / "Makefile").write_text(MAKEFILE)
    (top / "Rules.make").write_text("# 2.4\n")
    (top / "init" / "main.c").write_text(MAIN)
    return top


def build(tree: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "patchkit", "build", "--tree", str(tree), "--no-container",
         "-o", str(tree.parent / "out"), "--config", "tiny", *more],
        capture_output=True, text=True, check=False,
        cwd=Path(__file__).parent.parent,
    )  # fmt: skip


def test_the_old_form_is_rewritten_in_the_copy_and_never_in_the_tree(tree: Path) -> None:
    done = build(tree, "--explain-rewrites")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "asm-read-output init/main.c:4: '=' -> '+'" in done.stdout
    assert "     1      1        0        3  asm-memory-clobber\n" in done.stdout
    assert "     1      1        1        1  asm-read-output\n" in done.stdout
    assert "asm-memory-clobber init/main.c:4" in done.stdout
    assert (tree / "init/main.c").read_text() == MAIN
    assert sorted(at.name for at in tree.iterdir()) == ["Makefile", "Rules.make", "init"]
    assert "run as you, unconfined" in done.stderr


def test_nothing_changed_builds_nothing_and_a_change_builds_again(tree: Path) -> None:
    first = build(tree)
    image = tree.parent / "out" / "bzImage"
    before = image.read_bytes()
    assert "(nothing had changed)" in build(tree).stdout
    (tree / "init/main.c").write_text(MAIN.replace("counter", "counted"))
    assert "(nothing had changed)" not in build(tree).stdout
    assert image.read_bytes() != before
    (tree / "init/main.c").write_text(MAIN)
    assert build(tree).returncode == first.returncode == 0
    assert image.read_bytes() == before


def test_other_options_of_the_compiler_build_afresh(tree: Path) -> None:
    (tree / "init/main.c").write_text(f"{MAIN}#ifdef LAMP\nint burning;\n#endif\n")
    assert build(tree).returncode == 0
    newer = (
        "import patchkit.kbuild.toolchain as t; t._NOT_MERGED = '-DLAMP';"
        "from patchkit.__main__ import main; main()"
    )
    subprocess.run(
        [sys.executable, "-c", newer, "build", "--tree", str(tree), "--no-container",
         "-o", str(tree.parent / "newer"), "--config", "tiny"],
        check=True, capture_output=True, cwd=Path(__file__).parent.parent,
    )  # fmt: skip
    assert b"burning" not in (tree.parent / "out" / "bzImage").read_bytes()
    assert b"burning" in (tree.parent / "newer" / "bzImage").read_bytes()


def test_an_error_has_its_file_and_line_and_ends_with_10(tree: Path) -> None:
    (tree / "init/main.c").write_text(MAIN.replace("{\n", "{\n\tundeclared = 1;\n"))
    done = build(tree)
    assert done.returncode == 10
    assert "init/main.c:4: 'undeclared' undeclared" in done.stdout.replace("‘", "'").replace(
        "’", "'"
    )


def test_a_failed_build_leaves_no_kernel_of_the_build_before(tree: Path) -> None:
    assert build(tree).returncode == 0
    out = tree.parent / "out"
    (out / "notes.txt").write_text("the user's own")
    (tree / "init/main.c").write_text("broken")
    assert build(tree).returncode == 10
    assert sorted(at.name for at in out.iterdir()) == [
        "build.log", "metadata.json", "notes.txt", "rewrites.txt",
    ]  # fmt: skip


def test_an_output_folder_that_came_with_a_tree_leads_nowhere_else(tree: Path) -> None:
    mine = tree.parent / "mine"
    mine.mkdir()
    (mine / "letter").write_text("of ten years")
    out = tree.parent / "out"
    out.mkdir()
    (out / "nice").symlink_to(mine)
    (out / "metadata.json").write_text(json.dumps({"sha256": {"nice/letter": "", "bzImage": ""}}))
    done = build(tree)
    assert done.returncode == 2
    assert "a symlink leads out of the output folder" in done.stderr
    assert (mine / "letter").read_text() == "of ten years"


def test_a_failed_build_is_never_taken_for_a_built_one(tree: Path) -> None:
    (tree / "init/main.c").write_text("broken")
    assert build(tree).returncode == 10
    assert build(tree).returncode == 10


PATCH = """\
--- linux/init/main.c
+++ linux/init/main.c
@@ -1,4 +1,5 @@
 int counter;
+int *place = 4096;
 void start(void)
 {
 \tasm("incl %0" : "=m" (counter));
"""


def test_warnings_of_a_patched_file_are_shown_the_next_time_too(tree: Path) -> None:
    (tree / "init/other.c").write_text("int *old = 7;\n")
    makefile = MAKEFILE.replace("bzImage: init/main.o", "bzImage: init/main.o init/other.o")
    (tree / "Makefile").write_text(f"{makefile}%.o: %.c\n\t$(CC) -c -o $@ $<\n")
    patch = tree.parent / "place.diff"
    patch.write_text(PATCH)
    once, again = (build(tree, "--patch", str(patch)) for _ in range(2))
    for done in (once, again):
        assert done.returncode == 0, done.stdout + done.stderr
        assert "warning: init/main.c:2: " in done.stdout
        assert "other.c" not in done.stdout
    assert "(nothing had changed)" in again.stdout
    assert "warning:" not in build(tree).stdout


NOISY = """\
#include "lamp.h"
static int used(void) { return 1; }
int *old = 7;
int start(void)
{
	return used();
}
"""
QUIETER = """\
--- linux/init/main.c
+++ linux/init/main.c
@@ -4,4 +4,5 @@
 int start(void)
 {
-	return used();
+	int spare;
+	return 0;
 }
--- linux/init/lamp.h
+++ linux/init/lamp.h
@@ -1,1 +1,2 @@
 static int *bulb = 8;
+static int *lamp = 9;
"""


@pytest.fixture
def noisy(tree: Path) -> Path:
    (tree / "init/main.c").write_text(NOISY)
    (tree / "init/lamp.h").write_text("static int *bulb = 8;\n")
    (tree / "Makefile").write_text(MAKEFILE.replace("$(CC) -c", "$(CC) -Wall -O2 -c"))
    (tree.parent / "quieter.diff").write_text(QUIETER)
    return tree


def warned(done: subprocess.CompletedProcess[str]) -> list[str]:
    lines = done.stdout.split("\n")
    return sorted(line.split("[")[-1] + line.split()[2] for line in lines if "warning:" in line)


def test_warnings_that_were_there_before_the_patch_are_not_shown(noisy: Path) -> None:
    """A function that lost its user is told of, though no hunk is at its line."""
    done = build(noisy, "--patch", str(noisy.parent / "quieter.diff"))
    assert done.returncode == 0, done.stdout + done.stderr
    new = [
        "-Wint-conversion]init/lamp.h:2:",
        "-Wunused-function]init/main.c:2:",
        "-Wunused-variable]init/lamp.h:2:",
        "-Wunused-variable]init/main.c:6:",
    ]
    assert warned(done) == new
    # what a build before has compiled is told again, though another file changed
    (noisy / "init/other.c").write_text("int other;\n")
    assert warned(build(noisy, "--patch", str(noisy.parent / "quieter.diff"))) == new


def test_a_build_that_fails_tells_of_new_warnings_too(noisy: Path) -> None:
    broken = QUIETER.replace("return 0;", "return gone;")
    (noisy.parent / "broken.diff").write_text(broken)
    done = build(noisy, "--patch", str(noisy.parent / "broken.diff"))
    assert done.returncode == 10
    assert "hunk 1 of main.c: 'gone' undeclared" in done.stdout
    assert "-Wunused-variable]init/main.c:6:" in warned(done)
    assert "main.c:3:" not in done.stdout


def test_a_patch_that_conflicts_is_not_built(tree: Path) -> None:
    done = build(tree, "--patch", "vm-reserved")
    assert done.returncode == 2
    assert "does not land" in done.stderr
    assert len(done.stderr.strip().split("\n")) == 1


def test_a_folder_that_is_no_kernel_and_an_unknown_configuration_are_named(tree: Path) -> None:
    done = build(tree, "--config", "nothing-of-that-name")
    assert done.returncode == 2
    assert "known: bttv, modules, net, sound, tiny, wide" in done.stderr
    (tree / "Makefile").unlink()
    done = build(tree)
    assert done.returncode == 2
    assert "no Makefile at its top" in done.stderr
