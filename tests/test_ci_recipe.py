"""Recipes: every slip is one line that names it, and what is named is where the recipe is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from patchkit.errors import InputError
from patchkit.flows.boot_kernel import Kernel, boot_kernel
from patchkit.flows.ci.recipe import NAME, Recipe, read_recipe
from patchkit.flows.intake.named_series import named_inputs
from patchkit.flows.kbuild.build_request import config_text
from patchkit.snapshots.open import open_tree

MATRIX = "[matrix]\nversions = ['2.4.0-test10']\n"


def recipe(tmp_path: Path, text: str) -> Recipe:
    path = tmp_path / "r.toml"
    path.write_text(text)
    return read_recipe(path)


def names(tmp_path: Path, text: str) -> list[str]:
    return [cell.name for cell in recipe(tmp_path, text).cells]


def run(tmp_path: Path, text: str) -> subprocess.CompletedProcess[str]:
    """What ``patchkit ci`` says of the recipe *text*."""
    (tmp_path / "r.toml").write_text(text)
    return subprocess.run(
        [sys.executable, "-m", "patchkit", "ci", str(tmp_path / "r.toml"),
         "-o", str(tmp_path / "out")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip


SLIPS = [
    ("[matrix]\n", "matrix: names no versions and no trees"),
    ("[matrix]\nversion = ['6.1']\n", r"matrix\.version: no such key; known: versions, trees"),
    ("[matrix]\nversions = '6.1'\n", r"matrix\.versions: must be a list"),
    ("[matrix]\nversions = [6.1]\n", r"matrix\.versions: must be a text"),
    ("[matrix]\nversions = ['..']\n", r"matrix\.versions: \.\.: not a kernel version"),
    ("[matrix]\nversions = ['/']\n", r"matrix\.versions: /: not a kernel version"),
    ("[matrix]\ntrees = [1]\n", r"matrix\.trees: must be a text"),
    ("[matrix]\ntrees = ['']\n", r"matrix\.trees: must be a text"),
    ('[matrix]\ntrees = ["a\\u0000b"]\n', r"matrix\.trees: .* can't be printed"),
    (MATRIX + "series = []\n", r"matrix\.series: is empty: there is nothing to run"),
    (MATRIX + "series = [['-']]\n", r"matrix\.series: -: a recipe has no standard input"),
    (MATRIX + "series = ['-']\n", r"matrix\.series: -: a recipe has no standard input"),
    (MATRIX + "series = [[1]]\n", r"matrix\.series: must be a text"),
    (MATRIX + "series = [1]\n", r"matrix\.series: must be a text"),
    (MATRIX + "configs = []\n", r"matrix\.configs: is empty"),
    (MATRIX + "configs = [[]]\n", r"matrix\.configs: must be a text"),
    (MATRIX + "toolchains = ['gcc']\n", r"matrix\.toolchains: gcc: no such toolchain; known: deb"),
    (MATRIX + "[build]\narch = 'sparc'\n", r"build\.arch: sparc: must be one of i386, x86_64"),
    (MATRIX + "[build]\ncontainer = 'no'\n", r"build\.container: must be true or false"),
    (MATRIX + "[build]\nprobes = 1\n", r"build\.probes: must be true or false"),
    (MATRIX + "[build]\nmodules = 'yes'\n", r"build\.modules: must be true or false"),
    (MATRIX + "[build]\npartial = []\n", r"build\.partial: must be true or false"),
    (MATRIX + "[build]\npatches = 1\n", r"build\.patches: must be a text"),
    (MATRIX + "[audit]\npaths = 'drivers'\n", r"audit\.paths: must be a list"),
    (MATRIX + "[audit]\npaths = [3]\n", r"audit\.paths: must be a text"),
    (MATRIX + "[audit]\npaths = ['../x']\n", r"audit\.paths: \.\./x: must be a path in the tree"),
    (MATRIX + "[audit]\nfail_on = 'worse'\n", r"audit\.fail_on: worse: must be one of note, warn"),
    (MATRIX + "[audit]\nbaseline = {}\n", r"audit\.baseline: must be a text"),
    (MATRIX + "[boot]\ntests = ['smoek']\n", r"boot\.tests: smoek: must be one of smoke, reserve"),
    (MATRIX + '[boot]\ntests = ["smoke\\nLABEL x"]\n', r"boot\.tests: .*LABEL.* can't be printed"),
    (MATRIX + "[boot]\ntests = [['smoke']]\n", r"boot\.tests: must be a text"),
    (MATRIX + "[boot]\ntimeout = 0\n", r"boot\.timeout: must be a number of seconds, 1 to 86400"),
    (MATRIX + "[boot]\ntimeout = true\n", r"boot\.timeout: must be a number of seconds"),
    (MATRIX + "[boot]\ntimeout = nan\n", r"boot\.timeout: must be a number of seconds"),
    (MATRIX + "[boot]\ntimeout = '60'\n", r"boot\.timeout: must be a number of seconds"),
    (MATRIX + "[boot]\naccel = 'hvf'\n", r"boot\.accel: hvf: must be one of auto, kvm, tcg"),
    ("[matrices]\n", "matrices: no such table; known: matrix, build, audit, boot"),
    ("matrix = 1\n", "matrix: no such table"),
    ("name = 1\n" + MATRIX, "name: must be a text"),
    ("[matrix\n", "no TOML: "),
    ("x = " + "[" * 100000, "no TOML: "),
]


@pytest.mark.parametrize(("text", "message"), SLIPS)
def test_a_slip_in_a_recipe_is_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError, match=rf"r\.toml: {message}") as caught:
        recipe(tmp_path, text)
    assert "\n" not in str(caught.value)


def test_a_slip_is_one_line_and_exit_2(tmp_path: Path) -> None:
    done = run(tmp_path, MATRIX + "[build]\narch = 'sparc'\n")
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert not (tmp_path / "out").exists()


def test_a_timeout_may_be_whole_or_not(tmp_path: Path) -> None:
    assert recipe(tmp_path, MATRIX + "[boot]\ntimeout = 1.5\n").timeout == 1.5
    assert recipe(tmp_path, MATRIX + "[boot]\ntimeout = 120\n").timeout == 120.0


def test_cells_of_one_name_have_folders_of_their_own(tmp_path: Path) -> None:
    trees = "[matrix]\ntrees = ['a/linux', 'b/linux', 'linux']\n"
    assert names(tmp_path, trees) == [
        "linux_tiny_debian-gcc",
        "linux_tiny_debian-gcc-2",
        "linux_tiny_debian-gcc-3",
    ]
    configs = MATRIX + "configs = ['a/b', 'a_b']\n"
    assert len(set(names(tmp_path, configs))) == 2


@pytest.mark.parametrize("tree", ["..", "/", "a/..", "."])
def test_no_tree_names_a_folder_outside_the_output(tmp_path: Path, tree: str) -> None:
    (name,) = names(tmp_path, f"[matrix]\ntrees = ['{tree}']\nconfigs = ['../../x']\n")
    assert (tmp_path / "out" / name).resolve().parent == tmp_path / "out"


def test_a_name_is_never_longer_than_a_file_system_takes(tmp_path: Path) -> None:
    series = ", ".join(f"'{number}-{'x' * 40}.mbox'" for number in range(9))
    found = names(tmp_path, MATRIX + f"series = [[{series}], [{series}, 'one']]\n")
    assert len(set(found)) == 2
    assert max(map(len, found)) <= NAME + 2


def test_a_file_that_a_recipe_names_is_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside, here = tmp_path / "beside", tmp_path / "here"
    for folder in (beside, here):
        folder.mkdir()
        for name in ("own.config", "tiny", "fix.patch"):
            (folder / name).write_text(f"# {folder.name}\n")
    monkeypatch.chdir(here)
    found = recipe(beside, MATRIX + "configs = ['own.config', 'tiny']\nseries = ['fix.patch']\n")
    tree = open_tree(tree=None, snapshot="miniature")
    own, tiny = (config_text(cell.config, tree, found.folder) for cell in found.cells)
    assert own == "# beside\n"
    assert "# beside" not in tiny
    assert "CONFIG_" in tiny
    named = named_inputs(found.cells[0].series, None, found.folder)
    assert named.files == (str(beside / "fix.patch"),)


def test_a_build_without_a_container_is_warned_of(tmp_path: Path) -> None:
    done = run(tmp_path, "[matrix]\nversions = ['0.0.99']\n[build]\ncontainer = false\n")
    assert "the tree's Makefiles run as you, unconfined" in done.stderr


def test_a_test_that_no_guest_has_is_not_asked_of_one() -> None:
    kernel = Kernel(b"", b"", b"", "i386")
    with pytest.raises(InputError, match="no such test; known: smoke"):
        boot_kernel(kernel, ("smoke\nLABEL x",), timeout=5, accel="tcg")


def test_an_output_folder_with_sources_in_it_is_left_alone(tmp_path: Path) -> None:
    source = tmp_path / "out" / "sched.c"
    source.parent.mkdir()
    source.write_text("int jiffies;\n")
    done = run(tmp_path, MATRIX)
    assert done.returncode == 2
    assert "holds other files" in done.stderr
    assert list(source.parent.iterdir()) == [source]
