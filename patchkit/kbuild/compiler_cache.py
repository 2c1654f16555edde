"""ccache in a build's container: where results are kept, and what ccache is told.

A build can write there, so what it leaves must reach no build that does not trust it: every tree
has its own folder, as it has its own workspace.
"""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from patchkit.errors import HostError
from patchkit.host.files import reason

INSIDE = "/ccache"
# Debian's folder of compilers' names that are ccache; not there in an image without it
COMPILERS = "/usr/lib/ccache"
# of one build, in its workspace: what became of each compilation
STATISTICS = PurePosixPath(".patchkit-ccache")
SETTINGS = {
    "CCACHE_DIR": INSIDE,
    # an image that is made again has other times for the same compiler
    "CCACHE_COMPILERCHECK": "content",
    "CCACHE_MAXSIZE": "1G",
    # make is always started in the workspace's tree, and goes below it
    "CCACHE_STATSLOG": f"/build/{STATISTICS}",
}


class Reused(NamedTuple):
    """How many compilations were found in the cache, and how many were not."""

    found: int = 0
    compiled: int = 0


def reused(statistics: bytes) -> Reused:
    """What ccache's log of statistics counts; both are 0 in an image without ccache."""
    words = Counter(statistics.split(b"\n"))
    return Reused(
        words[b"direct_cache_hit"] + words[b"preprocessed_cache_hit"], words[b"cache_miss"]
    )


def cache_for(caches: Path, image: str, tree: str, owner: int | None) -> Path:
    """The folder below *caches* for what the compilers of *image* make of *tree*; made if needed,
    for *owner* where that is another user.

    Raises:
        HostError: it can't be made.
    """
    toolchain = image.rpartition("/")[2].replace(":", "-")
    folder = caches / toolchain / hashlib.sha256(tree.encode()).hexdigest()[:16]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if owner is not None:
            os.chown(folder, owner, owner)
    except OSError as error:
        raise HostError(f"{folder}: can't be made: {reason(error)}") from error
    return folder
