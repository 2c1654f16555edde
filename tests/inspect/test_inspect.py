"""The whole of it: patches, a tree and a small repository with its past."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from patchkit.cli import COMMANDS
from patchkit.flows.inspect_patch import inspect_patches, open_pasts
from patchkit.flows.intake.extract_mail import extract_mail
from patchkit.flows.intake.read_mail import read_mail
from patchkit.inspect.inspection import Inspection, PatchView
from patchkit.report.inspect_json import document
from patchkit.report.inspect_text import as_text
from patchkit.snapshots.git_tree import git_tree
from tests.support.git import commit, git

TOP = Path(__file__).parent.parent.parent
MAKEFILE = "VERSION = 2\nPATCHLEVEL = 4\nSUBLEVEL = {}\nEXTRAVERSION =\n"
HEADER = "#define VM_READ 1\n\n#define VM_WRITE 2\n"
SOURCE = """\
#include <linux/mm.h>

int map(struct vma *vma)
{
\tvma->flags = VM_READ;
\tvma->count++;
\treturn 0;
}

int unmap(struct vma *vma)
{
\tvma->flags = 0;
\treturn 0;
}
"""


def release(number: int, header: str, source: str) -> dict[str, bytes]:
    files = {"Makefile": MAKEFILE.format(number), "include/linux/mm.h": header, "mm/a.c": source}
    return {name: text.encode() for name, text in files.items()}


@pytest.fixture
def linux(tmp_path: Path) -> Path:
    """2.4.1 brings VM_NEW, 2.4.2 uses it in map(), 2.4.3 drops vma->count."""
    repository = tmp_path / "linux"
    header = HEADER + "#define VM_NEW 8\n"
    used = SOURCE.replace("VM_READ;", "VM_READ | VM_NEW;")
    dropped = used.replace("\tvma->count++;\n", "")
    commit(repository, release(0, HEADER, SOURCE), tag="2.4.0")
    commit(repository, release(1, header, SOURCE), tag="2.4.1")
    commit(repository, release(2, header, used), tag="2.4.2")
    commit(repository, release(3, header, dropped), tag="2.4.3")
    return repository


def patch(linux: Path, old: str, new: str) -> bytes:
    head = f"From: A Tester <a@b.c>\nSubject: [PATCH] from {old} to {new}\n\n---\n"
    return (head + git(linux, "diff", old, new, "--", "mm", "include") + "\n").encode()


def inspected(
    patches: list[bytes], folder: Path, *, linux: Path | None = None, target: str | None = None
) -> Inspection:
    names = []
    for number, text in enumerate(patches):
        (folder / f"{number}.patch").write_bytes(text)
        names.append(str(folder / f"{number}.patch"))
    tree = git_tree(linux, target) if linux and target else None
    pasts = open_pasts(linux, target, tree, None)
    with read_mail(names) as mailing:
        return inspect_patches(extract_mail(mailing), tree, pasts)


def only(report: Inspection) -> PatchView:
    (patch,) = report.patches
    return patch


@pytest.fixture(autouse=True)
def _no_history(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PATCHKIT_LINUX_HISTORY", raising=False)


def test_all_of_it_for_people(linux: Path, tmp_path: Path) -> None:
    report = inspected([patch(linux, "2.4.1", "2.4.2")], tmp_path, linux=linux, target="2.4.0")
    one, two = (git(linux, "rev-parse", "--short=12", tag) for tag in ("2.4.1", "2.4.2"))
    assert as_text(report).splitlines() == [
        "patch 1/1: from 2.4.1 to 2.4.2 (A Tester)",
        f"  patch-id: {report.patches[0].patch_id}",
        "  uses: VM_NEW, VM_READ",
        "  missing: VM_NEW",
        f"    came with 2.4.1, {one} (2.4.1)",
        f"  upstream since 2.4.2, {two} (2.4.2); not in the target's history",
        "    all hunks",
        "  mm/a.c: +1 -1",
        "    hunk 1 at line 2, function map: applies at line 2",
        "  1 file changed, +1 -1",
    ]


def test_the_target_may_have_it_all(linux: Path, tmp_path: Path) -> None:
    report = inspected([patch(linux, "2.4.1", "2.4.2")], tmp_path, linux=linux, target="2.4.2")
    text = as_text(report)
    assert "; the target has it" in text
    assert "function map: already there at line 2" in text
    assert "missing" not in text


def test_without_tree_and_history_there_is_what_the_patch_says(linux: Path, tmp_path: Path) -> None:
    found = only(inspected([patch(linux, "2.4.0", "2.4.1")], tmp_path))
    assert [(one.name, one.kind) for one in found.defines] == [("VM_NEW", "macro")]
    (file,) = found.files
    (hunk,) = file.hunks
    assert (hunk.landing, hunk.upstream, found.missing) == (None, None, ())
    assert [touch.name for touch in hunk.touches] == ["VM_NEW"]
    assert (file.added, file.removed) == (1, 0)


def test_what_an_earlier_patch_of_the_series_brings_is_not_missing(
    linux: Path, tmp_path: Path
) -> None:
    series = [patch(linux, "2.4.0", "2.4.1"), patch(linux, "2.4.1", "2.4.2")]
    report = inspected(series, tmp_path, linux=linux, target="2.4.0")
    assert [view.missing for view in report.patches] == [(), ()]
    assert report.patches[1].depends == ((1, "uses VM_NEW"),)
    turned = inspected(series[::-1], tmp_path, linux=linux, target="2.4.0")
    assert turned.order == (2, 1)
    assert "order: 2, 1; as given" in as_text(turned)


def test_a_change_in_another_context_is_told_as_such(linux: Path, tmp_path: Path) -> None:
    source = SOURCE.replace("VM_READ;", "VM_READ | VM_NEW;\n\tnew(vma);")
    commit(linux, release(4, HEADER, SOURCE), tag="2.4.4")
    commit(linux, release(5, HEADER, source), tag="2.4.5")
    text = patch(linux, "2.4.4", "2.4.5").replace(b" \tvma->count++;", b" \tvma->count--;")
    (file,) = only(inspected([text], tmp_path, linux=linux)).files
    found = file.hunks[0].upstream
    assert found is not None
    assert (found.exact, found.origin.release, found.in_target) == (False, "2.4.5", None)


def test_a_change_that_nobody_made_is_not_upstream(linux: Path, tmp_path: Path) -> None:
    text = patch(linux, "2.4.1", "2.4.2").replace(b"VM_NEW", b"VM_OTHER")
    found = only(inspected([text], tmp_path, linux=linux, target="2.4.0"))
    assert found.files[0].hunks[0].upstream is None
    assert [(m.symbol.name, m.origin) for m in found.missing] == [("VM_OTHER", None)]


def test_a_file_that_the_target_lacks_is_missing_with_who_brought_it(
    linux: Path, tmp_path: Path
) -> None:
    files = release(4, HEADER, SOURCE)
    commit(linux, {**files, "mm/new.c": SOURCE.encode()}, tag="2.4.4")
    commit(linux, {**files, "mm/new.c": SOURCE.replace("= 0", "= 1").encode()}, tag="2.4.5")
    found = only(inspected([patch(linux, "2.4.4", "2.4.5")], tmp_path, linux=linux, target="2.4.0"))
    ((missing),) = found.missing
    assert missing.symbol == ("mm/new.c", "file")
    assert missing.origin is not None
    assert missing.origin.release == "2.4.4"
    assert missing.defined_in == PurePosixPath("mm/new.c")


def test_created_deleted_and_renamed_files(linux: Path, tmp_path: Path) -> None:
    text = (
        b"diff --git a/n.c b/n.c\nnew file mode 100644\n--- /dev/null\n+++ b/n.c\n"
        b"@@ -0,0 +1 @@\n+a\n"
        b"diff --git a/mm/a.c b/mm/b.c\nrename from mm/a.c\nrename to mm/b.c\n"
        b"diff --git a/Makefile b/Makefile\nold mode 100644\nnew mode 100755\n"
    )
    files = only(inspected([text], tmp_path)).files
    assert [file.change for file in files] == ["created", "renamed", "mode"]
    assert files[1].old_path == PurePosixPath("mm/a.c")


def test_the_missing_objects_of_a_poisoned_history_only_cost_knowledge(
    linux: Path, tmp_path: Path
) -> None:
    diff = patch(linux, "2.4.1", "2.4.2")
    report = inspected([diff], tmp_path, linux=linux, target="2.4.0")
    for path in ("2.4.1:include/linux/mm.h", "2.4.2:mm/a.c"):
        name = git(linux, "rev-parse", path)
        (linux / ".git/objects" / name[:2] / name[2:]).unlink()
    report = inspected([diff], tmp_path, linux=linux, target="2.4.0")
    (missing,) = report.patches[0].missing
    assert (missing.symbol.name, missing.origin) == ("VM_NEW", None)
    assert report.patches[0].files[0].hunks[0].upstream is None


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "patchkit", "inspect", *arguments],
        cwd=TOP, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_the_command_prints_json_as_documented(linux: Path, tmp_path: Path) -> None:
    (tmp_path / "p").write_bytes(patch(linux, "2.4.1", "2.4.2"))
    git(linux, "checkout", "-q", "2.4.0")
    done = run(
        str(tmp_path / "p"), "--tree", str(linux), "--history", str(linux), "--format", "json"
    )
    assert (done.returncode, done.stderr) == (0, "")
    printed = json.loads(done.stdout)
    assert printed["schema"] == "patchkit.inspect/1"
    # The revision is told by the tree's Makefile.
    assert printed["patches"][0]["files"][0]["hunks"][0]["upstream"]["in_target"] is False
    documented = set(re.findall(r'"(\w+)"', (TOP / "docs/inspect.md").read_text()))
    assert keys(printed) <= documented


def keys(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value).union(*map(keys, value.values()))
    return set().union(*map(keys, value)) if isinstance(value, list) else set()


def test_wrong_usage_is_one_line(linux: Path, tmp_path: Path) -> None:
    (tmp_path / "p").write_bytes(patch(linux, "2.4.1", "2.4.2"))
    (tmp_path / "prose").write_bytes(b"no diff here\n")
    for arguments, message in (
        ((str(tmp_path / "p"), "--history-rev", "2.4.0"), "name that too"),
        ((str(tmp_path / "p"), "--history", str(tmp_path)), "not a git repository"),
        ((str(tmp_path / "p"), "--history", str(linux), "--history-rev", "x"), "is called x"),
        ((str(tmp_path / "prose"),), "no diff"),
    ):
        done = run(*arguments)
        assert (done.returncode, done.stdout) == (2, "")
        assert message in done.stderr
        assert done.stderr.count("\n") == 1


def test_control_characters_of_a_mail_do_not_reach_the_terminal(
    linux: Path, tmp_path: Path
) -> None:
    text = patch(linux, "2.4.1", "2.4.2").replace(b"from 2.4.1", b"\x1b[31mred")
    assert "\x1b" not in as_text(inspected([text], tmp_path))


def test_every_command_is_listed() -> None:
    assert COMMANDS["inspect"] == "inspect"


@pytest.mark.history
def test_the_founding_mail_and_a_kernel_that_has_two_of_its_files(
    indexed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATCHKIT_LINUX_HISTORY", str(indexed))
    tree = git_tree(indexed, "2.4.0-test10")
    pasts = open_pasts(None, None, tree, "2.4.0-test10")
    with read_mail([str(TOP / "patches/vm-reserved/mail.txt")]) as mailing:
        found = only(inspect_patches(extract_mail(mailing), tree, pasts))
    assert [one.name for one in found.defines] == ["VM_RESERVED", "vma_reserve"]
    assert found.missing == ()
    upstream = {
        str(file.path): hunk.upstream.origin.release
        for file in found.files for hunk in file.hunks if hunk.upstream is not None
    }  # fmt: skip
    assert upstream == dict.fromkeys(("include/linux/mm.h", "mm/vmscan.c"), "2.4.0-test10pre5")
    touched = {
        (str(file.path), touch.name)
        for file in found.files for hunk in file.hunks for touch in hunk.touches
    }  # fmt: skip
    assert ("drivers/media/video/videodev.c", "video_mmap") in touched
    assert ("mm/vmscan.c", "swap_out_vma") in touched
    assert document(Inspection("t", None, (found,), (1,)))["patches"][0]["removed"] == 25


@pytest.mark.history
def test_a_real_symbol_and_the_commit_that_brought_it(indexed: Path, tmp_path: Path) -> None:
    text = (
        b"--- a/mm/vmscan.c\n+++ b/mm/vmscan.c\n@@ -1,2 +1,3 @@\n \n"
        b"+static int x(void) { list_for_each_entry(a, b, c) msleep(1); }\n \n"
    )
    (tmp_path / "p").write_bytes(text)
    tree = git_tree(indexed, "2.4.18")
    with read_mail([str(tmp_path / "p")]) as mailing:
        report = inspect_patches(
            extract_mail(mailing), tree, open_pasts(indexed, "2.4.18", tree, None)
        )
    came = {one.symbol.name: one.origin.release for one in only(report).missing if one.origin}
    assert came["list_for_each_entry"] == "v2.5.33"
    assert came["msleep"] == "v2.6.7-rc1"
