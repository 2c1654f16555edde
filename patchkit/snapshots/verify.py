"""Is a tree what the catalogue, its own Makefile and the cache say it is?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from patchkit.errors import InputError
from patchkit.snapshots.cache import Snapshot, cached_manifest, cached_tree
from patchkit.snapshots.catalog import Catalog
from patchkit.snapshots.manifest import Contents, Difference, contents, differences
from patchkit.snapshots.version import makefile_version, means
from patchkit.tree.base import Tree

NAMED = 5  # differing files, in a message


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a tree compares with the catalogue: ``pin`` is ``matches``, ``differs`` or ``none``."""

    pin: str
    warnings: tuple[str, ...] = ()


def judge(
    catalog: Catalog, version: str, kind: str, found: Contents, *, despite_pin: bool
) -> Verdict:
    """The tree *found*, which came from a *kind* of source, beside the pin of *version*.

    Raises:
        InputError: it differs from the pin of the same kind, and not *despite_pin*.
    """
    pin = catalog.pin(version, kind)
    if pin is None:
        return Verdict("none")
    if pin.identity == found.identity:
        return Verdict("matches")
    differing = named(differences(catalog.manifest(pin), found.manifest))
    text = f"{version}: differs from the pinned {pin.kind} tree in {differing}"
    if pin.kind == kind and not despite_pin:
        raise InputError(f"{text}; fetch it from elsewhere, or keep it with --despite-pin")
    return Verdict("differs", (text,))


def named(found: tuple[Difference, ...]) -> str:
    """*found* in a few words: how many files, and the first of them."""
    first = ", ".join(f"{path} ({how})" for path, how in found[:NAMED])
    more = f" and {len(found) - NAMED} more" if len(found) > NAMED else ""
    return f"{len(found)} file{'s' if len(found) != 1 else ''}: {first}{more}"


def changed_since(snapshot: Snapshot) -> tuple[Difference, ...]:
    """The files of a cached tree that are not what they were when it was fetched.

    Raises:
        HostError: they can't be read.
    """
    found = contents(cached_tree(snapshot.version))
    if found.identity == snapshot.identity:
        return ()
    named_ones = differences(cached_manifest(snapshot.version), found.manifest)
    # Without a name where somebody made a file whose sum begins as the right one's.
    return named_ones or (Difference(".", "changed"),)


def makefile_doubts(catalog: Catalog, version: str, tree: Tree) -> tuple[str, ...]:
    """A folder or tarball of another release is an easy mistake."""
    says = makefile_version(tree.read(PurePosixPath("Makefile")) or b"")
    if means(says, catalog.makefiles.get(version, version)):
        return ()
    return (f"{version}: its Makefile says {says or 'no version'}",)
