"""Installed modules as one archive, the same bytes for the same files."""

from __future__ import annotations

import io
import lzma
import tarfile
from collections.abc import Mapping
from pathlib import PurePosixPath

NAME = "modules.tar.xz"


def archive(files: Mapping[PurePosixPath, bytes]) -> bytes:
    """A ``.tar.xz`` of *files* with their folders, sorted, without times, owned by root."""
    folders = {folder for path in files for folder in path.parents} - {PurePosixPath(".")}
    packed = io.BytesIO()
    # pax: in ustar a name may be too long, and a tree may be made to have one
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for path in sorted(folders | set(files)):
            entry = tarfile.TarInfo(str(path))
            data = files.get(path)
            entry.mode = 0o755 if data is None else 0o644
            entry.type = tarfile.DIRTYPE if data is None else tarfile.REGTYPE
            entry.size = len(data or b"")
            tar.addfile(entry, io.BytesIO(data or b""))
    return lzma.compress(packed.getvalue(), preset=6)
