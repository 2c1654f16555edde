"""``=20`` and ``&lt;``: a mailer's escapes, or the author's own text? The tree has the lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from patchkit.port.text import Text, key
from patchkit.repair.mend import Mended, MendedFile
from patchkit.tree.base import Tree

UNDECIDED = "what looks like a mailer's escapes may be the author's text: no line of the tree tells"


def as_the_tree_has(mended: Mended, tree: Tree) -> Mended:
    """*mended*, or its undecoded form: that whose lines *tree* has, where they differ. With both
    forms, as it is, where the tree has lines of neither, or of both."""
    other = mended.undecoded
    if other is None or len(other.files) != len(mended.files):
        return mended
    pairs = list(zip(mended.files, other.files, strict=True))
    is_decoded = any(_only_first(one, two, tree) for one, two in pairs)
    is_plain = any(_only_first(two, one, tree) for one, two in pairs)
    if is_decoded == is_plain:
        # "=20" is a blank line: the tree, without one that stands so, can't tell it from others.
        is_decoded = not any(_wanted(one, two) for one, two in pairs)
        if not is_decoded or not any(_wanted(two, one) for one, two in pairs):
            return mended
    return replace(mended, undecoded=None) if is_decoded else other


def _wanted(one: MendedFile, other: MendedFile) -> set[bytes]:
    """The lines that *one* expects, and *other* does not."""
    return set(_expected(one)) - set(_expected(other))


def _only_first(one: MendedFile, other: MendedFile, tree: Tree) -> bool:
    """Does the tree's file have a line that *one* expects, and *other* does not?"""
    wanted = _wanted(one, other)
    path = one.change.old_path
    data = tree.read(path) if wanted and path is not None else None
    return data is not None and not wanted.isdisjoint(Text(data).keys)


def _expected(file: MendedFile) -> Iterator[bytes]:
    """The lines before the change, but for blank ones: these are everywhere."""
    for hunk in file.change.hunks:
        yield from (found for line in hunk.old if (found := key(line.text)))
