"""What the rules made before is taken up by content, and make dep is spared where it may be."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from patchkit.errors import HostError
from patchkit.flows.kbuild.build_rewrites import proven
from patchkit.kbuild.newcc.memo import Memo, from_json
from patchkit.kbuild.newcc.prepare import Rewritten, dependencies, memo_of, rewritten_files
from patchkit.kbuild.workspace import Workspace
from patchkit.tree.overlay import File, MemoryTree

MAIN, HEADER = PurePosixPath("kernel/main.c"), PurePosixPath("include/linux/one.h")
TREE = {
    MAIN: b'#include <linux/one.h>\nint f(void) { asm volatile("nop" : : "r" (1)); return 0; }\n',
    HEADER: b"extern int f(void);\n",
}


def rewritten(tree: dict[PurePosixPath, bytes], memo: Memo) -> dict[PurePosixPath, Rewritten]:
    done = rewritten_files([MAIN], [], tree.get, "i386", 1, memo)
    return {one.path: one for one in done}


def test_what_is_kept_comes_back_as_it_was() -> None:
    first = rewritten(TREE, Memo("r", {}))
    assert first[MAIN].places
    kept = from_json(memo_of(first.values()))
    assert set(kept) == {one.source for one in first.values()}
    assert rewritten(TREE, Memo("r", kept)) == first


def test_a_file_that_is_kept_is_not_rewritten_and_one_that_changed_is() -> None:
    first = rewritten(TREE, Memo("r", {}))
    marked = {one.source: (b"/* kept */\n", (), (), ()) for one in first.values()}
    changed = rewritten({**TREE, MAIN: TREE[MAIN] + b"int g;\n"}, Memo("r", marked))
    assert changed[HEADER].text == b"/* kept */\n"
    assert changed[MAIN].text.endswith(b"int g;\n")
    assert changed[MAIN].places


def test_other_rules_and_other_facts_keep_nothing() -> None:
    first = rewritten(TREE, Memo("r", {}))
    marked = {one.source: (b"/* kept */\n", (), (), ()) for one in first.values()}
    assert rewritten(TREE, Memo("s", marked))[MAIN].text == first[MAIN].text
    fast = {**TREE, HEADER: b"extern int FASTCALL(g(void));\n"}
    assert rewritten(fast, Memo("r", marked))[MAIN].text == first[MAIN].text


def test_a_memo_that_is_no_memo_is_none() -> None:
    assert [from_json(data) for data in (b"", b"[]", b'{"a": 1}', b"\xff")] == [{}, {}, {}, {}]


def test_make_dep_is_for_includes_and_options() -> None:
    def digest(text: bytes) -> str:
        return dependencies(rewritten({**TREE, MAIN: text}, Memo("r", {})).values())

    before = digest(TREE[MAIN])
    assert digest(TREE[MAIN] + b"static int more;\n") == before
    assert digest(b"#include <linux/two.h>\n" + TREE[MAIN]) != before
    assert digest(TREE[MAIN] + b"#ifdef CONFIG_PCI\n#endif\n") != before


def test_effects_are_of_what_is_in_the_workspace(tmp_path: Path) -> None:
    workspace, tree = (
        Workspace(tmp_path, None),
        MemoryTree({path: File(text) for path, text in TREE.items()}),
    )
    workspace.open("x")
    done = rewritten(TREE, Memo("r", {})).values()
    for one in done:
        workspace.write(one.path, one.text)
    before = proven(done, tree, workspace)
    assert [(row.rules, row.places) for row in before] == [(("asm-memory-clobber",), 1)]
    workspace.write(MAIN, (workspace.read(MAIN) or b"").replace(b"; }", b"; } "))
    assert proven(done, tree, workspace) == before
    workspace.write(MAIN, (workspace.read(MAIN) or b"").replace(b"return 0", b"return 1"))
    with pytest.raises(HostError, match=r"kernel/main.c:2: '1' where the tree has '0', and no"):
        proven(done, tree, workspace)
