"""The audit command: exit codes and what goes where."""

from __future__ import annotations

import json
import subprocess
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
    assert status("drivers/", "--sites", "--tree", str(tree), monkeypatch=monkeypatch) == 1
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


def test_what_a_baseline_has_does_not_fail_again(
    tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status(".", "--tree", str(tree), "--format", "json", monkeypatch=monkeypatch) == 1
    baseline = tmp_path / "before.json"
    baseline.write_text(capsys.readouterr().out)
    again = (".", "--tree", str(tree), "--baseline", str(baseline))
    source = tree / "drivers" / "a.c"
    source.write_text("\n\n" + source.read_text())
    assert status(*again, monkeypatch=monkeypatch) == 0
    source.write_text(source.read_text().replace("(p);", "(p);\n\tmem_map_reserve(q);"))
    assert status(*again, monkeypatch=monkeypatch) == 1


def test_a_baseline_that_is_none_is_one_line_and_exit_2(
    tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = tmp_path / "wrong.json"
    wrong.write_text("[]")
    asked = (".", "--tree", str(tree), "--baseline", str(wrong))
    assert status(*asked, monkeypatch=monkeypatch) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_baseline_that_is_not_there_is_said_before_the_work(
    tree: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = (".", "--tree", str(tree), "--baseline", str(tree / "gone.json"))
    assert status(*asked, monkeypatch=monkeypatch) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1


@pytest.mark.parametrize("cache", [(), ("--no-cache",), ("--sites",), ("--rule", "strscpy")])
def test_drivers_that_is_a_file_is_one_line_and_exit_4(
    cache: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "drivers").write_text("int x;\n")
    assert status("drivers/", "--tree", str(tmp_path), *cache, monkeypatch=monkeypatch) == 4
    printed = capsys.readouterr()
    assert printed.err.startswith("patchkit: drivers: is a file, no folder")
    assert printed.err.count("\n") == 1


@pytest.mark.parametrize("cache", [(), ("--no-cache",), ("--sites",)])
def test_a_link_to_itself_is_one_line_and_exit_4(
    cache: tuple[str, ...],
    tree: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tree / "drivers" / "loop.c").symlink_to("loop.c")
    (tree / "drivers" / "again").symlink_to("../drivers")
    assert status("drivers", "--tree", str(tree), *cache, monkeypatch=monkeypatch) == 4
    printed = capsys.readouterr()
    assert printed.err.startswith("patchkit: drivers/loop.c: is a symbolic link")
    assert printed.err.count("\n") == 1
    assert printed.out.startswith("drivers/a.c:3:2: mem_map_reserve")


BROKEN_RULES = {
    "raises when it is loaded": "raise RuntimeError('one\\ntwo')\n",
    "has a broken query": """
import tree_sitter, tree_sitter_c

class Rule:
    name, title, needles = "mine", "none", (b"x",)
    def prepared(self, texts): return self
    def old_forms(self, unit):
        tree_sitter.Query(tree_sitter.Language(tree_sitter_c.language()), "(call")
        yield

rule = Rule()
""",
}


@pytest.mark.parametrize("broken", BROKEN_RULES)
def test_a_rule_that_breaks_is_one_line_and_the_next_is_used(
    broken: str,
    tree: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    rule = tmp_path / "broken.py"
    rule.write_text(BROKEN_RULES[broken])
    asked = (".", "--tree", str(tree), "--rule", str(rule), "--rule", "set-page-reserved")
    assert status(*asked, monkeypatch=monkeypatch) == 4
    printed = capsys.readouterr()
    assert str(rule) in printed.err
    assert printed.err.count("\n") == 1
    assert "Traceback" not in printed.err
    assert "drivers/a.c" in printed.out


def test_only_findings_at_the_level_fail(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = (".", "--tree", str(tree), "--fail-on")
    assert status(*asked, "note", monkeypatch=monkeypatch) == 1
    assert status(*asked, "error", monkeypatch=monkeypatch) == 0
    assert status(*asked, "never", monkeypatch=monkeypatch) == 0


def test_diff_takes_only_files_that_changed_since_the_revision(
    tree: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tree / "drivers" / "Makefile").write_text("")
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "one"]):
        subprocess.run(["git", "-C", str(tree), *command], check=True)
    asked = ("--diff", "HEAD", "--tree", str(tree), "--sites")
    assert status(*asked, monkeypatch=monkeypatch) == 0
    (tree / "drivers" / "Makefile").write_text("# mem_map_reserve\n")
    (tree / "drivers" / "clean.c").write_text("void g(void)\n{\n\tSetPageReserved(p);\n}\n")
    assert status(*asked, monkeypatch=monkeypatch) == 1
    assert capsys.readouterr().out.startswith("drivers/clean.c:3:2: SetPageReserved")
    assert status("--diff", "nowhere", "--tree", str(tree), monkeypatch=monkeypatch) == 2


def test_explain_says_why(
    tree: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["patchkit", "explain", "drivers/a.c:3", "--tree", str(tree)])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 0
    page = capsys.readouterr().out
    assert page.startswith("not-mapped in ")
    assert "drivers/a.c:3: mem_map_reserve reserves a page in f()." in page


@pytest.mark.parametrize(
    "words",
    [
        ("--fix", "drivers"),
        ("drivers", "--fix"),
        ("--fix=safe", "drivers"),
        ("--fix", "safe", "drivers"),
        ("--fix", "--", "drivers"),
    ],
)
def test_fix_takes_a_form_and_never_a_path(
    words: tuple[str, ...],
    tree: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    rule = ("--tree", str(tree), "--rule", "set-page-reserved")
    assert status(*rule, *words, monkeypatch=monkeypatch) == 0
    assert "+\tSetPageReserved(p);\n" in capsys.readouterr().out


def test_a_form_that_is_none_is_a_usage_error(
    tree: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status("--fix=quickly", "--tree", str(tree), ".", monkeypatch=monkeypatch) == 2
    assert "'safe', 'as-posted', 'nopage'" in capsys.readouterr().err
