"""Which patch needs which, and in which order they go on."""

from __future__ import annotations

from patchkit.inspect.order import Member, Order, ordered
from patchkit.inspect.symbols import symbols
from patchkit.repair.mend import mend


def order(*diffs: str) -> Order:
    members = []
    for diff in diffs:
        changes = tuple(file.change for file in mend(diff.encode()).files)
        members.append(Member(changes, tuple(symbols(change) for change in changes)))
    return ordered(members)


def added(path: str, *lines: str) -> str:
    return f"--- a/{path}\n+++ b/{path}\n@@ -1 +1,{1 + len(lines)} @@\n \n" + "".join(
        f"+{line}\n" for line in lines
    )


DEFINES = added("mm.h", "#define VM_NEW 1")
USES = added("a.c", "\tflags |= VM_NEW;")
OTHER = added("c.c", "\tx = y;")


def test_a_user_needs_the_definition() -> None:
    found = order(DEFINES, USES)
    assert found.order == (1, 2)
    assert found.depends[0] == ()
    assert found.depends[1] == ((1, "uses VM_NEW"),)


def test_a_series_in_the_wrong_order_is_put_right_and_the_rest_stays() -> None:
    assert order(USES, OTHER, DEFINES).order == (2, 3, 1)


def test_patches_that_need_nothing_stay_as_given() -> None:
    found = order(OTHER, DEFINES, added("b.c", "\tz = y;"))
    assert found.order == (1, 2, 3)
    assert found.depends == ((), (), ())


def test_a_patch_of_lines_that_another_adds_needs_it() -> None:
    makes = added("a.c", "\tlong_enough_call(a);")
    changes = "--- a/a.c\n+++ b/a.c\n@@ -1,2 +1,2 @@\n \tlong_enough_call(a);\n-b\n+c\n"
    found = order(changes, makes)
    assert found.order == (2, 1)
    assert found.depends[0] == ((2, "changes a.c next to lines of it"),)
    elsewhere = changes.replace("a.c", "b.c")
    assert order(elsewhere, makes).depends == ((), ())


def test_a_patch_of_a_file_that_another_creates_needs_it() -> None:
    creates = "--- /dev/null\n+++ b/n.c\n@@ -0,0 +1 @@\n+a\n"
    changes = "--- a/n.c\n+++ b/n.c\n@@ -1 +1 @@\n-a\n+b\n"
    assert order(changes, creates).order == (2, 1)


def test_a_circle_is_told_and_left_as_given() -> None:
    one = added("a.h", "#define A_ONE B_TWO(1)") + added("d.c", "\tC_THREE();")
    two = added("b.h", "#define B_TWO(x) A_THREE(x)")
    three = added("c.h", "#define A_THREE A_ONE", "#define C_THREE 1")
    found = order(two, one, three)
    assert found.order == (1, 2, 3)
    assert found.circle


def test_of_two_with_lines_of_each_other_the_first_given_goes_first() -> None:
    one = "--- a/a.c\n+++ b/a.c\n@@ -1 +1,2 @@\n \tsecond_line(a);\n+\tfirst_line(a);\n"
    two = "--- a/a.c\n+++ b/a.c\n@@ -1 +1,2 @@\n \tfirst_line(a);\n+\tsecond_line(a);\n"
    assert order(one, two).order == (1, 2)
    assert order(two, one).order == (1, 2)
