"""The texts that a file had, out of small repositories made here, and out of a real one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath

import pytest

from patchkit.errors import HostError, InputError
from patchkit.snapshots import git_history
from patchkit.snapshots.git_history import GitHistory, open_history
from patchkit.snapshots.git_tree import git_folder
from patchkit.snapshots.history_index import index_file
from tests.support.git import commit, git

A = PurePosixPath("mm/a.c")


def texts(history: GitHistory, path: PurePosixPath = A) -> list[bytes | None]:
    return [history.text(version) for version in history.versions(path)]


@pytest.fixture
def linux(tmp_path: Path) -> Path:
    """2.4.0 to 2.4.3; mm/a.c is as before in 2.4.2."""
    repository = tmp_path / "linux"
    for tag, text in (("2.4.0", b"0"), ("2.4.1", b"1"), ("2.4.2", b"1"), ("2.4.3", b"3")):
        commit(repository, {"mm/a.c": text, "Makefile": tag.encode()}, tag=tag)
    return repository


def branched(linux: Path) -> Path:
    """2.5.0 goes its own way from 2.4.1; the merge of both is as neither of them."""
    git(linux, "checkout", "-q", "-b", "side", "2.4.1")
    commit(linux, {"mm/a.c": b"side", "Makefile": b"2.4.1"}, tag="2.5.0")
    git(linux, "checkout", "-q", "main")
    git(linux, "merge", "-q", "-s", "ours", "--no-commit", "side")
    (linux / "mm/a.c").write_bytes(b"merged")
    git(linux, "commit", "-q", "-a", "-m", "Merge by hand")
    git(linux, "tag", "2.6.0")
    return linux


def test_each_text_comes_once_and_the_nearest_first(linux: Path) -> None:
    assert texts(open_history(linux)) == [b"3", b"1", b"0"]


def test_a_version_names_the_commit_that_made_it_and_the_first_release_with_it(
    linux: Path,
) -> None:
    git(linux, "tag", "-a", "-m", "annotated", "v2.4.1-signed", "2.4.1")
    history = open_history(linux)
    version = list(history.versions(A))[1]
    assert version.commit == git(linux, "rev-parse", "2.4.1")
    assert version.blob == git(linux, "rev-parse", "2.4.2:mm/a.c")
    assert version.release == "2.4.1"
    origin = history.origin(version.commit)
    assert origin.subject == "2.4.1"
    assert origin.author == "A Tester <tester@example.org>"
    assert origin.date == 972043200
    assert origin.release == "2.4.1"


def test_what_came_later_is_not_looked_at(linux: Path) -> None:
    assert texts(open_history(linux, "2.4.1")) == [b"1", b"0"]


def test_another_line_of_development_is_not_looked_at(linux: Path) -> None:
    branched(linux)
    assert texts(open_history(linux, "2.5.0")) == [b"side", b"1", b"0"]
    assert texts(open_history(linux, "2.4.3")) == [b"3", b"1", b"0"]


def test_a_merge_has_both_lines_and_what_it_made_itself(linux: Path) -> None:
    found = texts(open_history(branched(linux), "2.6.0"))
    assert found[0] == b"merged"
    assert set(found) == {b"merged", b"side", b"3", b"1", b"0"}


def test_a_text_that_came_back_counts_as_near(linux: Path) -> None:
    commit(linux, {"mm/a.c": b"0"}, tag="2.4.4")
    first = next(open_history(linux).versions(A))
    assert first.commit == git(linux, "rev-parse", "2.4.4")
    assert texts(open_history(linux)) == [b"0", b"3", b"1"]


def test_a_renamed_file_keeps_its_past(linux: Path) -> None:
    commit(linux, {"mm/b.c": b"3"}, tag="2.4.4")  # the same bytes
    commit(linux, {"arch/b.c": b"changed"}, tag="2.4.5")  # the same name
    versions = list(open_history(linux).versions(PurePosixPath("arch/b.c")))
    assert [str(v.path) for v in versions] == ["arch/b.c", "mm/b.c", "mm/a.c", "mm/a.c"]
    assert versions[1].commit == git(linux, "rev-parse", "2.4.4")
    # The former name's life after the move is another file's.
    commit(linux, {"arch/b.c": b"changed", "mm/a.c": b"another file"}, tag="2.4.6")
    found = texts(open_history(linux), PurePosixPath("arch/b.c"))
    assert found == [b"changed", b"3", b"1", b"0"]


def test_several_new_files_of_one_name_are_no_rename(linux: Path) -> None:
    commit(linux, {"x/a.c": b"x", "y/a.c": b"y"}, tag="2.4.4")
    assert texts(open_history(linux), PurePosixPath("x/a.c")) == [b"x"]


def test_renames_in_a_circle_end(linux: Path) -> None:
    for number, name in enumerate(("b", "a", "b", "a")):
        commit(linux, {f"mm/{name}.c": b"3"}, tag=f"2.4.{number + 4}")
    assert texts(open_history(linux)) == [b"3", b"1", b"0"]


def test_a_file_that_never_was_has_no_versions(linux: Path) -> None:
    assert texts(open_history(linux), PurePosixPath("mm/none.c")) == []


def test_new_commits_and_tags_are_found(linux: Path) -> None:
    open_history(linux)
    commit(linux, {"mm/a.c": b"4"}, tag="2.4.4")
    newest = next(iter(open_history(linux).versions(A)))
    assert (newest.release, newest.commit) == ("2.4.4", git(linux, "rev-parse", "HEAD"))


def test_parallel_runs_build_one_index(linux: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: texts(open_history(linux)), range(4)))
    assert found == [[b"3", b"1", b"0"]] * 4


def test_the_repository_is_not_written_to(linux: Path) -> None:
    def files() -> dict[Path, tuple[int, bytes]]:
        return {p: (p.stat().st_mtime_ns, p.read_bytes()) for p in linux.rglob("*") if p.is_file()}

    before = files()
    texts(open_history(linux))
    assert files() == before


def test_an_unknown_revision_and_no_repository_are_input_errors(
    linux: Path, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="branch or commit is called HEAD2"):
        open_history(linux, "HEAD2")
    with pytest.raises(InputError, match="no tag, branch or commit"):
        open_history(linux, "--all")
    with pytest.raises(InputError, match="not a git repository"):
        open_history(tmp_path)


def test_a_broken_index_is_made_anew(linux: Path) -> None:
    open_history(linux).close()
    index_file(git_folder(linux)).write_bytes(b"no index" * 1000)
    assert texts(open_history(linux)) == [b"3", b"1", b"0"]


def test_a_cache_that_can_not_be_written_is_a_host_error(
    linux: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("PATCHKIT_CACHE", str(tmp_path / "file"))
    with pytest.raises(HostError, match="the index of the history can't be used"):
        open_history(linux)


def test_another_repository_in_the_same_place_is_read_anew(linux: Path) -> None:
    open_history(linux).close()
    linux.rename(linux.with_name("old"))
    commit(linux, {"mm/a.c": b"other"}, tag="1.0")
    assert texts(open_history(linux)) == [b"other"]


def _loose(repository: Path, name: str) -> Path:
    return repository / ".git/objects" / name[:2] / name[2:]


def test_a_missing_and_a_broken_text_are_none(linux: Path) -> None:
    history = open_history(linux)
    _loose(linux, git(linux, "rev-parse", "2.4.1:mm/a.c")).unlink()
    broken = _loose(linux, git(linux, "rev-parse", "2.4.0:mm/a.c"))
    broken.chmod(0o644)
    broken.write_bytes(b"not zlib")
    assert texts(history) == [b"3", None, None]
    assert texts(history)[0] == b"3"


def test_a_huge_text_is_none(linux: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit(linux, {"mm/a.c": b"x" * 2000}, tag="2.4.4")
    monkeypatch.setattr(git_history, "LARGEST", 1000)
    assert texts(open_history(linux)) == [None, b"3", b"1", b"0"]


def test_symlinks_have_no_versions(linux: Path) -> None:
    (linux / "mm/a.c").unlink()
    (linux / "mm/a.c").symlink_to("/etc/passwd")
    git(linux, "commit", "-q", "-a", "-m", "a link now")
    assert texts(open_history(linux)) == [b"3", b"1", b"0"]


def test_a_reference_to_nothing_does_not_spoil_the_rest(linux: Path) -> None:
    (linux / ".git/refs/heads/broken").write_text("1" * 40 + "\n")
    assert texts(open_history(linux)) == [b"3", b"1", b"0"]


def test_a_broken_line_elsewhere_does_not_spoil_ours(linux: Path) -> None:
    branched(linux)
    _loose(linux, git(linux, "rev-parse", "2.5.0^{tree}")).unlink()
    assert texts(open_history(linux, "2.4.3")) == [b"3", b"1", b"0"]


def test_a_history_that_can_not_be_read_is_a_host_error(linux: Path) -> None:
    _loose(linux, git(linux, "rev-parse", "2.4.1^{tree}")).unlink()
    with pytest.raises(HostError, match="is it whole"):
        open_history(linux)


def test_a_shallow_clone_has_what_it_has(linux: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--depth", "2", f"file://{linux}", "shallow")
    assert texts(open_history(tmp_path / "shallow")) == [b"3", b"1"]


def test_a_program_named_by_the_repository_is_not_run(linux: Path, tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/sprung\n")
    trap.chmod(0o755)
    for name in ("gpg.program", "diff.external", "core.pager", "core.fsmonitor", "core.sshCommand"):
        git(linux, "config", name, str(trap))
    git(linux, "config", "log.showSignature", "true")
    assert texts(open_history(linux)) == [b"3", b"1", b"0"]
    assert not (tmp_path / "sprung").exists()


@pytest.mark.history
def test_the_real_past_of_a_file_is_what_git_says(indexed: Path) -> None:
    opened = open_history(indexed, "v2.6.0")
    found = list(opened.versions(PurePosixPath("mm/vmscan.c")))
    said = git(
        indexed, "log", "--full-history", "-m", "--raw", "--no-renames", "--no-abbrev",
        "--format=", "v2.6.0", "2.4.0-prerelease", "--", "mm/vmscan.c",
    )  # fmt: skip
    assert {version.blob for version in found} == {line.split()[3] for line in said.splitlines()}
    assert opened.earlier is not None  # this line of the history begins with an import of 2.4.0
    assert opened.earlier.revision == "2.4.0-prerelease"
    assert found[0].blob == git(indexed, "rev-parse", "v2.6.0:mm/vmscan.c")
    assert len(found) > 100


def test_before_an_import_stands_the_release_before_by_its_number(linux: Path) -> None:
    git(linux, "checkout", "-q", "--orphan", "older", "2.4.0")
    git(linux, "rm", "-r", "-f", "-q", ".")
    for tag in ("2.2.18", "2.4.0-test9", "2.4.0-prerelease"):
        commit(linux, {"mm/a.c": tag.encode()}, tag=tag)
    commit(linux, {"mm/a.c": b"somebody's"}, tag="2.4.0-prerelease-ac1")
    history = open_history(linux, "2.4.1")
    assert texts(history) == [b"1", b"0", b"2.4.0-prerelease", b"2.4.0-test9", b"2.2.18"]
    assert "before that 2.4.0-prerelease, by its number" in history.name
    changes = list(history.changes(A))
    assert changes[1].before == changes[2].blob  # what the import changed
    # The older line itself begins with the first release: nothing later is its past.
    assert texts(open_history(linux, "2.4.0-test9")) == [b"2.4.0-test9", b"2.2.18"]


def test_the_first_reading_is_counted_and_the_second_has_nothing_to_tell(linux: Path) -> None:
    told: list[tuple[int, int | None]] = []

    def tell(_what: str, done: int, total: int | None) -> None:
        told.append((done, total))

    open_history(linux, "HEAD", tell)
    count = int(git(linux, "rev-list", "--count", "--all"))
    assert told == [(count, count)]
    open_history(linux, "HEAD", tell)
    assert told == [(count, count)]
