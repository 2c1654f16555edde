"""Where ccache keeps its results, apart for each tree and each toolchain; what it found."""

from __future__ import annotations

from pathlib import Path

import pytest

from patchkit.errors import HostError
from patchkit.kbuild.compiler_cache import INSIDE, STATISTICS, Reused, cache_for, reused
from patchkit.kbuild.container import Engine
from patchkit.kbuild.room import Contained


def test_trees_and_toolchains_share_nothing(tmp_path: Path) -> None:
    places = {
        cache_for(tmp_path, image, tree, None)
        for image in ("localhost/gcc:12", "localhost/gcc:13")
        for tree in ("2.4.0", "2.4.1")
    }
    assert len(places) == 4
    assert all(place.is_dir() for place in places)
    assert cache_for(tmp_path, "localhost/gcc:12", "2.4.0", None) in places


def test_a_folder_that_can_not_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "ccache").write_text("in the way")
    with pytest.raises(HostError, match="can't be made"):
        cache_for(tmp_path / "ccache", "localhost/gcc:12", "2.4.0", None)


def test_a_container_can_write_there_and_to_its_tree_only(tmp_path: Path) -> None:
    room = Contained(Engine("podman", (), 1, 1), "image", tmp_path / "slot", 1000, tmp_path / "c")
    words = room.command(("make",))
    volumes = [word for word in words if word.startswith("--volume=")]
    assert [word for word in volumes if word.endswith(":rw")] == [
        f"--volume={tmp_path}/slot/tree:/build:rw",
        f"--volume={tmp_path}/c:{INSIDE}:rw",
    ]
    assert f"--env=CCACHE_DIR={INSIDE}" in words
    assert f"--env=CCACHE_STATSLOG={room.top}/{STATISTICS}" in words


def test_what_it_found_is_counted_from_its_own_log() -> None:
    log = (
        b"# a.c\ndirect_cache_hit\nlocal_storage_hit\n"
        b"# b.c\ndirect_cache_miss\npreprocessed_cache_hit\nlocal_storage_hit\n"
        b"# c.c\ndirect_cache_miss\npreprocessed_cache_miss\ncache_miss\n"
        b"# d.c\ncompile_failed\n"
    )
    assert reused(log) == Reused(found=2, compiled=1)
    assert reused(b"") == Reused()
