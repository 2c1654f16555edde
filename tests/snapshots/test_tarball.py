"""Tarballs: every compression, and everything that a hostile one may hold."""

from __future__ import annotations

import io
import os
import tarfile
from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath

import pytest

from patchkit.errors import InputError, PatchkitError
from patchkit.snapshots.dir_tree import dir_tree
from patchkit.snapshots.new_tree import NewTree
from patchkit.snapshots.tarball import extract
from patchkit.tree.base import Mode

Member = tuple[tarfile.TarInfo, bytes]


def file(name: str, content: bytes = b"x\n", mode: int = 0o644) -> Member:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(content), mode
    return member, content


def special(name: str, kind: bytes, target: str = "") -> Member:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, target
    return member, b""


def tarball(path: Path, members: Iterable[Member], compression: str = "gz") -> Path:
    with tarfile.open(path, f"w:{compression}", format=tarfile.PAX_FORMAT) as archive:  # type: ignore[call-overload]
        for member, content in members:
            archive.addfile(member, io.BytesIO(content))
    return path


@pytest.fixture
def into(tmp_path: Path) -> NewTree:
    (tmp_path / "into").mkdir()
    return NewTree(tmp_path / "into")


LINUX = (
    special("linux", tarfile.DIRTYPE),
    file("linux/Makefile", b"VERSION = 2\n"),
    file("linux/scripts/run", b"#!\n", 0o755),
    special("linux/asm", tarfile.SYMTYPE, "asm-i386"),
    special("linux/copy", tarfile.LNKTYPE, "linux/Makefile"),
    file("linux/empty", b""),
    file("linux/" + "deep/" * 30 + "long.c", b"y" * 1024),
)


@pytest.mark.parametrize("compression", ["gz", "bz2", "xz"])
def test_files_links_and_modes_come_out(tmp_path: Path, into: NewTree, compression: str) -> None:
    extract(tarball(tmp_path / "linux.tar", LINUX, compression), into)
    tree = dir_tree(into.folder)
    found = {str(path): tree.read(path) for path in tree.paths()}
    assert found == {
        "linux/Makefile": b"VERSION = 2\n",
        "linux/asm": b"asm-i386",
        "linux/copy": b"VERSION = 2\n",
        "linux/" + "deep/" * 30 + "long.c": b"y" * 1024,
        "linux/empty": b"",
        "linux/scripts/run": b"#!\n",
    }
    assert tree.mode(PurePosixPath("linux/scripts/run")) is Mode.EXECUTABLE


@pytest.mark.parametrize(
    "members",
    [
        [file("../out")],
        [file("linux/../../out")],
        [file("/tmp/out")],
        [file("linux/.git/hooks/post-checkout")],
        [special("linux/out", tarfile.SYMTYPE, "../../out")],
        [special("linux/out", tarfile.SYMTYPE, "/etc/passwd")],
        [special("linux/out", tarfile.LNKTYPE, "../out")],
        [special("linux/out", tarfile.LNKTYPE, "/etc/passwd")],
        [special("linux/a", tarfile.SYMTYPE, "."), file("linux/a/x")],
        [special("linux/a", tarfile.SYMTYPE, "."), file("linux/a/deep/x")],
        [special("linux/a", tarfile.SYMTYPE, "."), special("linux/c", tarfile.LNKTYPE, "linux/a")],
        [file("linux/a"), file("linux/a")],
        [file("linux/a"), file("linux/a/b")],
        [file("linux/a"), special("linux/a", tarfile.SYMTYPE, "b")],
        [special("linux/null", tarfile.CHRTYPE)],
        [special("linux/sda", tarfile.BLKTYPE)],
        [special("linux/pipe", tarfile.FIFOTYPE)],
        [file("linux/\x1b[2Jx")],
        [file("linux/a\nb")],
        [file("a/" * 100 + "b")],
    ],
    ids=lambda members: " ".join(repr(member.name) for member, _ in members),
)  # fmt: skip
def test_what_would_leave_or_is_no_file_is_refused(
    tmp_path: Path, into: NewTree, members: list[Member]
) -> None:
    (tmp_path / "out").write_bytes(b"as it was")
    with pytest.raises(InputError):
        extract(tarball(tmp_path / "evil.tar.gz", members), into)
    assert (tmp_path / "out").read_bytes() == b"as it was"
    assert sorted(os.listdir(tmp_path)) == ["evil.tar.gz", "into", "out"]


@pytest.mark.parametrize("compression", ["gz", "bz2", "xz"])
@pytest.mark.parametrize(
    "damage",
    [
        lambda whole: whole[: len(whole) // 2],
        lambda whole: whole[:-5],
        lambda whole: whole[:40],
        lambda whole: whole[:60] + bytes(60) + whole[120:],
    ],
    ids=["half", "without its end", "its start", "with a hole"],
)
def test_a_damaged_tarball_is_said_to_be(
    tmp_path: Path, into: NewTree, compression: str, damage: Callable[[bytes], bytes]
) -> None:
    path = tarball(
        tmp_path / "linux.tar", [*LINUX, file("linux/big", os.urandom(5000))], compression
    )
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(InputError, match=r"linux\.tar: truncated or damaged"):
        extract(path, into)


def test_an_archive_cut_between_two_members_is_damaged(tmp_path: Path, into: NewTree) -> None:
    import gzip

    whole = gzip.decompress(tarball(tmp_path / "whole.gz", LINUX).read_bytes())
    (tmp_path / "cut.gz").write_bytes(gzip.compress(whole[:1024]))
    with pytest.raises(InputError, match="truncated or damaged"):
        extract(tmp_path / "cut.gz", into)


def test_a_bad_header_in_the_middle_does_not_end_the_archive(tmp_path: Path, into: NewTree) -> None:
    import gzip

    whole = bytearray(gzip.decompress(tarball(tmp_path / "whole.gz", LINUX).read_bytes()))
    whole[512 * 3 : 512 * 3 + 8] = b"garbage!"
    (tmp_path / "bad.gz").write_bytes(gzip.compress(bytes(whole)))
    with pytest.raises(InputError, match="truncated or damaged"):
        extract(tmp_path / "bad.gz", into)


@pytest.mark.parametrize("content", [b"", b"\x1f", b"PK\x03\x04 a zip", b"just text\n" * 100])
def test_what_is_no_tarball_is_refused(tmp_path: Path, into: NewTree, content: bytes) -> None:
    (tmp_path / "linux.tar.gz").write_bytes(content)
    with pytest.raises(InputError, match="not a gzip, bzip2 or xz file"):
        extract(tmp_path / "linux.tar.gz", into)


def test_a_bomb_ends_at_the_limit(tmp_path: Path, into: NewTree) -> None:
    path = tarball(tmp_path / "bomb", [file("linux/zeros", bytes(5_000_000))], "xz")
    assert path.stat().st_size < 5000
    with pytest.raises(InputError, match="unpacks to over 1000000 bytes"):
        extract(path, into, limit=1_000_000)


def test_a_header_as_large_as_the_memory_is_not_read(tmp_path: Path, into: NewTree) -> None:
    member, _ = file("linux/x")
    member.pax_headers = {"comment": "z" * 3_000_000}
    with pytest.raises(InputError, match="a header of the archive is over a megabyte"):
        extract(tarball(tmp_path / "bomb", [(member, b"x\n")]), into)


def test_a_sparse_file_is_no_kernel_file(tmp_path: Path, into: NewTree) -> None:
    member = tarfile.TarInfo("linux/holes")
    member.size = 0
    member.type = tarfile.GNUTYPE_SPARSE
    with pytest.raises(PatchkitError):
        extract(tarball(tmp_path / "sparse", [(member, b"")]), into)
