"""Which files an audit takes, and what it says of those it can't read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

import pytest

from patchkit.errors import HostError, InputError
from patchkit.flows.audit.audit_sites import audited_files
from patchkit.flows.audit.audit_tree import audit_tree
from patchkit.report.audit_json import document
from patchkit.tree.base import Mode
from patchkit.tree.overlay import File, MemoryTree

RESERVING = File(b"void f(void)\n{\n\tmem_map_reserve(p);\n}\n")
PATH = PurePosixPath("drivers/a.c")


@dataclass(frozen=True, slots=True)
class DamagedDisk(MemoryTree):
    """A tree in which drivers/b.c can't be read."""

    def read(self, path: PurePosixPath) -> bytes | None:
        if path.name == "b.c":
            raise HostError("drivers/b.c: can't be read: permission denied")
        return MemoryTree.read(self, path)


def test_a_file_that_cannot_be_read_is_reported_and_the_rest_audited() -> None:
    tree = DamagedDisk({PATH: RESERVING, PurePosixPath("drivers/b.c"): RESERVING})
    report = audit_tree(tree, [PurePosixPath("drivers")])
    assert [str(site.file) for site in report.sites] == ["drivers/a.c"]
    assert [str(missed.file) for missed in report.unreadable] == ["drivers/b.c"]


def test_a_path_that_the_tree_does_not_have_is_an_input_error() -> None:
    with pytest.raises(InputError, match=r"sound: not in memory"):
        audit_tree(MemoryTree({PATH: RESERVING}), [PurePosixPath("sound")])


def test_only_c_sources_are_read_unless_a_file_is_named_itself() -> None:
    text = PurePosixPath("drivers/README")
    tree = MemoryTree({PATH: RESERVING, text: File(b"mem_map_reserve")})
    assert audited_files(tree, [PurePosixPath("drivers")]) == (PATH,)
    assert audited_files(tree, [text, PATH, PATH]) == (text, PATH)


def test_json_has_one_entry_per_token_with_columns_in_bytes() -> None:
    tree = MemoryTree({PATH: File(b"void f(void)\n{\n/* \xe9\xe9 */ mem_map_reserve(p);\n}\n")})
    found = document(audit_tree(tree, [PATH]))
    assert found["schema"] == "patchkit.audit/1"
    assert found["sites"] == [
        {
            "file": "drivers/a.c",
            "line": 3,
            "column": 10,
            "primitive": "mem_map_reserve",
            "function": "f",
            "role": "reserve",
            "live": True,
        }
    ]
    assert found["unparsed"] == []


def test_two_processes_say_what_one_says() -> None:
    files = {PurePosixPath(f"drivers/{name}/{name}.c"): RESERVING for name in "abcde"}
    tree = MemoryTree(files)
    assert audit_tree(tree, [PurePosixPath(".")], jobs=2) == audit_tree(tree, [PurePosixPath(".")])


def test_a_folder_that_is_a_file_is_said_and_the_rest_audited() -> None:
    tree = MemoryTree({PurePosixPath("sound"): File(b"not a folder\n"), PATH: RESERVING})
    report = audit_tree(tree, [PurePosixPath("sound"), PurePosixPath("drivers")])
    assert [str(site.file) for site in report.sites] == ["drivers/a.c"]
    assert [missed.reason for missed in report.unreadable] == [
        "sound: is a file, no folder; no C source by its name, and no site in it"
    ]


@pytest.mark.parametrize("target", ["b.c", "../../etc/passwd", "/etc/passwd", "gone.c", "../sound"])
def test_a_link_that_leads_to_no_file_of_the_tree_is_said(target: str) -> None:
    link = PurePosixPath("drivers/b.c")
    tree = MemoryTree({link: File(target.encode(), Mode.LINK), PATH: RESERVING})
    report = audit_tree(tree, [PurePosixPath("drivers")])
    assert [str(site.file) for site in report.sites] == ["drivers/a.c"]
    assert [str(missed.file) for missed in report.unreadable] == ["drivers/b.c"]


def test_a_link_to_a_file_of_the_tree_needs_no_word() -> None:
    link = PurePosixPath("drivers/b.c")
    tree = MemoryTree({link: File(b"../drivers/a.c", Mode.LINK), PATH: RESERVING})
    report = audit_tree(tree, [PurePosixPath("drivers")])
    assert [str(site.file) for site in report.sites] == ["drivers/a.c"]
    assert report.unreadable == ()
