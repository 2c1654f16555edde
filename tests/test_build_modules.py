"""``patchkit build --modules`` on a small tree, on this machine: make and gcc, no kernel."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import pytest

# Like 2.4: a module is an object, and installing copies it.
MAKEFILE = """\
TOP := $(CURDIR)
INSTALL = $(INSTALL_MOD_PATH)/lib/modules/2.4.99
oldconfig:
\tcat .config >/dev/null
dep:
\ttrue
bzImage: init/main.o
\tmkdir -p arch/i386/boot
\tcp init/main.o arch/i386/boot/bzImage
\techo "c0100000 T printk" > System.map
\techo "c0200000 r __ksymtab_printk" >> System.map
init/main.o: init/main.c
\t$(CC) -c -o init/main.o init/main.c
modules:
\t$(MAKE) -C lamps modules
modules_install:
\tmkdir -p $(INSTALL)/kernel/lamps
\tln -sf $(TOP) $(INSTALL)/build
\tcp lamps/lamp.o lamps/oil.o $(INSTALL)/kernel/lamps
include/linux/version.h include/config/MARKER:
	true
.PHONY: dep modules modules_install include/linux/version.h include/config/MARKER
"""
LAMPS = """\
modules: lamp.o oil.o
lamp.o: wick.o glass.o
\t$(LD) -r -o lamp.o wick.o glass.o
%.o: %.c
\t$(CC) -DMODULE -c -o $@ $<
"""
CONFIG = "CONFIG_MODULES=y\nCONFIG_LAMP=m\n"
FILES = {
    "Makefile": MAKEFILE,
    "Rules.make": "# 2.4\n",
    "lamps/Makefile": LAMPS,
    "init/main.c": "int a;\n",
    "lamps/wick.c": 'int counter;\nvoid wick(void)\n{\n\tasm("incl %0" : "=m" (counter));\n}\n',
    "lamps/glass.c": "void printk(void);\nvoid glass(void)\n{\n\tprintk();\n}\n",
    "lamps/oil.c": "void wick(void);\nvoid oil(void)\n{\n\twick();\n}\n",
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    missing = [name for name in ("make", "gcc", "gzip") if shutil.which(name) is None]
    if missing or not Path("/sbin/mke2fs").exists():
        pytest.skip(f"not installed: {', '.join(missing) or 'e2fsprogs'}")
    for name, text in FILES.items():
        place = tmp_path / "linux" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    (tmp_path / "lamp.config").write_text(CONFIG)
    return tmp_path / "linux"


def build(tree: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "patchkit", "build", "--tree", str(tree), "--no-container",
         "-o", str(tree.parent / "out"), "--config", str(tree.parent / "lamp.config"), *more],
        capture_output=True, text=True, check=False, timeout=120,
        cwd=Path(__file__).parent.parent,
    )  # fmt: skip


def metadata(tree: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((tree.parent / "out" / "metadata.json").read_text())
    return found


def test_modules_are_made_packed_and_listed_with_their_sums(tree: Path) -> None:
    done = build(tree, "--modules")
    assert done.returncode == 0, done.stdout + done.stderr
    archive = tree.parent / "out" / "modules.tar.xz"
    assert f"modules: 2 of 2 made: {archive}; 2 in the guest" in done.stdout
    with tarfile.open(archive) as tar:
        names = [one.name for one in tar.getmembers() if one.isfile()]
        packed = tar.extractfile("lib/modules/2.4.99/kernel/lamps/oil.o")
        needs = tar.extractfile("lib/modules/2.4.99/modules.dep")
        assert packed is not None
        assert needs is not None
        digest = hashlib.sha256(packed.read()).hexdigest()
        lines = needs.read().decode().splitlines()
    top = "lib/modules/2.4.99"
    assert names == [
        f"{top}/kernel/lamps/lamp.o",
        f"{top}/kernel/lamps/oil.o",
        f"{top}/modules.dep",
    ]
    assert lines[1] == f"/{top}/kernel/lamps/oil.o: /{top}/kernel/lamps/lamp.o"
    document = metadata(tree)
    assert document["results"]["artifacts"]["modules"] == ["modules.tar.xz"]
    assert document["sha256"]["modules.tar.xz"] == hashlib.sha256(archive.read_bytes()).hexdigest()
    assert {"name": "kernel/lamps/oil.o", "sha256": digest} in document["modules"]["files"]
    assert document["modules"]["aboard"] == ["kernel/lamps/lamp.o", "kernel/lamps/oil.o"]
    assert document["objects"] == [4, 4]


def test_what_only_a_module_reads_is_rewritten_too(tree: Path) -> None:
    assert "lamps/wick.c" not in build(tree, "--explain-rewrites").stdout
    done = build(tree, "--modules", "--explain-rewrites")
    assert "asm-read-output lamps/wick.c:4: '=' -> '+'" in done.stdout


def test_nothing_changed_a_module_changed_and_the_same_bytes_again(tree: Path) -> None:
    build(tree, "--modules")
    archive = tree.parent / "out" / "modules.tar.xz"
    before = archive.read_bytes()
    again = build(tree, "--modules").stdout
    assert "(nothing had changed)" in again
    assert "2 of 2 made" in again
    (tree / "lamps/oil.c").write_text("void wick(void);\nvoid oil2(void)\n{\n\twick();\n}\n")
    assert "(nothing had changed)" not in build(tree, "--modules").stdout
    assert archive.read_bytes() != before
    (tree / "lamps/oil.c").write_text(FILES["lamps/oil.c"])
    assert build(tree, "--modules").returncode == 0
    assert archive.read_bytes() == before


def test_a_build_without_modules_leaves_none_of_another_there(tree: Path) -> None:
    build(tree, "--modules")
    done = build(tree)
    assert "(nothing had changed)" not in done.stdout
    assert not (tree.parent / "out" / "modules.tar.xz").exists()
    assert metadata(tree)["modules"] is None
    assert metadata(tree)["objects"] == [1, 1]


@pytest.mark.parametrize("text", ["[]", '{"sha256": [1]}', '{"sha256": {"config": 1}}', "null"])
def test_metadata_that_no_build_wrote_hides_no_old_modules(tree: Path, text: str) -> None:
    build(tree, "--modules")
    (tree.parent / "out" / "metadata.json").write_text(text)
    done = build(tree)
    assert done.returncode == 0, done.stdout + done.stderr
    assert not (tree.parent / "out" / "modules.tar.xz").exists()


def test_a_module_that_does_not_compile_is_counted_with_its_cause(tree: Path) -> None:
    (tree / "lamps/glass.c").write_text("int here = nowhere;\n")
    done = build(tree, "--modules", "--keep-going")
    assert done.returncode == 10
    assert "  modules: 1 of 2 made; not made:\n    lamps/lamp.o: lamps/glass.c:1: " in done.stdout
    assert metadata(tree)["modules"]["not_made"][0]["name"] == "lamps/lamp.o"
    assert metadata(tree)["objects"] == [3, 4]
    assert not (tree.parent / "out" / "modules.tar.xz").exists()
    # without --keep-going the first one is the only one that is known
    assert "lamps/lamp.o: lamps/glass.c:1: " in build(tree, "--modules").stdout


PATCH = """\
--- linux/lamps/glass.c
+++ linux/lamps/glass.c
@@ -1,5 +1,6 @@
 void printk(void);
 void glass(void)
 {
 \tprintk();
+\tmatch_struck();
 }
"""


def test_what_nobody_exports_is_an_error_at_its_hunk(tree: Path) -> None:
    patch = tree.parent / "match.diff"
    patch.write_text(PATCH)
    done = build(tree, "--modules", "--patch", str(patch))
    assert done.returncode == 10, done.stdout + done.stderr
    assert (
        "    lamps/lamp.o: undefined reference to `match_struck': neither the kernel" in done.stdout
    )
    assert "hunk 1 of glass.c: lamps/lamp.o: undefined reference to `match_struck'" in done.stdout
    # that alone does not fail make, nor the kernel
    assert build(tree, "--patch", str(patch)).returncode == 0


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ("CONFIG_LAMP=m\n", "CONFIG_MODULES is off in this configuration"),
        ("CONFIG_MODULES=y\nCONFIG_LAMP=y\n", "no option is =m in this configuration"),
    ],
)
def test_no_modules_at_all_is_one_line(tree: Path, config: str, words: str) -> None:
    (tree.parent / "lamp.config").write_text(config)
    done = build(tree, "--modules")
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"  modules: none: {words}" in done.stdout
    assert "modules" not in metadata(tree)["results"]["artifacts"]
    assert f"  modules: none: {words}" in build(tree, "--modules").stdout


def test_versions_without_the_program_for_them_are_refused(tree: Path) -> None:
    if Path("/sbin/genksyms").exists():
        pytest.skip("this machine has modutils' genksyms")
    (tree.parent / "lamp.config").write_text(CONFIG + "CONFIG_MODVERSIONS=y\n")
    done = build(tree, "--modules")
    assert done.returncode == 10
    assert "CONFIG_MODVERSIONS: trees with Config.in want modutils' /sbin/genksyms" in done.stdout


def test_objects_and_modules_are_one_or_the_other(tree: Path) -> None:
    done = build(tree, "--modules", "--objects", "init/main.o")
    assert done.returncode == 2
    assert done.stderr.startswith("patchkit: --objects builds these alone, --modules all of them")


def test_a_module_whose_source_left_the_tree_is_not_that_of_before(tree: Path) -> None:
    assert build(tree, "--modules").returncode == 0
    (tree / "lamps/oil.c").unlink()
    done = build(tree, "--modules")
    assert done.returncode == 10, done.stdout + done.stderr
    assert "No rule to make target 'oil.o'" in done.stdout


def test_what_is_no_object_is_no_module(tree: Path) -> None:
    install = "cp lamps/lamp.o lamps/oil.o $(INSTALL)/kernel/lamps\n"
    assert install in MAKEFILE
    hostile = MAKEFILE.replace(install, f"{install}\techo lamp > $(INSTALL)/kernel/lamps/oil.o\n")
    (tree / "Makefile").write_text(hostile)
    done = build(tree, "--modules")
    assert done.returncode == 10, done.stdout + done.stderr
    assert "  modules: 1 of 2 made; not made:\n    lamps/oil.o: what make put" in done.stdout
    assert not (tree.parent / "out" / "modules.tar.xz").exists()


def test_a_name_that_is_no_text_is_built_and_packed(tree: Path) -> None:
    (tree / "lamps" / os.fsdecode(b"\xff.c")).write_text("int here;\n")
    install = "cp lamps/lamp.o lamps/oil.o $(INSTALL)/kernel/lamps\n"
    odd = "\"$(INSTALL)/kernel/lamps/$$(printf '\\377').o\""
    (tree / "Makefile").write_text(MAKEFILE.replace(install, f"{install}\tcp lamps/oil.o {odd}\n"))
    done = build(tree, "--modules")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "not in the guest: kernel/lamps/\ufffd.o" in done.stdout
    with tarfile.open(tree.parent / "out" / "modules.tar.xz") as tar:
        assert os.fsdecode(b"lib/modules/2.4.99/kernel/lamps/\xff.o") in tar.getnames()


def test_names_that_a_terminal_would_obey_are_shown_without(tree: Path) -> None:
    name = "x\x1b[2Jx.o"
    install = "cp lamps/lamp.o lamps/oil.o $(INSTALL)/kernel/lamps\n"
    hostile = MAKEFILE.replace(
        install, f'{install}\tcp lamps/oil.o "$(INSTALL)/kernel/lamps/{name}"\n'
    )
    (tree / "Makefile").write_text(hostile)
    done = build(tree, "--modules")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "not in the guest: kernel/lamps/x\ufffd[2Jx.o" in done.stdout
    assert "\x1b" not in done.stdout


def test_a_way_out_of_the_installed_folder_is_not_followed(tree: Path) -> None:
    secret = tree.parent / "secret"
    (secret / "lib/modules/2.4.99/kernel/lamps").mkdir(parents=True)
    hostile = MAKEFILE.replace(
        "mkdir -p $(INSTALL)/kernel/lamps", f"ln -s {secret} .patchkit-installed"
    )
    (tree / "Makefile").write_text(hostile)
    done = build(tree, "--modules")
    assert done.returncode == 2
    assert done.stderr.endswith(": the build made it a way out of its tree\n")
    assert not (tree.parent / "out").exists()
