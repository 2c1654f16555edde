"""Which patch needs which, and in which order patches that nobody numbered go on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise, permutations
from pathlib import PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patchkit.inspect.order import Order, member, ordered
from patchkit.patch.between import Side, changes_between
from patchkit.patch.model import Patch
from patchkit.repair.mend import mend


def order(*diffs: str) -> Order:
    return ordered([member(tuple(file.change for file in mend(d.encode()).files)) for d in diffs])


def dependency_order(patches: Sequence[Patch], fixed: Iterable[int] = ()) -> tuple[int, ...]:
    found = ordered([member(patch.files) for patch in patches], [index + 1 for index in fixed])
    return tuple(index - 1 for index in found.order)


Files = dict[str, bytes]
BASE: Files = {"a.c": b"".join(b"int value_%d;\n" % number for number in range(40))}


def patch(old: Files, new: Files) -> Patch:
    def side(files: Files, name: str) -> Side | None:
        return Side(files[name], "100644") if name in files else None

    names = sorted({*old, *new})
    return Patch(changes_between({PurePosixPath(n): (side(old, n), side(new, n)) for n in names}))


def edited(files: Files, old: bytes, new: bytes) -> Files:
    assert files["a.c"].count(old) == 1
    return {**files, "a.c": files["a.c"].replace(old, new)}


def chain(*versions: Files) -> list[Patch]:
    return [patch(old, new) for old, new in pairwise(versions)]


ADDED = edited(BASE, b"int value_9;\n", b"int value_9;\nint added;\n")
CHANGED = edited(ADDED, b"int added;\n", b"long added;\n")
USED = edited(CHANGED, b"long added;\n", b"long added;\nlong used;\n")
FAR = edited(USED, b"int value_30;\n", b"long value_30;\n")


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_edits_upon_edits_come_in_their_order(order: tuple[int, ...]) -> None:
    patches = chain(BASE, ADDED, CHANGED, USED)
    given_in = [patches[index] for index in order]
    assert [order[index] for index in dependency_order(given_in)] == [0, 1, 2]


def test_what_needs_nothing_keeps_its_place() -> None:
    patches = [patch(USED, FAR), *chain(BASE, ADDED, CHANGED)]
    assert dependency_order(patches) == (0, 1, 2)
    assert dependency_order([patches[0], patches[2], patches[1]]) == (0, 2, 1)


def test_a_change_and_its_undoing_can_be_in_either_order() -> None:
    do, undo = chain(BASE, ADDED, BASE)
    assert dependency_order([undo, do]) == (0, 1)


def test_two_insertions_at_one_place_need_nothing_of_each_other() -> None:
    one = patch(BASE, ADDED)
    other = patch(BASE, edited(BASE, b"int value_9;\n", b"int value_9;\nint other;\n"))
    assert dependency_order([one, other]) == dependency_order([other, one]) == (0, 1)


def test_a_file_is_made_before_it_is_changed_and_renamed_before_it_is_called_so() -> None:
    made = {**BASE, "b.c": b"int b;\nint c;\nint d;\n"}
    changed = {**BASE, "b.c": b"int b;\nlong c;\nint d;\n"}
    renamed = {**BASE, "c.c": changed["b.c"]}
    after = {**BASE, "c.c": b"int b;\nlong c;\nlong d;\n"}
    patches = chain(BASE, made, changed, renamed, after)
    assert dependency_order(patches[::-1]) == (3, 2, 1, 0)
    assert dependency_order([patches[3], patches[2]]) == (1, 0)
    assert dependency_order([patches[1], patches[0]]) == (1, 0)


def test_numbers_say_more_than_lines() -> None:
    patches = chain(BASE, ADDED, CHANGED)[::-1]
    assert dependency_order(patches) == (1, 0)
    assert dependency_order(patches, fixed=(0, 1)) == (0, 1)


def test_lines_that_stand_everywhere_prove_nothing() -> None:
    one = {"a.c": b"int f(void)\n{\n\treturn 0;\n}\n"}
    two = {"a.c": one["a.c"] + b"\nint g(void)\n{\n\treturn 0;\n}\n"}
    other = {"a.c": b"int f(void)\n{\n\tx = 1;\n\treturn 0;\n}\n"}
    assert dependency_order([patch(one, other), patch(one, two)]) == (0, 1)


@settings(deadline=None, max_examples=50)
@given(st.permutations(range(5)), st.lists(st.integers(5, 34), min_size=5, max_size=5))
def test_every_patch_comes_once(order: list[int], places: list[int]) -> None:
    versions = [BASE]
    for number, place in enumerate(places):
        rows = versions[-1]["a.c"].splitlines(keepends=True)
        rows.insert(place, b"long inserted_%d;\n" % number)
        versions.append({"a.c": b"".join(rows)})
    patches = chain(*versions)
    assert sorted(dependency_order([patches[index] for index in order])) == [0, 1, 2, 3, 4]


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
