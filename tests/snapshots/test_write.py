"""Changes and trees reach the disk whole or not at all."""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patchkit.errors import HostError, InputError
from patchkit.host.files import locked
from patchkit.snapshots import write
from patchkit.snapshots.dir_tree import dir_tree
from patchkit.snapshots.write import write_changes, write_tree
from patchkit.tree.base import Mode, Tree
from patchkit.tree.overlay import Changes, File, MemoryTree, Overlay

P = PurePosixPath


def contents(tree: Tree) -> dict[str, tuple[Mode | None, bytes | None]]:
    return {str(path): (tree.mode(path), tree.read(path)) for path in tree.paths()}


def expected_of(root: Path, changes: Changes) -> Mapping[PurePosixPath, bytes | None]:
    tree = dir_tree(root)
    return {path: tree.read(path) for path in changes}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "linux"
    (root / "mm").mkdir(parents=True)
    (root / "Makefile").write_bytes(b"VERSION = 2\n")
    (root / "mm/memory.c").write_bytes(b"old\n")
    (root / "mm/memory.c").chmod(0o640)
    (root / "link").symlink_to("Makefile")
    return root


def leftovers(root: Path) -> list[str]:
    return [name for name in os.listdir(root) if name.startswith(".patchkit")]


def test_changes_creations_and_deletions_are_written_together(root: Path) -> None:
    changes: Changes = {
        P("mm/memory.c"): None,
        P("drivers/new/x.c"): File(b"x\n"),
        P("scripts/run"): File(b"#!\n", Mode.EXECUTABLE),
        P("Makefile"): File(b"VERSION = 3\n"),
        P("mm2"): File(b"Makefile", Mode.LINK),
    }
    write_changes(root, changes, expected_of(root, changes))
    assert contents(dir_tree(root)) == {
        "Makefile": (Mode.FILE, b"VERSION = 3\n"),
        "drivers/new/x.c": (Mode.FILE, b"x\n"),
        "link": (Mode.LINK, b"Makefile"),
        "mm2": (Mode.LINK, b"Makefile"),
        "scripts/run": (Mode.EXECUTABLE, b"#!\n"),
    }
    assert not (root / "mm").exists()
    assert not leftovers(root)


def test_permission_bits_of_an_existing_file_stay(root: Path) -> None:
    path = P("mm/memory.c")
    write_changes(root, {path: File(b"new\n")}, {path: b"old\n"})
    assert (root / path).stat().st_mode & 0o777 == 0o640
    write_changes(root, {path: File(b"new\n", Mode.EXECUTABLE)}, {path: b"new\n"})
    assert (root / path).stat().st_mode & 0o777 == 0o750


def test_a_hard_linked_copy_of_the_tree_keeps_the_old_bytes(root: Path, tmp_path: Path) -> None:
    (tmp_path / "copy.c").hardlink_to(root / "mm/memory.c")
    write_changes(root, {P("mm/memory.c"): File(b"new\n")}, {P("mm/memory.c"): b"old\n"})
    assert (tmp_path / "copy.c").read_bytes() == b"old\n"


def test_a_file_becomes_a_folder_and_a_folder_a_file(root: Path) -> None:
    changes: Changes = {
        P("Makefile/x"): File(b"x"),
        P("Makefile"): None,
        P("mm"): File(b"mm"),
        P("mm/memory.c"): None,
    }
    write_changes(root, changes, expected_of(root, changes))
    assert (root / "Makefile/x").read_bytes() == b"x"
    assert (root / "mm").read_bytes() == b"mm"


def test_a_file_that_changed_meanwhile_stops_everything(root: Path) -> None:
    before = contents(dir_tree(root))
    with pytest.raises(HostError, match=r"mm/memory\.c: changed while patchkit worked"):
        write_changes(
            root,
            {P("Makefile"): File(b"new"), P("mm/memory.c"): File(b"new")},
            {P("Makefile"): b"VERSION = 2\n", P("mm/memory.c"): b"older\n"},
        )
    assert contents(dir_tree(root)) == before


def test_a_file_that_appeared_meanwhile_is_not_overwritten(root: Path) -> None:
    with pytest.raises(HostError, match="changed while patchkit worked"):
        write_changes(root, {P("Makefile"): File(b"new")}, {P("Makefile"): None})


def test_a_change_that_nothing_is_expected_of_is_a_mistake_of_the_caller(root: Path) -> None:
    with pytest.raises(ValueError, match="Makefile"):
        write_changes(root, {P("Makefile"): File(b"new")}, {})


def test_the_second_patchkit_on_a_tree_is_told_so(root: Path) -> None:
    with (
        locked(root, busy="unused"),
        pytest.raises(HostError, match="another patchkit is writing here"),
    ):
        write_changes(root, {P("x"): File(b"")}, {P("x"): None})


@pytest.mark.parametrize("path", ["../x", "/tmp/x", "mm/../../x", ".git/hooks/pre-commit", "."])
def test_paths_out_of_the_tree_and_into_git_are_refused(root: Path, path: str) -> None:
    with pytest.raises(InputError, match="is refused"):
        write_changes(root, {P(path): File(b"x")}, {P(path): None})


@pytest.mark.parametrize("target", [b"/etc/passwd", b"../x", b"mm/../../x", b""])
def test_symlinks_out_of_the_tree_are_refused(root: Path, target: bytes) -> None:
    with pytest.raises(InputError, match="is refused"):
        write_changes(root, {P("new"): File(target, Mode.LINK)}, {P("new"): None})
    assert not leftovers(root)


def test_a_symlink_to_a_neighbouring_folder_is_fine(root: Path) -> None:
    write_changes(root, {P("mm/up"): File(b"../Makefile", Mode.LINK)}, {P("mm/up"): None})
    assert os.readlink(root / "mm/up") == "../Makefile"


def test_nothing_is_written_through_a_symlinked_folder(root: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (root / "away").symlink_to("../elsewhere")
    with pytest.raises(HostError, match="is a symlink"):
        write_changes(root, {P("away/x"): File(b"x")}, {P("away/x"): None})
    assert not list((tmp_path / "elsewhere").iterdir())


def test_a_symlink_is_replaced_and_not_followed(root: Path) -> None:
    write_changes(root, {P("link"): File(b"file now")}, {P("link"): b"Makefile"})
    assert (root / "Makefile").read_bytes() == b"VERSION = 2\n"
    assert (root / "link").read_bytes() == b"file now"
    assert not (root / "link").is_symlink()


def test_a_file_in_the_place_of_a_folder_is_an_error(root: Path) -> None:
    with pytest.raises(HostError, match="is a file where a folder is needed"):
        write_changes(root, {P("Makefile/x"): File(b"x")}, {P("Makefile/x"): None})


def test_a_failure_at_the_last_rename_puts_everything_back(root: Path) -> None:
    (root / "zz/full").mkdir(parents=True)  # a folder where the last file should go
    changes: Changes = {
        P("Makefile"): File(b"new"),
        P("link"): None,
        P("mm/memory.c"): None,
        P("new/deep/x.c"): File(b"x"),
        P("zz"): File(b"not possible"),
    }
    inode = (root / "Makefile").stat().st_ino
    before = contents(dir_tree(root))
    with pytest.raises(HostError, match="nothing was changed"):
        write_changes(root, changes, expected_of(root, changes))
    assert contents(dir_tree(root)) == before
    assert (root / "Makefile").stat().st_ino == inode
    assert not (root / "new").exists()
    assert not leftovers(root)


def test_without_hard_links_a_failure_still_puts_everything_back(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    (root / "zz/full").mkdir(parents=True)
    changes: Changes = {P("mm/memory.c"): File(b"new"), P("zz"): File(b"not possible")}
    with pytest.raises(HostError, match="nothing was changed"):
        write_changes(root, changes, expected_of(root, changes))
    assert (root / "mm/memory.c").read_bytes() == b"old\n"
    assert (root / "mm/memory.c").stat().st_mode & 0o777 == 0o640


def test_ctrl_c_between_the_renames_waits_until_all_is_written(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    renames = write._make_folders

    def interrupted(*arguments: object) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        renames(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(write, "_make_folders", interrupted)
    changes: Changes = {P("Makefile"): File(b"new"), P("mm/memory.c"): File(b"new")}
    with pytest.raises(KeyboardInterrupt):
        write_changes(root, changes, expected_of(root, changes))
    assert (root / "Makefile").read_bytes() == b"new"
    assert (root / "mm/memory.c").read_bytes() == b"new"
    assert not leftovers(root)


NAMES = st.sampled_from(["a", "a/b", "a/b/c", "a/d", "e", "e/f", "g.c"])
FILES = st.builds(File, st.binary(max_size=3), st.sampled_from([Mode.FILE, Mode.EXECUTABLE]))


def without_clashes(files: dict[str, File]) -> dict[PurePosixPath, File]:
    """No path that is a folder of another one."""
    paths = {P(name): file for name, file in files.items()}
    return {
        path: file
        for path, file in paths.items()
        if not any(path in other.parents for other in paths)
    }


@given(st.dictionaries(NAMES, FILES), st.dictionaries(NAMES, FILES))
def test_any_tree_becomes_any_other(
    tmp_path_factory: pytest.TempPathFactory, old: dict[str, File], new: dict[str, File]
) -> None:
    root = tmp_path_factory.mktemp("tree") / "linux"
    before, after = without_clashes(old), without_clashes(new)
    write_tree(MemoryTree(before), root)
    assert contents(dir_tree(root)) == contents(MemoryTree(before))
    changes: Changes = {**dict.fromkeys(before), **after}
    write_changes(root, changes, expected_of(root, changes))
    assert contents(dir_tree(root)) == contents(Overlay(MemoryTree(before), changes))


def test_write_tree_refuses_a_folder_with_something_in_it(root: Path) -> None:
    with pytest.raises(InputError, match="is not empty"):
        write_tree(MemoryTree({P("x"): File(b"x")}), root)
    assert not (root / "x").exists()


def test_write_tree_takes_an_empty_folder_and_leaves_usual_permissions(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    write_tree(MemoryTree({P("d/x"): File(b"x", Mode.EXECUTABLE)}), tmp_path / "out")
    umask = os.umask(0)
    os.umask(umask)
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o777 & ~umask
    assert (tmp_path / "out/d/x").stat().st_mode & 0o777 == 0o777 & ~umask


@pytest.mark.parametrize("path", ["../x", ".git/config", "a/../../x"])
def test_write_tree_refuses_paths_that_leave(tmp_path: Path, path: str) -> None:
    with pytest.raises(InputError, match="is refused"):
        write_tree(MemoryTree({P(path): File(b"x")}), tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_write_tree_refuses_a_file_below_a_symlink(tmp_path: Path) -> None:
    hostile = MemoryTree({P("a"): File(b"b", Mode.LINK), P("a/x"): File(b"x")})
    with pytest.raises((InputError, HostError)):
        write_tree(hostile, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []
