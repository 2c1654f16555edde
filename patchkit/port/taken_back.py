"""A patch the other way round: what takes it back."""

from __future__ import annotations

from dataclasses import replace

from patchkit.patch.reverse import reversed_change, reversed_hunk
from patchkit.repair.mend import Mended, MendedFile


def taken_back(mended: Mended) -> Mended:
    """*mended* with before and after exchanged, the last file first."""

    def back(file: MendedFile) -> MendedFile:
        return replace(
            file,
            change=reversed_change(file.change),
            readings=tuple(
                tuple(way._replace(hunk=reversed_hunk(way.hunk)) for way in ways)
                for ways in file.readings
            ),
        )

    return replace(mended, files=tuple(back(file) for file in mended.files[::-1]))
