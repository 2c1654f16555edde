"""A prepatch onto its base release: what Linus put out between releases had no tarball."""

from __future__ import annotations

from pathlib import Path

from patchkit.errors import InputError
from patchkit.port.outcome import How, Outcome
from patchkit.port.patch import port
from patchkit.repair.mend import mend
from patchkit.snapshots.tarball import unpack
from patchkit.tree.base import Tree
from patchkit.tree.overlay import Overlay

# patch-2.6.0.gz against 2.5.75 would have 20 MB.
PATCH_BYTES = 256 << 20


def with_prepatch(base: Tree, prepatch: Path) -> Overlay:
    """*base* with the prepatch in the file on top.

    Raises:
        InputError: it is damaged, or one of its hunks is not exactly where it should be: then it
            belongs onto another release.
    """
    ported = port(mend(unpack(prepatch, PATCH_BYTES), source=prepatch.name), base)
    for file in ported.report.files:
        for hunk in file.hunks:
            if hunk.outcome is not Outcome.APPLIED or hunk.how is not How.EXACT:
                raise InputError(
                    f"{prepatch}: hunk {hunk.number} of {file.path} is not for {base.name}: "
                    f"{hunk.reason or 'it is not at its stated line'}"
                )
        if file.outcome is not Outcome.APPLIED:
            raise InputError(f"{prepatch}: {file.path} is not for {base.name}")
    return Overlay(base, ported.changes)
