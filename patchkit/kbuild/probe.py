"""patchkit's probe drivers, built into a tree by an overlay: no Makefile is touched."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from patchkit.kbuild.generation import Generation, generation
from patchkit.kbuild.guest import SOURCES
from patchkit.tree.base import Tree
from patchkit.tree.overlay import File, Overlay

# In every kernel; the probe comes behind its last line, so that its own lines stay.
HOSTS = {
    PurePosixPath("drivers/char/mem.c"): "patchkit_probe.c",
    PurePosixPath("drivers/media/video/videodev.c"): "patchkit_v4l_probe.c",
}


def with_probe(tree: Tree) -> Tree:
    """*tree* with the probes where its memory management is the one they are written for."""
    if generation(tree) is not Generation.CONFIG_IN or not _counts_pages(tree):
        return tree
    changes = {}
    for host, probe in HOSTS.items():
        text = tree.read(host)
        if text is not None:
            added = (SOURCES / "probe" / probe).read_bytes()
            changes[host] = File(text + _registering(tree) + added)
    return Overlay(tree, changes)


def _counts_pages(tree: Tree) -> bool:
    """Is a reference taken by get_page()? It came in 2.3; 2.2 counts by the page's address."""
    return b"get_page(" in (tree.read(PurePosixPath("include/linux/mm.h")) or b"")


def _registering(tree: Tree) -> bytes:
    """How this tree registers a video device: the third argument, a minor, came in 2.4.5."""
    header = tree.read(PurePosixPath("include/linux/videodev.h")) or b""
    minor = b", -1" if _WITH_MINOR.search(header) else b""
    return b"\n#define PKV_REGISTER(d) video_register_device(d, VFL_TYPE_GRABBER%s)\n" % minor


_WITH_MINOR = re.compile(rb"video_register_device\([^,()]*,[^,()]*,")
