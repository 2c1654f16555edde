"""``fetch`` from every kind of source into the cache, and all that may go wrong."""

from __future__ import annotations

import difflib
import gzip
import io
import os
import tarfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

import pytest

from patchkit.errors import HostError, InputError
from patchkit.flows.kernels.fetch_snapshot import Fetched, fetch_snapshot
from patchkit.flows.kernels.list_snapshots import list_snapshots
from patchkit.host.files import locked
from patchkit.snapshots import cache, download
from patchkit.snapshots.cache import all_cached, cached, snapshots_folder
from patchkit.snapshots.open import open_tree
from patchkit.tree.base import Mode, Tree
from tests.support.git import commit, git
from tests.support.http import Server, serving


def kernel(version: str, **more: bytes) -> dict[str, bytes]:
    """A tiny kernel of the form 2.4.17 or 2.4.0-test9."""
    numbers, _, extra = version.partition("-")
    one, two, three = numbers.split(".")
    makefile = f"VERSION = {one}\nPATCHLEVEL = {two}\nSUBLEVEL = {three}\n"
    makefile += f"EXTRAVERSION ={f' -{extra}' if extra else ''}\n"
    files = {"Makefile": makefile.encode(), "mm/memory.c": b"int a;\nint b;\nint c;\n"}
    return {**files, **{f"{name}.c": content for name, content in more.items()}}


def tarball(files: Mapping[str, bytes], top: str = "linux/", compression: str = "gz") -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode=f"w:{compression}") as archive:  # type: ignore[call-overload]
        for name, content in files.items():
            member = tarfile.TarInfo(top + name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return packed.getvalue()


def patch(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> bytes:
    """As Linus made them: diff -urN linux-old linux-new."""
    lines: list[str] = []
    for name in sorted(old.keys() | new.keys()):
        before, after = old.get(name, b"").decode(), new.get(name, b"").decode()
        lines += difflib.unified_diff(
            before.splitlines(keepends=True),
            after.splitlines(keepends=True),
            f"v2.4.0-test9/linux/{name}",
            f"linux/{name}",
            "Mon Oct  2 11:57:00 2000" if name in old else "Wed Dec 31 16:00:00 1969",
            "Fri Oct 20 11:57:00 2000" if name in new else "Wed Dec 31 16:00:00 1969",
        )
    return "".join(lines).encode()


def contents(tree: Tree) -> dict[str, bytes | None]:
    return {str(path): tree.read(path) for path in tree.paths()}


def snapshot(version: str) -> dict[str, bytes | None]:
    return contents(open_tree(tree=None, snapshot=version))


@pytest.fixture(autouse=True)
def _no_history(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PATCHKIT_LINUX_HISTORY", raising=False)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    monkeypatch.setattr(download.time, "sleep", lambda _: None)  # type: ignore[attr-defined]
    with serving() as server:
        yield server


def nothing_is_left(version: str) -> bool:
    folder = snapshots_folder()
    left = [path.name for path in folder.iterdir()] if folder.exists() else []
    return cached(version) is None and not [name for name in left if name != "sha256sums"]


# -- sources --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["linux.tar.gz", "linux.tar.bz2", "linux.tar.xz", "misnamed"])
@pytest.mark.parametrize("top", ["linux/", "linux-2.4.17/", "./linux/", ""])
def test_a_tarball_loses_its_top_folder(tmp_path: Path, name: str, top: str) -> None:
    compression = name.rpartition(".")[2] if "." in name else "gz"
    (tmp_path / name).write_bytes(tarball(kernel("2.4.17"), top, compression))
    fetched = fetch_snapshot("v2.4.17", str(tmp_path / name), offline=True)
    assert snapshot("2.4.17") == kernel("2.4.17")
    assert fetched.warnings == ()
    assert fetched.snapshot.kind == "tarball"
    assert fetched.snapshot.pin == "none"
    assert [file for file, _ in fetched.snapshot.tarballs] == [name]


def test_a_folder(tmp_path: Path) -> None:
    for name, content in kernel("2.4.17").items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    assert fetch_snapshot("2.4.17", str(tmp_path)).snapshot.kind == "folder"
    assert snapshot("2.4.17") == kernel("2.4.17")


@pytest.mark.parametrize("as_address", [False, True])
def test_a_repository_is_remembered_with_its_commit(tmp_path: Path, as_address: bool) -> None:
    repository = tmp_path / "history"
    name = commit(repository, kernel("2.4.17"), tag="v2.4.17")
    commit(repository, kernel("2.4.19"), tag="v2.4.19")
    source = f"file://{repository}" if as_address else str(repository)
    fetched = fetch_snapshot("2.4.17", source).snapshot
    assert (fetched.kind, fetched.commit) == ("git", name)
    assert fetched.repository == (None if as_address else str(repository))
    assert snapshot("2.4.17") == kernel("2.4.17")


@pytest.mark.parametrize("as_address", [False, True])
def test_a_repository_without_the_tag_names_near_ones(tmp_path: Path, as_address: bool) -> None:
    commit(tmp_path / "history", kernel("2.4.17"), tag="v2.4.17")
    source = f"file://{tmp_path}/history" if as_address else str(tmp_path / "history")
    with pytest.raises(InputError, match=r"has no tag for 2\.4\.16; near it: v2\.4\.17"):
        fetch_snapshot("2.4.16", source)
    assert nothing_is_left("2.4.16")


def test_a_repository_that_is_none_is_said_in_gits_words(tmp_path: Path) -> None:
    with pytest.raises(HostError, match="git can't fetch from it"):
        fetch_snapshot("2.4.16", f"file://{tmp_path}/nowhere")


def test_a_mirror_is_asked_by_kernel_orgs_layout(server: Server) -> None:
    server.files["/v2.4/linux-2.4.17.tar.bz2"] = tarball(kernel("2.4.17"), compression="bz2")
    fetched = fetch_snapshot("2.4.17", server.url).snapshot
    assert [path for path, _ in server.requests] == [
        "/v2.4/linux-2.4.17.tar.xz", "/v2.4/linux-2.4.17.tar.bz2",
    ]  # fmt: skip
    assert fetched.source == f"{server.url}v2.4/linux-2.4.17.tar.bz2"
    assert snapshot("2.4.17") == kernel("2.4.17")


def test_the_address_of_a_tarball(server: Server) -> None:
    server.files["/mine.tar.gz"] = tarball(kernel("2.4.17"))
    assert fetch_snapshot("2.4.17", f"{server.url}mine.tar.gz").snapshot.kind == "tarball"
    with pytest.raises(InputError, match="the server has no such file"):
        fetch_snapshot("2.4.16", f"{server.url}other.tar.gz")


def test_a_mirror_without_the_version_says_where_it_looked(server: Server) -> None:
    with pytest.raises(InputError, match=r"2\.4\.99: is at none of 3 addresses like http.*--from"):
        fetch_snapshot("2.4.99", server.url)
    assert nothing_is_left("2.4.99")


# -- prepatches -----------------------------------------------------------------------------------

OLD = kernel("2.4.0-test9", gone=b"1\n")
NEW = {**kernel("2.4.0-test10", new=b"2\n"), "mm/memory.c": b"int a;\nint B;\nint c;\n"}


def test_a_prepatch_goes_onto_its_base_which_is_fetched_too(server: Server) -> None:
    server.files["/v2.4/old-test-kernels/linux-2.4.0-test9.tar.gz"] = tarball(OLD)
    server.files["/testing/old/v2.4-test/test10-pre4.gz"] = gzip.compress(patch(OLD, NEW))
    fetched = fetch_snapshot("2.4.0-test10pre4", server.url).snapshot
    assert fetched.kind == "prepatch"
    assert snapshot("2.4.0-test10-pre4") == NEW
    assert snapshot("2.4.0-test9") == OLD


def test_a_prepatch_file_goes_onto_a_base_in_the_cache(tmp_path: Path) -> None:
    (tmp_path / "test9.tar.gz").write_bytes(tarball(OLD))
    (tmp_path / "patch.gz").write_bytes(gzip.compress(patch(OLD, NEW)))
    with pytest.raises(InputError, match=r"say 'patchkit fetch 2\.4\.0-test9' first"):
        fetch_snapshot("2.4.0-test10-pre4", str(tmp_path / "patch.gz"))
    fetch_snapshot("2.4.0-test9", str(tmp_path / "test9.tar.gz"))
    fetch_snapshot("2.4.0-test10-pre4", str(tmp_path / "patch.gz"))
    assert snapshot("2.4.0-test10-pre4") == NEW


def test_a_prepatch_that_does_not_fit_exactly_is_refused(tmp_path: Path) -> None:
    other = {**OLD, "mm/memory.c": b"int z;\n" + OLD["mm/memory.c"]}
    (tmp_path / "test9.tar.gz").write_bytes(tarball(other))
    (tmp_path / "patch.gz").write_bytes(gzip.compress(patch(OLD, NEW)))
    fetch_snapshot("2.4.0-test9", str(tmp_path / "test9.tar.gz"))
    with pytest.raises(InputError, match=r"hunk 1 of mm/memory\.c is not for 2\.4\.0-test9"):
        fetch_snapshot("2.4.0-test10-pre4", str(tmp_path / "patch.gz"))
    assert cached("2.4.0-test10-pre4") is None


# -- verification ---------------------------------------------------------------------------------


def test_the_same_kind_of_source_must_match_its_pin(tmp_path: Path) -> None:
    commit(tmp_path / "history", kernel("2.4.18"), tag="v2.4.18")
    with pytest.raises(
        InputError, match=r"differs from the pinned git tree in \d+ files: .*COPYING"
    ):
        fetch_snapshot("2.4.18", str(tmp_path / "history"))
    assert nothing_is_left("2.4.18")
    kept = fetch_snapshot("2.4.18", str(tmp_path / "history"), despite_pin=True)
    assert kept.snapshot.pin == "differs"


def test_another_kind_of_source_is_warned_about(tmp_path: Path) -> None:
    (tmp_path / "linux.tar.gz").write_bytes(tarball(kernel("2.4.18")))
    fetched = fetch_snapshot("2.4.18", str(tmp_path / "linux.tar.gz"))
    assert fetched.snapshot.pin == "differs"
    (warning,) = fetched.warnings
    assert "differs from the pinned git tree in 10" in warning
    assert "COPYING (missing)" in warning


@pytest.mark.history
@pytest.mark.parametrize("version", ["2.4.0-test10", "2.4.0-test10-pre4"])
def test_a_real_release_is_as_pinned(history: Path, version: str) -> None:
    fetched = fetch_snapshot(version, str(history))
    assert (fetched.snapshot.pin, fetched.snapshot.files) == ("matches", 7745)
    assert fetched.warnings == ()


def test_a_tree_of_another_version_is_doubted(tmp_path: Path) -> None:
    (tmp_path / "linux.tar.gz").write_bytes(tarball(kernel("2.4.19")))
    fetched = fetch_snapshot("2.4.17", str(tmp_path / "linux.tar.gz"))
    assert fetched.warnings == ("2.4.17: its Makefile says 2.4.19",)


def test_a_tarball_must_stay_what_it_was_at_first_use(tmp_path: Path) -> None:
    path = tmp_path / "linux-2.4.17.tar.gz"
    path.write_bytes(tarball(kernel("2.4.17")))
    fetch_snapshot("2.4.17", str(path))
    fetch_snapshot("2.4.17", str(path), again=True)
    path.write_bytes(tarball(kernel("2.4.17", trojan=b"")))
    with pytest.raises(InputError, match=r"not the file of that name .* delete its line"):
        fetch_snapshot("2.4.17", str(path), again=True)
    assert snapshot("2.4.17") == kernel("2.4.17")


def test_a_file_that_was_edited_in_the_cache_is_named(tmp_path: Path) -> None:
    (tmp_path / "linux.tar.gz").write_bytes(tarball(kernel("2.4.17")))
    fetch_snapshot("2.4.17", str(tmp_path / "linux.tar.gz"))
    edited = snapshots_folder() / "2.4.17/tree/mm/memory.c"
    assert edited.stat().st_mode & 0o222 == 0
    listed = {one.snapshot.version: one.changed for one in list_snapshots(verify=True)}
    assert listed["2.4.17"] == ()
    edited.chmod(0o644)
    edited.write_bytes(b"edited")
    listed = {one.snapshot.version: one.changed for one in list_snapshots(verify=True)}
    assert listed["2.4.17"] == (("mm/memory.c", "changed"),)


# -- the cache ------------------------------------------------------------------------------------


def test_what_is_there_is_not_fetched_again(tmp_path: Path) -> None:
    (tmp_path / "linux.tar.gz").write_bytes(tarball(kernel("2.4.17")))
    first = fetch_snapshot("2.4.17", str(tmp_path / "linux.tar.gz"))
    (tmp_path / "linux.tar.gz").write_bytes(b"")
    second = fetch_snapshot("2.4.17", str(tmp_path / "linux.tar.gz"))
    assert second == Fetched(first.snapshot, new=False)


def test_again_replaces_it_whole(tmp_path: Path) -> None:
    (tmp_path / "one.tar.gz").write_bytes(tarball(kernel("2.4.17", one=b"")))
    (tmp_path / "two.tar.gz").write_bytes(tarball(kernel("2.4.17", two=b"")))
    fetch_snapshot("2.4.17", str(tmp_path / "one.tar.gz"))
    fetch_snapshot("2.4.17", str(tmp_path / "two.tar.gz"), again=True)
    assert snapshot("2.4.17") == kernel("2.4.17", two=b"")
    assert sorted(os.listdir(snapshots_folder())) == ["2.4.17", "sha256sums"]


def test_offline_uses_the_cache_and_files_but_no_network(tmp_path: Path, server: Server) -> None:
    with pytest.raises(InputError, match="--offline forbids"):
        fetch_snapshot("2.4.17", server.url, offline=True)
    with pytest.raises(InputError, match="--offline forbids"):
        fetch_snapshot("2.4.17", offline=True)
    assert server.requests == []
    (tmp_path / "linux.tar.gz").write_bytes(tarball(kernel("2.4.17")))
    fetch_snapshot("2.4.17", str(tmp_path / "linux.tar.gz"), offline=True)
    assert not fetch_snapshot("2.4.17", server.url, offline=True).new


def test_a_second_patchkit_at_the_same_version_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "linux.tar.gz").write_bytes(tarball(kernel("2.4.17")))
    work = snapshots_folder() / ".2.4.17"
    work.mkdir(parents=True)
    with locked(work, busy=""), pytest.raises(HostError, match="another patchkit is fetching"):
        fetch_snapshot("2.4.17", str(tmp_path / "linux.tar.gz"))
    fetch_snapshot("2.4.17", str(tmp_path / "linux.tar.gz"))


def test_what_a_killed_patchkit_left_is_cleared(tmp_path: Path) -> None:
    (tmp_path / "linux.tar.gz").write_bytes(tarball(kernel("2.4.17")))
    for name in ("new", "whole", "old"):
        (snapshots_folder() / ".2.4.17" / name / "mm").mkdir(parents=True)
    fetch_snapshot("2.4.17", str(tmp_path / "linux.tar.gz"))
    assert sorted(os.listdir(snapshots_folder())) == ["2.4.17", "sha256sums"]


def test_an_interrupted_fetch_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "linux.tar.gz").write_bytes(tarball(kernel("2.4.17")))

    def interrupt(what: str, done: int, total: int | None) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch_snapshot("2.4.17", str(tmp_path / "linux.tar.gz"), progress=interrupt)
    assert nothing_is_left("2.4.17")


def test_a_broken_download_is_kept_for_the_next_run(server: Server) -> None:
    content = tarball(kernel("2.4.17", big=os.urandom(5000)))
    server.files["/v2.4/linux-2.4.17.tar.xz"] = content
    server.cuts = [3000, 0, 0, 0]
    with pytest.raises(HostError, match="go on from here"):
        fetch_snapshot("2.4.17", server.url)
    assert cached("2.4.17") is None
    server.requests.clear()
    fetch_snapshot("2.4.17", server.url)
    assert server.requests == [("/v2.4/linux-2.4.17.tar.xz", "bytes=3000-")]
    assert sorted(os.listdir(snapshots_folder())) == ["2.4.17", "sha256sums"]


def test_a_damaged_description_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "linux.tar.gz").write_bytes(tarball(kernel("2.4.17")))
    fetch_snapshot("2.4.17", str(tmp_path / "linux.tar.gz"))
    (snapshots_folder() / "2.4.17/snapshot.json").write_bytes(b"{")
    with pytest.raises(HostError, match="remove its folder"):
        all_cached()
    fetch_snapshot("2.4.17", str(tmp_path / "linux.tar.gz"), again=True)
    assert snapshot("2.4.17") == kernel("2.4.17")


def test_a_full_disk_is_said_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "linux.tar.gz").write_bytes(tarball(kernel("2.4.17")))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(cache, "atomic_write", full)
    with pytest.raises(HostError, match="no space left on device"):
        fetch_snapshot("2.4.17", str(tmp_path / "linux.tar.gz"))
    assert nothing_is_left("2.4.17")


# -- bad input ------------------------------------------------------------------------------------


def test_a_hostile_tarball_leaves_nothing(tmp_path: Path) -> None:
    hostile = tarball({"../../escaped": b"x"}, top="linux/")
    (tmp_path / "evil.tar.gz").write_bytes(hostile)
    with pytest.raises(InputError, match=r"evil\.tar\.gz: linux/\.\./\.\./escaped: .* is refused"):
        fetch_snapshot("2.4.17", str(tmp_path / "evil.tar.gz"))
    assert nothing_is_left("2.4.17")


@pytest.mark.parametrize("name", ["..", ".git", "../../x"])
def test_a_hostile_repository_leaves_nothing(tmp_path: Path, name: str) -> None:
    repository = tmp_path / "history"
    commit(repository, kernel("2.4.17"), tag="first")
    blob = git(repository, "hash-object", "-w", "Makefile")
    inner = b"100644 x\0" + bytes.fromhex(blob)
    folder = git(
        repository, "hash-object", "-t", "tree", "-w", "--literally", "--stdin", stdin=inner
    )
    outer = b"40000 " + name.encode() + b"\0" + bytes.fromhex(folder)
    tree = git(repository, "hash-object", "-t", "tree", "-w", "--literally", "--stdin", stdin=outer)
    evil = git(repository, "commit-tree", "-m", "evil", tree)
    git(repository, "update-ref", "refs/tags/v2.4.17", evil)
    with pytest.raises(InputError, match="is refused"):
        fetch_snapshot("2.4.17", str(repository))
    assert nothing_is_left("2.4.17")


def test_a_name_in_latin_1_is_a_name(tmp_path: Path) -> None:
    gnu = tarfile.GNU_FORMAT
    with tarfile.open(tmp_path / "linux.tar.gz", "w:gz", format=gnu, encoding="latin-1") as archive:
        archive.addfile(tarfile.TarInfo("linux/L\xfcbeck"))
    fetch_snapshot("2.4.17", str(tmp_path / "linux.tar.gz"))
    assert list(snapshot("2.4.17")) == ["L\udcfcbeck"]
    assert [one.changed for one in list_snapshots(verify=True)][1:] == [()]


def test_a_link_out_of_the_kernel_but_not_of_the_archive_is_refused(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "evil.tar.gz", "w:gz") as archive:
        member = tarfile.TarInfo("linux/up")
        member.type, member.linkname = tarfile.SYMTYPE, "../else"
        archive.addfile(member)
    with pytest.raises(InputError, match="outside of the tree"):
        fetch_snapshot("2.4.17", str(tmp_path / "evil.tar.gz"))
    assert nothing_is_left("2.4.17")


def test_modes_of_a_tarball_are_kept_but_for_writing(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "linux.tar.gz", "w:gz") as archive:
        member = tarfile.TarInfo("linux/scripts/run")
        member.mode = 0o777
        archive.addfile(member)
    fetch_snapshot("2.4.17", str(tmp_path / "linux.tar.gz"))
    tree = open_tree(tree=None, snapshot="2.4.17")
    assert tree.mode(PurePosixPath("scripts/run")) is Mode.EXECUTABLE


@pytest.mark.parametrize(
    ("version", "source", "message"),
    [
        ("2.4.17", "/nowhere/at/all", "no such file or folder; --from takes"),
        ("2.4.17", "", "names nothing"),
        ("2.4.17", "https://[bad/x.tar.gz", "names nothing"),
        ("2.4.17", "ext::sh -c true", "no such file or folder"),
        ("frobnicate", None, "not a kernel version"),
        ("2.4.0-test10-pre8", None, "no such version; the prepatches are -pre1 to -pre7"),
        ("2.4.0-test10-pre0", None, "no such version; the prepatches are"),
        ("2.4.0-test1-pre1", None, "no such version; 2.4.0-test1 had no prepatches"),
        ("2.4.18-ac3", None, "no rule says where kernel.org has it"),
        ("../../etc", None, "not a kernel version"),
    ],
)
def test_one_line_says_what_is_wrong(version: str, source: str | None, message: str) -> None:
    with pytest.raises(InputError) as error:
        fetch_snapshot(version, source)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("content", [b"", b"no tarball", b"\x1f\x8b broken"])
def test_a_file_that_is_neither_tarball_nor_patch(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "linux.tar.gz").write_bytes(content)
    with pytest.raises(InputError, match=r"linux\.tar\.gz: (not a|truncated or damaged)"):
        fetch_snapshot("2.4.17", str(tmp_path / "linux.tar.gz"))
    assert nothing_is_left("2.4.17")
