"""What is in a tree, in a form that is small, is no source, and can be compared.

The identity is a sha256 over the sorted list of paths and sha256 sums of all files, exactly as
sha256sum prints it, so that it can be checked by hand:

    find . -type f -printf '%P\\0' | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum

Modes are left out, for a tarball and a git repository disagree on them. A symlink counts as a
file with its target as content.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from patchkit.tree.base import Tree

# Of each file's sum the manifest keeps so many hex digits. They name the files that differ; it
# is the identity, over the whole sums, that says whether any do.
DIGITS = 8

Manifest = Mapping[str, str]  # path → the first digits of its sha256


@dataclass(frozen=True, slots=True)
class Contents:
    """A tree's identity, and its manifest."""

    identity: str
    manifest: Manifest


class Difference(NamedTuple):
    """A file that two trees do not have alike."""

    path: str
    how: str  # "changed", "missing" or "added", seen from the tree that was expected


def contents(tree: Tree) -> Contents:
    """Read all of *tree*.

    Raises:
        HostError: a file can't be read.
    """
    sums = {}
    for path in tree.paths():
        name = str(path).encode(errors="surrogateescape")
        sums[name] = hashlib.sha256(tree.read(path) or b"").hexdigest()
    listing = hashlib.sha256()
    for name in sorted(sums):
        listing.update(b"%s  %s\n" % (sums[name].encode(), name))
    manifest = {
        name.decode(errors="surrogateescape"): found[:DIGITS] for name, found in sums.items()
    }
    return Contents(listing.hexdigest(), manifest)


def differences(expected: Manifest, found: Manifest) -> tuple[Difference, ...]:
    """The files that differ, by path."""
    return tuple(
        Difference(path, _how(expected.get(path), found.get(path)))
        for path in sorted(expected.keys() | found.keys())
        if expected.get(path) != found.get(path)
    )


def _how(expected: str | None, found: str | None) -> str:
    if expected is None:
        return "added"
    return "missing" if found is None else "changed"


def render(manifest: Manifest, like: Manifest | None = None) -> str:
    """The manifest as text: a line for each folder, below it one for each of its files.

    With *like* only what differs from that one is written; ``-`` stands for a file that is not
    there.
    """
    rows = dict(manifest)
    if like is not None:
        changed = differences(like, manifest)
        rows = {path: manifest.get(path, "-" * DIGITS) for path, _ in changed}
    lines, here = [], ""
    for folder, _, name in sorted(path.rpartition("/") for path in rows):
        if folder != here:
            lines.append(f"{folder}/\n")
            here = folder
        path = f"{folder}/{name}" if folder else name
        lines.append(f" {rows[path]} {name}\n")
    return "".join(lines)


def parse(text: str, like: Manifest | None = None) -> Manifest:
    """The manifest that :func:`render` wrote with the same *like*.

    Raises:
        ValueError: a line is of neither form.
    """
    rows = dict(like or {})
    for path, digits in _rows(text):
        if digits.strip("-"):
            rows[path] = digits
        else:
            rows.pop(path, None)
    return rows


def _rows(text: str) -> Iterator[tuple[str, str]]:
    folder = ""
    for line in text.removesuffix("\n").split("\n") if text else ():
        if line.endswith("/"):
            folder = line
            continue
        mark, digits, name = line.split(" ", 2)
        if mark or len(digits) != DIGITS:
            raise ValueError(f"no line of a manifest: {line!r}")
        yield folder + name, digits
