"""A patch the other way round: what takes it back."""

from __future__ import annotations

from dataclasses import replace

from patchkit.patch.reverse import reversed_change, reversed_hunk
from patchkit.repair.mend import Mended, MendedFile


def taken_back(mended: Mended) -> Mended:
    """*mended* with before and after exchanged, the last file first; but copies come behind what
    they were copied from, which has to be as it was before."""

    def back(file: MendedFile) -> MendedFile:
        return replace(
            file,
            change=reversed_change(file.change),
            readings=tuple(
                tuple(way._replace(hunk=reversed_hunk(way.hunk)) for way in ways)
                for ways in file.readings
            ),
        )

    files = sorted(
        (back(file) for file in mended.files[::-1]),
        key=lambda file: file.change.copy_of is not None,
    )
    undecoded = taken_back(mended.undecoded) if mended.undecoded is not None else None
    return replace(mended, files=tuple(files), undecoded=undecoded)
