"""The order of patches that nobody numbered."""

from __future__ import annotations

from itertools import pairwise, permutations
from pathlib import PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patchkit.patch.between import Side, changes_between
from patchkit.patch.model import Patch
from patchkit.port.order import dependency_order, in_need_of

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
    assert not in_need_of(do, undo)
    assert not in_need_of(undo, do)
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
    other = {"a.c": b"int f(void)\n{\n\tg();\n\treturn 0;\n}\n"}
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
