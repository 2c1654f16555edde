"""Identities and manifests of trees."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patchkit.snapshots.manifest import (
    DIGITS,
    Difference,
    contents,
    differences,
    parse,
    render,
)
from patchkit.snapshots.write import write_tree
from patchkit.tree.base import Mode
from patchkit.tree.overlay import File, MemoryTree

P = PurePosixPath
TREE = MemoryTree({P("b.c"): File(b"b"), P("a/b.c"): File(b"x"), P("a-b"): File(b"")})


def test_the_identity_can_be_checked_with_sha256sum(tmp_path: Path) -> None:
    write_tree(TREE, tmp_path / "tree")
    command = r"find . -type f -printf '%P\0' | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum"
    done = subprocess.run(
        command, shell=True, cwd=tmp_path / "tree", capture_output=True, text=True, check=True
    )
    assert contents(TREE).identity == done.stdout.split()[0]


def test_modes_are_left_out_and_every_byte_is_in() -> None:
    executable = MemoryTree({**TREE.files, P("b.c"): File(b"b", Mode.EXECUTABLE)})
    assert contents(executable).identity == contents(TREE).identity
    other = MemoryTree({**TREE.files, P("b.c"): File(b"B")})
    assert contents(other).identity != contents(TREE).identity
    moved = MemoryTree({P("c.c"): File(b"b"), P("a/b.c"): File(b"x"), P("a-b"): File(b"")})
    assert contents(moved).identity != contents(TREE).identity


def test_differences_are_named_with_their_kind() -> None:
    found = MemoryTree({P("b.c"): File(b"B"), P("a/b.c"): File(b"x"), P("new"): File(b"")})
    assert differences(contents(TREE).manifest, contents(found).manifest) == (
        Difference("a-b", "missing"),
        Difference("b.c", "changed"),
        Difference("new", "added"),
    )


def test_the_text_has_a_line_for_each_folder_and_file() -> None:
    digits = {
        content: hashlib.sha256(content).hexdigest()[:DIGITS] for content in (b"b", b"x", b"")
    }
    assert render(contents(TREE).manifest) == (
        f" {digits[b'']} a-b\n {digits[b'b']} b.c\na/\n {digits[b'x']} b.c\n"
    )


SUMS = st.text("0123456789abcdef", min_size=DIGITS, max_size=DIGITS)
NAME = st.text(st.characters(blacklist_characters="/\n", codec="utf-8"), min_size=1, max_size=4)
PATH = st.lists(NAME, min_size=1, max_size=3).map("/".join)
MANIFESTS = st.dictionaries(PATH, SUMS, max_size=6)


@given(MANIFESTS, MANIFESTS)
def test_text_and_back(manifest: dict[str, str], like: dict[str, str]) -> None:
    assert parse(render(manifest)) == manifest
    assert parse(render(manifest, like), like) == manifest


@pytest.mark.parametrize("text", ["nonsense", "a/\n 1234 short\n", "a/\nx12345678 b\n"])
def test_what_is_no_manifest_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"manifest|unpack"):
        parse(text)
