"""The audit command: exit codes and what goes where."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from patchkit.__main__ import main


def status(*arguments: str, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr("sys.argv", ["patchkit", "audit", *arguments])
    with pytest.raises(SystemExit) as left:
        main()
    return int(left.value.code or 0)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    folder = tmp_path / "tree"
    (folder / "drivers").mkdir(parents=True)
    (folder / "drivers" / "a.c").write_text("void f(void)\n{\n\tmem_map_reserve(p);\n}\n")
    (folder / "drivers" / "clean.c").write_text("int x;\n")
    return folder


def test_sites_are_findings(
    tree: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status("drivers/", "--tree", str(tree), monkeypatch=monkeypatch) == 1
    printed = capsys.readouterr()
    assert printed.out == (
        "drivers/a.c:3:2: mem_map_reserve reserves a page in f() [page-reserve]\n"
    )
    assert printed.err == ""


def test_a_clean_file_prints_nothing_and_exits_0(
    tree: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status("drivers/clean.c", "--tree", str(tree), monkeypatch=monkeypatch) == 0
    assert capsys.readouterr().out == ""


def test_a_missing_path_is_one_line_and_exit_2(
    tree: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status("sound", "--tree", str(tree), monkeypatch=monkeypatch) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1


def test_the_current_directory_is_the_tree_when_none_is_named(
    tree: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tree)
    assert status(".", "--format", "json", monkeypatch=monkeypatch) == 1
    assert json.loads(capsys.readouterr().out)["schema"] == "patchkit.audit/1"
