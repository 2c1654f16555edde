"""The folder that a tree is built in: in step with the tree, and no way out of it."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath

import pytest

from patchkit.errors import InputError
from patchkit.kbuild.arch import ARCHITECTURES
from patchkit.kbuild.workspace import Workspace, wanted
from patchkit.tree.base import Mode
from patchkit.tree.overlay import File, MemoryTree

MAIN = PurePosixPath("init/main.c")


def tree(**files: bytes) -> MemoryTree:
    return MemoryTree(
        {PurePosixPath(name.replace("__", "/")): File(data) for name, data in files.items()}
    )


def synchronised(space: Workspace, what: MemoryTree, identity: str = "x") -> list[PurePosixPath]:
    space.open(identity)
    changed = space.synchronise(what, list(what.paths()), lambda path: str(hash(what.read(path))))
    space.close()
    return changed


def test_only_what_changed_is_copied_again(tmp_path: Path) -> None:
    space = Workspace(tmp_path, None)
    assert synchronised(space, tree(Makefile=b"a", mm__x=b"b")) != []
    assert synchronised(space, tree(Makefile=b"a", mm__x=b"c")) == [PurePosixPath("mm/x")]
    assert (tmp_path / "tree/mm/x").read_bytes() == b"c"


def test_a_file_that_left_the_tree_leaves_the_workspace(tmp_path: Path) -> None:
    space = Workspace(tmp_path, None)
    synchronised(space, tree(Makefile=b"a", gone=b"b"))
    synchronised(space, tree(Makefile=b"a"))
    assert not (tmp_path / "tree/gone").exists()


def test_another_identity_starts_afresh(tmp_path: Path) -> None:
    space = Workspace(tmp_path, None)
    synchronised(space, tree(Makefile=b"a"))
    (tmp_path / "tree/vmlinux").write_bytes(b"object")
    synchronised(space, tree(Makefile=b"a"), "y")
    assert not (tmp_path / "tree/vmlinux").exists()


def test_notes_are_those_of_the_identity_and_no_file_of_the_build_s(tmp_path: Path) -> None:
    space = Workspace(tmp_path, None)
    space.open("x")
    space.notes["sources"] = "init/main.c"
    space.synchronise(tree(Makefile=b"a"), [PurePosixPath("Makefile")], str)
    space.close()
    assert {at.name for at in (tmp_path / "tree").iterdir()} == {"Makefile"}
    again = Workspace(tmp_path, None)
    assert again.open("x")
    assert again.notes == {"sources": "init/main.c"}
    again.close()
    again.open("y")
    assert again.notes == {}


def test_a_build_that_was_killed_is_not_taken_up(tmp_path: Path) -> None:
    space = Workspace(tmp_path, None)
    synchronised(space, tree(Makefile=b"a"))
    space.open("x")  # and never closed
    (tmp_path / "tree/vmlinux").write_bytes(b"half")
    assert Workspace(tmp_path, None).open("x") is False
    assert not (tmp_path / "tree/vmlinux").exists()


def test_a_symlink_that_a_build_left_leads_nowhere(tmp_path: Path) -> None:
    space = Workspace(tmp_path / "w", None)
    synchronised(space, tree(init__main=b"a"))
    victim = tmp_path / "victim"
    victim.mkdir()
    (tmp_path / "w/tree/init/main").unlink()
    (tmp_path / "w/tree/init").rmdir()
    (tmp_path / "w/tree/init").symlink_to(victim)
    with pytest.raises(InputError, match="a way out of its tree"):
        synchronised(space, tree(init__main=b"b"))
    assert not list(victim.iterdir())
    with pytest.raises(InputError, match="a way out of its tree"):
        space.read(PurePosixPath("init/main"))


def test_a_symlink_out_of_the_tree_is_refused(tmp_path: Path) -> None:
    for target in (b"/etc/passwd", b"../../etc/passwd"):
        hostile = MemoryTree({MAIN: File(target, Mode.LINK)})
        with pytest.raises(InputError, match="a symlink out of the tree"):
            synchronised(Workspace(tmp_path, None), hostile)


def test_a_rewritten_file_follows_its_source(tmp_path: Path) -> None:
    space = Workspace(tmp_path, None)
    synchronised(space, tree(init__main=b"old"))
    space.open("x")
    space.write_rewritten(PurePosixPath("init/main"), b"rewritten", "key")
    space.close()
    space.open("x")
    assert space.rewritten(PurePosixPath("init/main")) == "key"
    assert space.read(PurePosixPath("init/main")) == b"rewritten"
    space.close()
    synchronised(space, tree(init__main=b"new"))
    assert (tmp_path / "tree/init/main").read_bytes() == b"new"


@pytest.mark.parametrize(
    ("path", "read"),
    [
        ("arch/i386/kernel/head.S", True),
        ("arch/sparc/kernel/head.S", False),
        ("arch/sparc/Kconfig", True),
        ("include/asm-i386/io.h", True),
        ("include/asm-sparc/io.h", False),
        ("include/linux/mm.h", True),
        ("Documentation/Changes", False),
        ("Documentation/Kconfig", True),
        ("Makefile", True),
    ],
)
def test_other_architectures_are_left_out(path: str, read: bool) -> None:
    assert wanted(PurePosixPath(path), ARCHITECTURES["i386"]) is read


def test_what_the_build_put_into_a_folder_is_read_without_its_links(tmp_path: Path) -> None:
    space = Workspace(tmp_path, None)
    synchronised(space, tree(Makefile=b"a"))
    folder = tmp_path / "tree/installed"
    (folder / "lib").mkdir(parents=True)
    (folder / "lib/x.o").write_bytes(b"x")
    (folder / "build").symlink_to(tmp_path)
    (folder / "lib/y.o").symlink_to("/etc/hostname")
    os.mkfifo(folder / "lib/pipe.o")
    assert space.files(PurePosixPath("installed"), most=1) == {PurePosixPath("lib/x.o"): b"x"}
    with (folder / "lib/x.o").open("wb") as sparse:
        sparse.truncate(1 << 40)
    with pytest.raises(InputError, match="the build put 1,099,511,627,776 bytes there"):
        space.files(PurePosixPath("installed"), most=1)
    space.clear(PurePosixPath("installed"))
    assert not folder.exists()
    assert (tmp_path / "tree/Makefile").exists()


def test_folders_below_each_other_without_end_are_read_and_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    space = Workspace(tmp_path, None)
    synchronised(space, tree(Makefile=b"a"))
    (tmp_path / "tree/installed").mkdir()
    monkeypatch.chdir(tmp_path / "tree/installed")
    for _ in range(1500):
        os.mkdir("a")  # the whole name would be too long
        os.chdir("a")
    Path("x.o").write_bytes(b"x")
    monkeypatch.chdir(tmp_path)
    (name,) = space.files(PurePosixPath("installed"), most=1)
    assert len(name.parts) == 1501
    space.clear(PurePosixPath("installed"))
    assert not (tmp_path / "tree/installed").exists()


def test_a_folder_that_leads_out_is_neither_read_nor_emptied(tmp_path: Path) -> None:
    space = Workspace(tmp_path, None)
    synchronised(space, tree(Makefile=b"a"))
    outside = tmp_path / "outside"
    (outside / "modules").mkdir(parents=True)
    (outside / "modules/key").write_bytes(b"key")
    (tmp_path / "tree/installed").symlink_to(outside)
    with pytest.raises(InputError, match="a way out of its tree"):
        space.files(PurePosixPath("installed/modules"), most=99)
    with pytest.raises(InputError, match="a way out of its tree"):
        space.clear(PurePosixPath("installed/modules"))
    # the link itself goes, what it leads to stays
    space.clear(PurePosixPath("installed"))
    assert not (tmp_path / "tree/installed").is_symlink()
    assert (outside / "modules/key").read_bytes() == b"key"
