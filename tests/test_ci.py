"""Recipes: the matrix, steps that are kept, and the reports of a run."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath

import pytest
import yaml

from patchkit.cli.ci_documents import documents
from patchkit.errors import InputError
from patchkit.flows.ci.init import write_templates
from patchkit.flows.ci.matrix import CellReport, CiReport, run_recipe
from patchkit.flows.ci.recipe import Cell, Recipe, read_recipe
from patchkit.flows.ci.steps import Runner, Step
from patchkit.flows.ci.summary import summary
from patchkit.flows.intake.named_series import named_inputs
from patchkit.host.shipped import shipped
from patchkit.report.ci_files import report_files
from patchkit.snapshots.open import open_tree

RECIPE = """
name = "ours"
[matrix]
versions = ["2.4.0-test10", "miniature"]
series = [[], ["vm-reserved"]]
configs = ["tiny", "bttv"]
[boot]
tests = ["smoke"]
"""


def recipe(tmp_path: Path, text: str) -> Recipe:
    path = tmp_path / "r.toml"
    path.write_text(text)
    return read_recipe(path)


def test_a_matrix_is_every_combination_and_its_names_differ(tmp_path: Path) -> None:
    cells = recipe(tmp_path, RECIPE).cells
    assert len(cells) == 8
    assert len({cell.name for cell in cells}) == 8
    assert cells[-1].name == "miniature_vm-reserved_bttv_debian-gcc"


def test_the_folder_of_series_is_relative_to_the_recipe(tmp_path: Path) -> None:
    text = "[matrix]\nversions = ['miniature']\nseries = [['ours']]\n[build]\npatches = 'sets'\n"
    found = recipe(tmp_path, text)
    assert found.patches == tmp_path / "sets"
    shutil.copytree(shipped("patches") / "vm-reserved", tmp_path / "sets" / "ours")
    named = named_inputs(found.cells[0].series, found.patches)
    assert named.files == (str(tmp_path / "sets" / "ours" / "mail.txt"),)


def test_what_lies_where_a_run_begins_has_no_word_on_a_recipes_series(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    (here / "vm-reserved").write_text("no mail\n")
    monkeypatch.chdir(here)
    assert [step.code for step in steps(tmp_path)] == [0, 0, 0]
    (tmp_path / "vm-reserved").write_text("no mail\n")  # a file beside the recipe comes first
    assert [step.name for step in steps(tmp_path) if step.code] == ["apply"]


def test_a_series_may_be_a_folder_as_quilt_has_it(tmp_path: Path) -> None:
    folder = tmp_path / "patches"
    folder.mkdir()
    (folder / "series").write_text("one.diff\n")
    diff = "--- a/Makefile\n+++ b/Makefile\n@@ -1,1 +1,2 @@\n {}+# {}\n"
    first = open_tree(tree=None, snapshot="miniature").read(PurePosixPath("Makefile")) or b""
    head = first.decode().splitlines(keepends=True)[0]
    (folder / "one.diff").write_text(diff.format(head, "ours"))
    assert [step.code for step in steps(tmp_path, series=("patches",))] == [0, 0, 0]
    assert all(step.cached for step in steps(tmp_path, series=("patches",)))
    (folder / "one.diff").write_text(diff.format(head, "another"))
    cached = {step.name: step.cached for step in steps(tmp_path, series=("patches",))}
    assert cached == {"fetch": True, "apply": False, "audit": False}


def test_the_templates_read_and_stay_when_they_are_there(tmp_path: Path) -> None:
    written = write_templates(tmp_path)
    assert len(written) == 4
    assert read_recipe(tmp_path / "patchkit-ci.toml").tests == ("smoke",)
    with pytest.raises(InputError, match="there already"):
        write_templates(tmp_path)


def job_files(folder: Path) -> dict[str, list[str]]:
    """The shell lines of each job file that --init writes, by its name."""
    write_templates(folder)
    github = yaml.safe_load((folder / ".github/workflows/patchkit.yml").read_text())
    gitlab = yaml.safe_load((folder / ".gitlab-ci.yml").read_text())
    steps = github["jobs"]["kernel"]["steps"]
    return {
        "github": [step["run"] for step in steps if "run" in step],
        "gitlab": gitlab["kernel"]["script"],
        "cron": (folder / "patchkit-cron.sh").read_text().splitlines(),
    }


def sh(*words: str, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", *words], env={}, input=given, capture_output=True, text=True, check=False
    )


def test_the_job_files_are_yaml_and_shell(tmp_path: Path) -> None:
    for name, lines in job_files(tmp_path).items():
        script = "\n".join(lines)
        done = sh("-n", given=script)
        assert (name, done.stderr) == (name, "")
        assert "patchkit ci patchkit-ci.toml --output patchkit-ci" in script
    assert os.access(tmp_path / "patchkit-cron.sh", os.X_OK)


def test_the_job_files_install_what_a_run_needs(tmp_path: Path) -> None:
    needed = {"podman", "runc", "mmdebstrap", "debian-archive-keyring", "qemu-system-x86",
              "isolinux", "syslinux-common", "xorriso"}  # fmt: skip
    lines = job_files(tmp_path)
    for name in ("github", "gitlab"):
        apt = next(line for line in lines[name] if "apt-get install" in line)
        assert set(apt.partition("--no-install-recommends ")[2].split()) == needed, name


def test_a_job_file_says_where_patchkit_comes_from_before_it_is_run(tmp_path: Path) -> None:
    for name, lines in job_files(tmp_path).items():
        for line in lines:
            if "install" in line and "PATCHKIT" in line:
                done = sh("-c", line)
                assert done.returncode != 0
                assert "what to install patchkit from" in done.stderr, name


def test_crons_script_runs_as_it_is_written_and_again(tmp_path: Path) -> None:
    """On a machine without an engine, so that the build is the step that fails."""
    tree, programs = tmp_path / "linux", tmp_path / "bin"
    for folder in (tree / "drivers", programs):
        folder.mkdir(parents=True)
    (tree / "Makefile").write_text("VERSION = 2\n")
    (tree / "drivers/one.c").write_text("int one;\n")
    write_templates(tree)
    for name in ("cat", "dirname", "mktemp", "rm", "sh"):
        (programs / name).symlink_to(shutil.which(name) or name)
    (programs / "patchkit").write_text(f'#!/bin/sh\nexec {sys.executable} -m patchkit "$@"\n')
    (programs / "patchkit").chmod(0o755)
    for audited in ("s)", "cached)"):
        done = subprocess.run(
            [str(tree / "patchkit-cron.sh")],
            env={"PATH": str(programs), "PATCHKIT_CACHE": str(tmp_path / "cache"),
                 "PYTHONPATH": str(Path(__file__).parent.parent)},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 2
        assert "FAIL build: podman or docker is not installed" in done.stdout
        (audit,) = (line for line in done.stdout.split("\n") if "ok   audit" in line)
        assert audit.endswith(audited)
        assert (tree / "patchkit-ci/junit.xml").is_file()


class AuditOnly(Runner):
    """The steps that need neither compiler nor machine."""

    def _kernel(self) -> tuple[Step, ...]:
        return ()


def steps(tmp_path: Path, *, series: tuple[str, ...] = ("vm-reserved",)) -> tuple[Step, ...]:
    cell = Cell("miniature", None, series, "tiny", "debian-gcc")
    ours = Recipe("ours", tmp_path, (cell,), audit_paths=("drivers",), fail_on="never")
    return AuditOnly(ours, cell, tmp_path, documents(), lambda step: None).run()


def test_a_step_that_passed_on_the_same_inputs_is_not_run_again(tmp_path: Path) -> None:
    first = steps(tmp_path)
    again = steps(tmp_path)
    assert [step.name for step in first] == ["fetch", "apply", "audit"]
    assert [step.cached for step in first] == [False, False, False]
    assert [step.cached for step in again] == [True, True, True]
    assert [step.document for step in again] == [step.document for step in first]


def test_a_step_whose_file_is_gone_is_run_again(tmp_path: Path) -> None:
    steps(tmp_path)
    (tmp_path / "audit.sarif").unlink()
    cached = {step.name: step.cached for step in steps(tmp_path)}
    assert cached == {"fetch": True, "apply": True, "audit": False}
    assert (tmp_path / "audit.sarif").exists()


def test_a_refused_hunk_stands_beside_the_lines_that_are_most_like_it(tmp_path: Path) -> None:
    tree = open_tree(tree=None, snapshot="miniature")
    lines = (tree.read(PurePosixPath("Makefile")) or b"").decode().split("\n")
    context = "".join(f" {line}\n" for line in lines[:3])
    diff = f"--- a/Makefile\n+++ b/Makefile\n@@ -1,4 +1,4 @@\n{context}-no such line\n+another\n"
    (tmp_path / "refused.diff").write_text(diff)
    (_, apply) = steps(tmp_path, series=("refused.diff",))
    (hunk,) = apply.document["evidence"]
    assert apply.code == 1
    assert hunk["landed"].startswith(f"@@ line 1 @@\n{context} {lines[3]}\n")


def test_two_diffs_without_a_mail_are_told_apart(tmp_path: Path) -> None:
    tree = open_tree(tree=None, snapshot="miniature")
    first, *_, last = (tree.read(PurePosixPath("Makefile")) or b"").decode().splitlines()
    number = len((tree.read(PurePosixPath("Makefile")) or b"").splitlines())
    for name, line, at in (("one", first, 1), ("two", last, number)):
        diff = f"--- a/Makefile\n+++ b/Makefile\n@@ -{at},1 +{at},2 @@\n {line}\n+# {name}\n"
        (tmp_path / f"{name}.diff").write_text(diff)
    (_, apply, _) = steps(tmp_path, series=("one.diff", "two.diff"))
    pairs = [(one["sent"], one["landed"]) for one in apply.document["evidence"]]
    assert [("# one" in sent, "# two" in sent) for sent, _ in pairs] == [
        (True, False),
        (False, True),
    ]
    assert ["# one" in landed for _, landed in pairs] == [True, False]


def test_what_an_earlier_run_left_of_a_step_that_is_not_run_is_gone(tmp_path: Path) -> None:
    steps(tmp_path)
    (tmp_path / "boot.json").write_text("{}")
    (tmp_path / "console.log").write_text("another kernel's")
    missing = "--- a/nowhere.c\n+++ b/nowhere.c\n@@ -1,1 +1,1 @@\n-one\n+two\n"
    (tmp_path / "missing.diff").write_text(missing)
    (_, apply) = steps(tmp_path, series=("missing.diff",))
    assert apply.code == 1
    assert apply.summary == "conflict: hunk 1 of nowhere.c: the tree has no such file"
    left = {at.name for at in tmp_path.iterdir() if at.suffix in (".json", ".log", ".sarif")}
    assert left == {"fetch.json", "apply.json"}


def test_another_input_runs_what_depends_on_it(tmp_path: Path) -> None:
    steps(tmp_path)
    cached = {step.name: step.cached for step in steps(tmp_path, series=())}
    assert cached == {"fetch": True, "audit": False}


@pytest.mark.parametrize("record", [b'{"key": ', b"[]", b"null"])
def test_half_a_record_of_a_run_that_was_killed_is_run_again(tmp_path: Path, record: bytes) -> None:
    steps(tmp_path)
    (tmp_path / "audit.json").write_bytes(record)
    assert {step.name: step.cached for step in steps(tmp_path)} == {
        "fetch": True,
        "apply": True,
        "audit": False,
    }


def test_a_snapshot_that_is_not_there_fails_its_cell_and_no_other(tmp_path: Path) -> None:
    cells = tuple(Cell(v, None, (), "tiny", "debian-gcc") for v in ("0.0.99", "0.0.98"))
    report = run_recipe(
        Recipe("ours", tmp_path, cells), tmp_path / "out", documents(), jobs=2,
        progress=lambda line: None,
    )  # fmt: skip
    assert [cell.code for cell in report.cells] == [2, 2]
    assert report.code == 2


def test_an_output_folder_in_the_tree_is_no_part_of_it(tmp_path: Path) -> None:
    (tmp_path / "Makefile").write_text("VERSION = 2\n")
    cells = (Cell("", tmp_path, (), "tiny", "no such toolchain"),)
    (tmp_path / "drivers").mkdir()
    (tmp_path / "drivers/one.c").write_text("int one;\n")
    wanted = Recipe("ours", tmp_path, cells, audit_paths=("drivers",), fail_on="never")
    runs = [
        run_recipe(wanted, tmp_path / "out", documents(), jobs=1, progress=lambda line: None)
        for _ in range(2)
    ]
    cached = [{step.name: step.cached for step in run.cells[0].steps} for run in runs]
    assert [one["fetch"] for one in cached] == [False, True]
    assert [one["audit"] for one in cached] == [False, True]


HOSTILE = "</pre><script>alert(1)</script>\x00\x1b[31m"


def reported(tmp_path: Path) -> CiReport:
    rows = [{"vm_reserved": "0", "vm_locked": HOSTILE, "nopage_after_pressure": "256"}]
    test = {"name": "swap-pressure", "passed": False, "reason": HOSTILE, "rows": rows}
    boot = {"verdict": "TestsFailed", "accel": "tcg", "seconds": 1.5, "tests": [test]}
    (tmp_path / "console.log").write_bytes(HOSTILE.encode())
    cell = Cell("2.4.0-test10", None, (), "tiny", "debian-gcc")
    step = Step("boot", 14, "TestsFailed", 1.5, False, boot)
    return CiReport(HOSTILE, (CellReport(cell, tmp_path, (step,)),), 2.0)


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        assert not {name for name, _ in attrs} & {"src", "href", "onclick"}


def test_the_page_fetches_nothing_and_runs_nothing(tmp_path: Path) -> None:
    page = report_files(reported(tmp_path))["report.html"].decode()
    tags = Tags()
    tags.feed(page)
    assert not tags.seen & {"script", "link", "img", "iframe"}
    assert "256" in page
    assert "width=device-width" in page


def test_junit_is_well_formed_whatever_a_guest_says(tmp_path: Path) -> None:
    suites = ET.fromstring(report_files(reported(tmp_path))["junit.xml"])
    failures = suites.findall(".//failure")
    assert len(failures) == 2
    assert [suite.get("failures") for suite in suites] == ["2"]
    assert [suite.get("time") for suite in suites] == ["1.500"]
    assert {case.get("classname") for case in suites.iter("testcase")} == {
        "2.4.0-test10_tiny_debian-gcc"
    }


def test_junit_tells_a_broken_kernel_from_a_broken_machine(tmp_path: Path) -> None:
    cell = Cell("2.4.0-test10", None, (), "tiny", "debian-gcc")
    error = {"kind": "error", "path": "mm/vm.c", "line": 7, "text": "'x' undeclared <&>"}
    document = {
        "results": {"errors": [error], "warnings": []},
        "blame": ["hunk 1 of vm.c: bad"],
    }
    steps = (
        Step("fetch", 2, "no such snapshot", 0.0, False, {}),
        Step("build", 10, "CompileFailed", 1.0, False, document),
    )
    report = CiReport("r", (CellReport(cell, tmp_path, steps),), 1.0)
    (suite,) = ET.fromstring(report_files(report)["junit.xml"])
    assert (suite.get("failures"), suite.get("errors"), suite.get("tests")) == ("1", "1", "2")
    assert [one.get("message") for one in suite.iter("error")] == ["no such snapshot"]
    (failure,) = suite.iter("failure")
    assert failure.text == "hunk 1 of vm.c: bad\nmm/vm.c:7: 'x' undeclared <&>"


def test_a_step_says_what_to_look_at_first() -> None:
    error = {"kind": "error", "path": "mm/vm.c", "line": 7, "text": "bad"}
    failed = {"verdict": "CompileFailed", "results": {"errors": [error]}, "blame": []}
    assert summary(failed) == "CompileFailed: mm/vm.c:7: bad"
    assert summary({**failed, "blame": ["hunk 1"]}) == "CompileFailed: hunk 1"
    assert summary({"verdict": "Panicked", "reason": "Oops", "tests": []}) == "Panicked: Oops"
    tests = [{"name": "a", "passed": False}, {"name": "b", "passed": True}]
    assert summary({"verdict": "TestsFailed", "tests": tests}) == "TestsFailed: a"
    assert summary({"verdict": "Booted", "tests": tests[1:]}) == "Booted"


def test_of_a_long_console_the_page_has_the_beginning_and_the_end(tmp_path: Path) -> None:
    report = reported(tmp_path)
    log = b"first words\n" + b"x\n" * 100_000 + b"Kernel panic: last words\n"
    (tmp_path / "console.log").write_bytes(log)
    page = report_files(report)["report.html"].decode()
    assert "first words" in page
    assert "Kernel panic: last words" in page
    assert f"[{len(log) - 60_000} bytes are left out here]" in page


def test_the_verdict_in_json_is_the_exit_code(tmp_path: Path) -> None:
    found = json.loads(report_files(reported(tmp_path))["metadata.json"])
    assert (found["schema"], found["code"], found["verdict"]) == ("patchkit.ci/1", 14, "failed")


def test_a_step_that_could_not_be_made_has_its_reason_on_the_page(tmp_path: Path) -> None:
    cell = Cell("2.4.0-test10", None, (), "tiny", "debian-gcc")
    steps = tuple(
        Step(name, 2, f"no room for {name}", 0.0, False, {})
        for name in ("fetch", "apply", "audit", "build", "boot")
    )
    page = report_files(CiReport("r", (CellReport(cell, tmp_path, steps),), 1.0))["report.html"]
    assert page.count(b"no room for") == len(steps)
