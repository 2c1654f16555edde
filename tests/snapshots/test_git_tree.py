"""A commit as a Tree, in repositories of every kind."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath

import pytest

from patchkit.errors import HostError, InputError
from patchkit.snapshots.git_tree import git_tree, release_tree
from patchkit.tree.base import Mode
from tests.support.git import commit, git

P = PurePosixPath
FILES = {"Makefile": b"VERSION = 2\n", "mm/a.c": b"a\r\n\xff", "mm.h": b"", "d/e/f": b"x"}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    commit(tmp_path / "linux", FILES, tag="2.4.0-test10pre4")
    return tmp_path / "linux"


def test_the_commit_is_read_and_not_the_work_tree(repository: Path) -> None:
    (repository / "Makefile").write_bytes(b"edited")
    (repository / "new").write_bytes(b"new")
    tree = git_tree(repository, "2.4.0-test10pre4")
    assert [str(path) for path in tree.paths()] == ["Makefile", "d/e/f", "mm/a.c", "mm.h"]
    assert {str(path): tree.read(path) for path in tree.paths()} == FILES
    assert tree.commit == git(repository, "rev-parse", "HEAD")


def test_paths_under(repository: Path) -> None:
    tree = git_tree(repository, "main")
    assert list(tree.paths(P("mm"))) == [P("mm/a.c")]
    assert list(tree.paths(P("mm.h"))) == [P("mm.h")]
    assert list(tree.paths(P("m"))) == []


def test_modes_and_links(repository: Path) -> None:
    (repository / "run").write_bytes(b"#!\n")
    (repository / "run").chmod(0o755)
    (repository / "link").symlink_to("../outside")
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "-m", "modes")
    tree = git_tree(repository, "HEAD")
    assert tree.mode(P("run")) is Mode.EXECUTABLE
    assert tree.mode(P("link")) is Mode.LINK
    assert tree.read(P("link")) == b"../outside"
    assert tree.mode(P("Makefile")) is Mode.FILE
    assert tree.mode(P("mm")) is None


@pytest.mark.parametrize("path", ["mm", "nowhere", "../x", "/etc/passwd", "link/x", "Makefile/x"])
def test_what_is_no_file_of_the_commit_reads_as_none(repository: Path, path: str) -> None:
    assert git_tree(repository, "HEAD").read(P(path)) is None


def test_a_bare_repository_without_config(repository: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    git(tmp_path, "clone", "-q", "--bare", str(repository), str(bare))
    (bare / "config").unlink()
    assert git_tree(bare, "2.4.0-test10pre4").read(P("Makefile")) == b"VERSION = 2\n"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a repository away")
def test_a_repository_of_another_user(repository: Path) -> None:
    for path in (repository, *repository.rglob("*")):
        os.chown(path, 12345, 12345)
    assert git_tree(repository, "HEAD").read(P("Makefile")) == b"VERSION = 2\n"


def test_a_linked_work_tree(repository: Path, tmp_path: Path) -> None:
    git(repository, "worktree", "add", "-q", str(tmp_path / "second"), "-b", "second")
    assert git_tree(tmp_path / "second", "HEAD").read(P("Makefile")) == b"VERSION = 2\n"


def test_commands_in_the_repositorys_config_are_not_run(repository: Path, tmp_path: Path) -> None:
    trap = f"touch {tmp_path}/trapped"
    for key in ("core.fsmonitor", "core.pager", "core.sshCommand", "diff.external"):
        git(repository, "config", key, trap)
    git(repository, "config", "remote.origin.url", f"ext::{trap}")
    git(repository, "config", "remote.origin.promisor", "true")
    git(repository, "config", "extensions.partialClone", "origin")
    git(repository, "config", "protocol.ext.allow", "always")
    blob = git(repository, "rev-parse", "HEAD:Makefile")
    (repository / ".git/objects" / blob[:2] / blob[2:]).unlink()
    tree = git_tree(repository, "HEAD")
    with pytest.raises(HostError, match=f"blob {blob}"):
        tree.read(P("Makefile"))
    assert not (tmp_path / "trapped").exists()


@pytest.mark.parametrize("revision", ["v9.9", "--output=x", "main~99", ""])
def test_an_unknown_revision_is_named(repository: Path, revision: str) -> None:
    with pytest.raises(InputError, match="no tag, branch or commit"):
        git_tree(repository, revision)


def test_no_repository_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not a git repository"):
        git_tree(tmp_path, "HEAD")


@pytest.mark.parametrize("tag", ["2.4.0-test10pre4", "2.4.0-test10-pre4", "v2.4.0-test10-pre4"])
def test_a_version_is_found_under_each_spelling_of_its_tag(tmp_path: Path, tag: str) -> None:
    commit(tmp_path / "linux", FILES, tag=tag)
    tree = release_tree(tmp_path / "linux", "2.4.0-test10-pre4")
    assert tree is not None
    assert tree.name == "2.4.0-test10-pre4"


def test_a_branch_of_that_name_is_not_the_version(repository: Path) -> None:
    git(repository, "branch", "v2.6.9")
    assert release_tree(repository, "2.6.9") is None


@pytest.mark.history
def test_a_real_release(history: Path) -> None:
    tree = release_tree(history, "2.4.0-test10")
    assert tree is not None
    sources = [path for path in tree.paths(P("drivers")) if path.suffix in (".c", ".h")]
    assert len(sources) == 2242
    makefile = tree.read(P("Makefile"))
    assert makefile is not None
    assert b"EXTRAVERSION = -test10\n" in makefile
