"""``=20`` and ``&lt;``: a mailer's escapes, or the author's own text? The tree has the lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
    if is_decoded == is_plain and not _only_blanks_stand(pairs, tree):
        return mended
    is_decoded = is_decoded or not is_plain
    return replace(mended, undecoded=None) if is_decoded else other


def _only_blanks_stand(pairs: Sequence[tuple[MendedFile, MendedFile]], tree: Tree) -> bool:
    """Are all lines that were decoded blank, as ``=20`` is, and has the tree none of them as
    they stand?"""
    if any(set(_expected(one)) - set(_expected(two)) for one, two in pairs):
        return False
    return any(set(_expected(two)) - set(_expected(one)) for one, two in pairs) and not any(
        _only_first(two, one, tree) for one, two in pairs
    )


def _only_first(one: MendedFile, other: MendedFile, tree: Tree) -> bool:
    """Does the tree's file have a line that *one* expects, and *other* does not?"""
    wanted = set(_expected(one)) - set(_expected(other))
    path = one.change.old_path
    data = tree.read(path) if wanted and path is not None else None
    return data is not None and not wanted.isdisjoint(Text(data).keys)


def _expected(file: MendedFile) -> Iterator[bytes]:
    """The lines before the change, but for blank ones: these are everywhere."""
    for hunk in file.change.hunks:
        yield from (found for line in hunk.old if (found := key(line.text)))
