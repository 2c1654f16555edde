"""Rules that a user writes: TOML, Python, and broken ones."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from patchkit.__main__ import main
from patchkit.apis.declared import declared_rule
from patchkit.apis.table import named_rule
from patchkit.csource.unit import Unit
from patchkit.errors import InputError
from tests.apis.test_rules import converted

REWRITE = b"""
name = "swap"
title = "swap the arguments"
[[call]]
from = "old"
to = "new({1}, {0} + 1)"
arguments = 2
"""


def test_a_declared_rule_rewrites_arguments() -> None:
    rule = declared_rule(REWRITE, source="swap.toml")
    source = b"void f(void)\n{\n\tx = old(g(a, b), c);\n\told(1);\n}\n"
    wanted = b"void f(void)\n{\n\tx = new(c, g(a, b) + 1);\n\told(1);\n}\n"
    assert converted(rule, source) == wanted


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"name = ", "not TOML"),
        (b"\xff", "not TOML"),
        (b'name = "a"', "title"),
        (b'name = "a"\ntitle = "b"', "at least one"),
        (b'name = "a"\ntitle = "b"\n[[call]]\nfrom = "x"', "to ="),
        (b'name = "a"\ntitle = "b"\n[[call]]\nfrom = "x y"\nto = "z"', "not a function's name"),
        (
            b'name = "a"\ntitle = "b"\nnot_in = "tools"\n[[call]]\nfrom = "x"\nto = "z"',
            "a list of folders",
        ),
        (
            b'name = "a"\ntitle = "b"\n[[call]]\nfrom = "x"\nto = "z"\nshell = "rm"',
            "knows no shell",
        ),
        (b'name = "a"\ntitle = "b"\n[[call]]\nfrom = "x"\nto = "z"\narguments = "2"', "a number"),
        (b'name = "a"\ntitle = "b"\n[[call]]\nfrom = "x"\nto = "z"\nresult = "1"', "result must"),
        (b'name = "a"\ntitle = "b"\nnot-in = []\n[[call]]\nfrom = "x"\nto = "z"', "no not-in"),
        (
            b'name = "a"\ntitle = "b"\n[[call]]\nfrom = "x"\nto = "z({7})"\narguments = 2',
            r"\{7\} in to",
        ),
    ],
)
def test_a_broken_declaration_says_what_is_wrong(text: bytes, says: str) -> None:
    with pytest.raises(InputError, match=says):
        declared_rule(text, source="broken.toml")


def test_a_python_rule_is_a_file_with_a_rule_in_it(tmp_path: Path) -> None:
    path = tmp_path / "mine.py"
    path.write_text(
        "from patchkit.apis.rule import OldForm\n"
        "from patchkit.csource.edit import Edit\n"
        "class Mine:\n"
        "    name, title, needles = 'mine', 'use b', (b'a',)\n"
        "    def prepared(self, texts):\n"
        "        return self\n"
        "    def old_forms(self, unit):\n"
        "        yield OldForm(0, 'a is old', (Edit(0, 1, b'b'),))\n"
        "rule = Mine()\n"
    )
    assert converted(named_rule(str(path)), b"a;") == b"b;"
    path.write_text("rule = 1\n")
    with pytest.raises(InputError, match="has no name"):
        named_rule(str(path))
    path.write_text("this is no Python\n")
    with pytest.raises(InputError, match="SyntaxError"):
        named_rule(str(path))
    path.write_text(
        "class Mine:\n    @property\n    def name(self):\n        raise KeyError('x')\n"
        "rule = Mine()\n"
    )
    with pytest.raises(InputError, match="KeyError"):
        named_rule(str(path))


def test_a_broken_rule_leaves_the_others_working_and_exits_4(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.c").write_text("void f(void)\n{\n\tmem_map_reserve(p);\n}\n")
    arguments = ["patchkit", "audit", "a.c", "--tree", str(tmp_path)]
    rules = ["--rule", "set-page-reserved", "--rule", "no-such-rule"]
    monkeypatch.setattr("sys.argv", arguments + rules)
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 4
    printed = capsys.readouterr()
    assert printed.out.startswith("a.c:3:2: mem_map_reserve() is another name for SetPageReserved")
    assert printed.err.count("\n") == 1
    monkeypatch.setattr("sys.argv", [*arguments, "--rule", "set-page-reserved", "--fix"])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 0
    assert "+\tSetPageReserved(p);\n" in capsys.readouterr().out


def test_places_in_a_folder_without_the_new_call_are_told_and_left() -> None:
    rule = named_rule("strscpy")
    source = b"void f(void)\n{\n\tstrlcpy(a, b, 3);\n}\n"
    (left,) = rule.old_forms(Unit(PurePosixPath("tools/perf/a.c"), source, {}))
    assert left.edits == ()
    (taken,) = rule.old_forms(Unit(PurePosixPath("drivers/tools/a.c"), source, {}))
    assert taken.edits


BROKEN_QUERY = """
from patchkit.apis.rule import OldForm
from patchkit.csource.parse import language, parsed
import tree_sitter

class Mine:
    name, title, needles = "mine", "a query", (b"mem_map_reserve",)

    def prepared(self, texts):
        return self

    def old_forms(self, unit):
        tree_sitter.Query(language(), "(no_such_node) @x")
        yield OldForm(0, "never")

rule = Mine()
"""


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (BROKEN_QUERY, "mine.py in a.c: QueryError: Invalid node type"),
        (
            BROKEN_QUERY.replace("tree_sitter.Query(", "1 / 0 or ("),
            "mine.py in a.c: ZeroDivisionError",
        ),
        (
            BROKEN_QUERY.replace("def prepared(self, texts):", "def prepared(self):"),
            "mine.py: TypeError",
        ),
    ],
)
def test_a_rule_that_fails_while_it_looks_is_one_line_and_the_next_rule_is_used(
    text: str,
    says: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "a.c").write_text("void f(void)\n{\n\tmem_map_reserve(p);\n}\n")
    (tmp_path / "mine.py").write_text(text)
    arguments = ["patchkit", "audit", "a.c", "--tree", str(tmp_path)]
    rules = ["--rule", str(tmp_path / "mine.py"), "--rule", "set-page-reserved"]
    monkeypatch.setattr("sys.argv", arguments + rules)
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 4
    printed = capsys.readouterr()
    assert "a.c:3:2: mem_map_reserve()" in printed.out
    assert printed.err.count("\n") == 1
    assert says in printed.err


def test_a_tree_brings_no_rule_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.c").write_text("int x;\n")
    ran = tmp_path / "ran"
    code = f"open({str(ran)!r}, 'w')\n"
    for name in ("set-page-reserved", "set_page_reserved.py", "rule.py", "conftest.py"):
        (tmp_path / name).write_text(code)
    arguments = ["patchkit", "audit", ".", "--tree", str(tmp_path), "--rule", "set-page-reserved"]
    monkeypatch.setattr("sys.argv", arguments)
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 0
    assert not ran.exists()
