"""What is held against a port, check by check; each with a twin that nothing is held against."""

from __future__ import annotations

from pathlib import PurePosixPath

from patchkit.patch.model import Hunk, Kind, Line
from patchkit.port.judge.evidence import Adaptation, Evidence, Source, Span
from patchkit.port.judge.table import objections
from patchkit.tree.overlay import File, MemoryTree

PATH = PurePosixPath("drivers/a.c")
KINDS = {kind.value: kind for kind in Kind}
OPEN = "int open(int unit)\n{\n\tlock(unit);\n\treturn 0;\n}\n"


def hunk(text: str, start: int = 1) -> Hunk:
    lines = [line.encode() for line in text.splitlines()]
    return Hunk(start, start, tuple(Line(KINDS[line[:1]], line[1:]) for line in lines))


def held_against(
    before: str, sent: str, landed: str, at: int, files: dict[str, str] | None = None
) -> list[str]:
    """What is said of *landed*, which stands at line *at* of *before* and was *sent* so."""
    port = hunk(landed, at)
    lines = before.encode().split(b"\n")
    assert [line.text for line in port.old] == lines[at - 1 : at - 1 + len(port.old)]
    lines[at - 1 : at - 1 + len(port.old)] = [line.text for line in port.new]
    tree = MemoryTree(
        {PurePosixPath(path): File(data.encode()) for path, data in (files or {}).items()}
    )
    evidence = Evidence(
        Source(PATH, before.encode()),
        PATH,
        lambda: b"\n".join(lines),
        (Adaptation(1, hunk(sent), port, at - 1, at - 1),),
        (Span(port, at - 1),),
        tree,
    )
    return [
        ("doubt: " if each.is_doubt else "") + each.reason
        for each in objections(evidence).get(1, ())
    ]


def test_a_port_that_only_has_other_context_is_believed() -> None:
    sent = " \tlock(dev);\n+\tcount++;\n \treturn 0;\n"
    landed = " \tlock(unit);\n+\tcount++;\n \treturn 0;\n"
    assert held_against(OPEN, sent, landed, 3) == []


def test_a_brace_that_stays_open_is_refused() -> None:
    sent = " \tlock(dev);\n+\tif (dev) {\n+\t\tcount++;\n+\t}\n \treturn 0;\n"
    landed = " \tlock(unit);\n+\tif (dev) {\n+\t\tcount++;\n \treturn 0;\n"
    assert held_against(OPEN, sent, landed, 3) == ["it would leave braces unbalanced"]


def test_a_part_of_the_patch_that_is_lost_is_refused() -> None:
    sent = " \tlock(dev);\n+\tcount++;\n \treturn 0;\n+\tunlock(dev);\n"
    landed = " \tlock(unit);\n+\tcount++;\n \treturn 0;\n"
    assert held_against(OPEN, sent, landed, 3) == [
        "'(' changes +1 times in the patch, +0 times here"
    ]


def test_a_part_that_the_target_has_need_not_be_added() -> None:
    before = OPEN.replace("\treturn 0;\n", "\treturn 0;\n\tunlock(dev);\n")
    sent = " \tlock(dev);\n+\tcount++;\n \treturn 0;\n+\tunlock(dev);\n"
    landed = " \tlock(unit);\n+\tcount++;\n \treturn 0;\n \tunlock(dev);\n"
    assert held_against(before, sent, landed, 3) == []


def test_more_than_the_patch_removes_is_refused() -> None:
    sent = " \tlock(dev);\n-\tcount++;\n \treturn 0;\n"
    before = OPEN.replace("\tlock", "\tcount++;\n\tcount++;\n\tlock")
    landed = " {\n-\tcount++;\n-\tcount++;\n \tlock(unit);\n"
    said = held_against(before, sent, landed, 2)
    assert said == ["it would change '+' -4 times, the patch -2 times"]


def test_conditionals_are_counted_too() -> None:
    before = "#if A\nint a;\n#endif\n#if A\nint b;\n#endif\n"
    sent = " #if A\n int c;\n-#endif\n-#if A\n int d;\n #endif\n"
    whole = " int a;\n-#endif\n-#if A\n int b;\n"
    assert held_against(before, sent, whole, 2) == []
    sent = " #if A\n int c;\n-#endif\n int d;\n+#if B\n"
    half = " int a;\n-#endif\n #if A\n"
    assert held_against(before, sent, half, 2) == ["it would leave #if and #endif unbalanced"]


def test_a_macro_that_is_there_elsewhere_is_refused() -> None:
    before = "#define A 1\n#define LIMIT 8\n\n#define B 2\n"
    sent = " #define OLD 2\n+#define LIMIT 8\n"
    landed = " #define B 2\n+#define LIMIT 8\n"
    assert held_against(before, sent, landed, 4) == [
        "the file has the macro LIMIT already, at line 2"
    ]


def test_a_macro_of_another_branch_is_another() -> None:
    before = "#ifdef X\n#define LIMIT 8\n#else\n#define B 2\n#endif\n"
    sent = " #define OLD 2\n+#define LIMIT 8\n"
    landed = " #define B 2\n+#define LIMIT 8\n"
    assert held_against(before, sent, landed, 4) == []


def test_a_function_that_is_there_elsewhere_is_refused() -> None:
    added = "+int open(int unit)\n+{\n+\treturn 1;\n+}\n"
    said = held_against(OPEN + "int last;\n", f" int end;\n{added}", f" int last;\n{added}", 6)
    assert said == ["the file has the function open already, at line 1"]


SWITCH = "int ioctl(int cmd)\n{\n\tswitch (cmd) {\n"
SWITCH += "\tcase GET:\n\t\treturn 1;\n\tcase SET:\n\t\treturn 2;\n\t}\n"


def test_a_case_that_the_switch_has_is_refused() -> None:
    sent = " \tcase PUT:\n \t\treturn 2;\n+\tcase GET:\n+\t\treturn 3;\n"
    landed = " \tcase SET:\n \t\treturn 2;\n+\tcase GET:\n+\t\treturn 3;\n"
    said = held_against(SWITCH + "}\n", sent, landed, 6)
    assert said == ["the file has case GET already, at line 4"]


def test_a_case_of_another_switch_is_another() -> None:
    before = SWITCH + "\tswitch (unit) {\n\tcase SET:\n\t\treturn 2;\n\t}\n}\n"
    sent = " \tcase PUT:\n \t\treturn 2;\n+\tcase GET:\n+\t\treturn 3;\n"
    landed = " \tcase SET:\n \t\treturn 2;\n+\tcase GET:\n+\t\treturn 3;\n"
    assert held_against(before, sent, landed, 10) == []


def test_a_line_doubled_by_both_sides_is_refused() -> None:
    before = "\tx();\n\tsetup(dev);\n\ty();\n"
    sent = " \ta();\n+\tsetup(dev);\n"
    assert held_against(before, sent, " \tx();\n+\tsetup(dev);\n", 1) == [
        "'setup(dev);' would stand twice in a row"
    ]


def test_a_line_that_the_patch_doubles_is_believed() -> None:
    before = "\tx();\n\ty();\n"
    sent = " \ta();\n+\tsetup(dev);\n+\tsetup(dev);\n"
    assert held_against(before, sent, " \tx();\n+\tsetup(dev);\n+\tsetup(dev);\n", 1) == []


RENAMED = (
    " \told_lock(dev->lock);\n+\tif (old_lock(dev->lock))\n+\t\treturn 1;\n",
    " \tnew_lock(dev->lock);\n+\tif (old_lock(dev->lock))\n+\t\treturn 1;\n",
)
LOCKS = '#include "lock.h"\nint f(struct dev *dev)\n{\n\tnew_lock(dev->lock);\n}\n'


def test_a_symbol_that_was_renamed_is_refused() -> None:
    said = held_against(LOCKS, *RENAMED, 4, {"drivers/lock.h": "void new_lock(int);\n"})
    assert said == ["it uses old_lock, which the file and its headers do not have"]


def test_a_word_of_c_itself_is_no_symbol() -> None:
    before = "int a;\nint b;\nint c;\nint d;\n"
    sent = " #define A do { } while (0)\n int b;\n+#define B do { } while (0)\n int c;\n"
    landed = " int a;\n int b;\n+#define B do { } while (0)\n int c;\n"
    assert held_against(before, sent, landed, 1) == []


def test_a_symbol_of_a_header_is_there() -> None:
    said = held_against(LOCKS, *RENAMED, 4, {"drivers/lock.h": "void old_lock(int);\n"})
    assert said == []


def test_a_symbol_is_only_doubted_where_a_header_is_not_there() -> None:
    said = held_against(LOCKS, *RENAMED, 4)
    assert said == ["doubt: it uses old_lock, which the file and its headers do not have"]


CALLS = (
    " \told_lock(dev);\n+\tcount_users(dev);\n",
    " \tnew_lock(dev->lock);\n+\tcount_users(dev);\n",
)


def test_a_function_that_nothing_declares_is_doubted() -> None:
    said = held_against(LOCKS, *CALLS, 4, {"drivers/lock.h": "void new_lock(int);\n"})
    assert said == ["doubt: it uses count_users, which the file and its headers do not have"]


def test_a_member_that_nothing_declares_is_doubted() -> None:
    added = "+\tdev->users_waiting = 0;\n"
    sent, landed = f" \told_lock(dev);\n{added}", f" \tnew_lock(dev->lock);\n{added}"
    headers = {"drivers/lock.h": "struct dev { int lock; };\n"}
    said = held_against(LOCKS, sent, landed, 4, headers)
    assert said == ["doubt: it uses users_waiting, which the file and its headers do not have"]
    headers = {"drivers/lock.h": "struct dev { int lock, users_waiting; };\n"}
    assert held_against(LOCKS, sent, landed, 4, headers) == []


def test_a_function_that_a_header_of_a_header_declares_is_there() -> None:
    headers = {"drivers/lock.h": "#include <linux/count.h>\n"}
    headers["include/linux/count.h"] = "#include <asm/count.h>\n"
    headers["include/asm-i386/count.h"] = "extern void count_users(int);\n"
    assert held_against(LOCKS, *CALLS, 4, headers) == []


def test_a_function_of_a_header_that_the_patch_includes_is_there() -> None:
    above = ' #include "lock.h"\n+#include <linux/count.h>\n int f(struct dev *dev)\n {\n'
    sent, landed = (above + call for call in CALLS)
    headers = {"drivers/lock.h": "void new_lock(int);\n", "include/linux/count.h": "\n"}
    said = held_against(LOCKS, sent, landed, 1, headers)
    assert said == ["doubt: it uses count_users, which the file and its headers do not have"]
    headers["include/linux/count.h"] = "extern void count_users(int);\n"
    assert held_against(LOCKS, sent, landed, 1, headers) == []


def test_a_result_that_is_no_c_is_refused() -> None:
    before = "int f(void)\n{\n\tint a = (1 +\n\t\t2);\n\treturn a;\n}\n"
    sent = " \tint a = 1;\n+\tg();\n \treturn a;\n"
    landed = " \tint a = (1 +\n+\tg();\n \t\t2);\n"
    assert held_against(before, sent, landed, 3) == [
        "its result is no C that can be read, and what was there is"
    ]


def test_what_the_grammar_can_not_read_of_the_patch_itself_is_believed() -> None:
    added = (
        "+\tlist_for_each(entry, &list) {\n+\t\tcount(list_entry(entry, struct x, list));\n+\t}\n"
    )
    assert held_against(OPEN, f" \tlock(dev);\n{added}", f" \tlock(unit);\n{added}", 3) == []
