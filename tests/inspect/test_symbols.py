"""What a patch's lines say of functions, macros and structs."""

from __future__ import annotations

import time

from patchkit.csource.items import items
from patchkit.inspect.inspection import Symbol
from patchkit.inspect.symbols import symbols, telling_uses, touched, touched_at
from patchkit.patch.model import FileChange
from patchkit.repair.mend import mend


def change(hunks: str, path: str = "mm/a.c") -> FileChange:
    (file,) = mend(f"--- a/{path}\n+++ b/{path}\n{hunks}".encode()).files
    return file.change


def test_a_new_and_a_removed_function() -> None:
    found = symbols(
        change("@@ -1,4 +1,4 @@\n-static int old(int a)\n+static int new(int a)\n {\n-}\n+\t;\n \n")
    )
    assert found.defines == {Symbol("new", "function")}
    assert found.removes == {Symbol("old", "function")}


def test_a_changed_definition_is_neither_new_nor_gone() -> None:
    found = symbols(change("@@ -1 +1 @@\n-#define SIZE 1\n+#define SIZE 2\n"))
    assert not found.defines | found.removes


def test_what_is_used_and_not_declared_by_the_patch() -> None:
    found = symbols(
        change("@@ -5,2 +5,4 @@\n \tint a;\n+\tstruct page *p = get(GFP_KERNEL);\n+\tput(p);\n \n")
    )
    assert telling_uses(found.used) == {
        Symbol("page", "type"), Symbol("get", "call"), Symbol("put", "call"),
        Symbol("GFP_KERNEL", "name"),
    }  # fmt: skip
    assert b"p" in found.declared


def test_context_says_nothing() -> None:
    found = symbols(change("@@ -1,2 +1,2 @@\n call(a);\n-x;\n+y;\n"))
    assert [word.name for word in found.used] == [b"y"]


def test_the_rest_of_a_comment_that_began_above_is_no_code() -> None:
    found = symbols(change("@@ -9,3 +9,4 @@\n  * Some old text\n+ * and SATA new(text)\n  */\n \n"))
    assert found.used == ()


def test_documentation_has_no_symbols() -> None:
    found = symbols(change("@@ -1 +1,2 @@\n a\n+#define A 1\n", "Documentation/a.txt"))
    assert not found.defines


def test_the_section_tells_what_is_touched_inside_it() -> None:
    (hunk,) = change("@@ -9,2 +9,3 @@ int open(struct inode *i)\n \ta();\n+\tb();\n \tc();\n").hunks
    assert touched(hunk) == (Symbol("open", "function"),)
    (hunk,) = change("@@ -9,2 +9,3 @@ struct page {\n \tint a;\n+\tint b;\n \tint c;\n").hunks
    assert touched(hunk) == (Symbol("page", "struct"),)


def test_a_function_in_the_hunk_outranks_the_section() -> None:
    (hunk,) = change("@@ -9,4 +9,5 @@ int above(void)\n }\n \n int here(void)\n {\n+\tb();\n").hunks
    assert touched(hunk) == (Symbol("here", "function"),)


def test_the_target_tells_better_than_the_section() -> None:
    source = b"int one(void)\n{\n\ta();\n\tc();\n}\n"
    (hunk,) = change("@@ -3,2 +3,3 @@ int wrong(void)\n \ta();\n+\tb();\n \tc();\n").hunks
    assert touched_at(hunk, items(source), 3, is_new=False) == (Symbol("one", "function"),)
    made = source.replace(b"a();\n", b"a();\n\tb();\n")
    assert touched_at(hunk, items(made), 3, is_new=True) == (Symbol("one", "function"),)


def test_a_table_of_sixty_thousand_lines_is_looked_at_in_time() -> None:
    rows = "".join(f"+\t0x{number:x},\n" for number in range(60_000))
    begun = time.process_time()
    (hunk,) = change(f"@@ -0,0 +1,60000 @@ int table[] = {{\n{rows}").hunks
    touched(hunk)
    assert time.process_time() - begun < 10
