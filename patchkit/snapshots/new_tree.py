"""A folder that is being filled with files from a source that nobody vouches for."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath

from patchkit.errors import HostError, InputError
from patchkit.snapshots.paths import check_link, check_path
from patchkit.snapshots.progress import Progress, silent
from patchkit.tree.base import ROOT, Mode, Tree
from patchkit.tree.overlay import File


class NewTree:
    """Files go into ``folder``, which is empty at first, and never through a symlink: a folder
    on the way is one that was made here. With *read_only* nobody can edit the files by mistake.
    """

    def __init__(self, folder: Path, *, read_only: bool = False) -> None:
        self.folder = folder
        self._made = {ROOT}
        self._permissions = (0o444, 0o555) if read_only else (0o666, 0o777)

    def add(self, path: PurePosixPath, file: File) -> None:
        """Write *file*; its permissions are those that the user's umask leaves.

        Raises:
            InputError: *path*, or the target of a symlink, is out of the folder, or *path* is
                there already, or is below a file or a symlink.
            OSError: the disk refuses.
        """
        check_path(path)
        try:
            self._write(path, file)
        except FileExistsError as error:
            raise InputError(f"{path}: another file or link is in its place") from error

    def _write(self, path: PurePosixPath, file: File) -> None:
        if path.parent not in self._made:
            self._make(path.parent)
        target = os.fsencode(f"{self.folder}/{path}")
        if file.mode is Mode.LINK:
            check_link(path, file.data)
            os.symlink(file.data, target)
            return
        permissions = self._permissions[file.mode is Mode.EXECUTABLE]
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, permissions)
        with os.fdopen(handle, "wb") as out:
            out.write(file.data)

    def _make(self, folder: PurePosixPath) -> None:
        for above in (*reversed(folder.parents), folder):
            if above not in self._made:
                (self.folder / above).mkdir()
                self._made.add(above)

    def add_all(self, tree: Tree, progress: Progress = silent) -> None:
        """Write every file of *tree*; progress is told in files.

        Raises:
            HostError: a file went away between listing and reading.
        """
        paths = tuple(tree.paths())
        for number, path in enumerate(paths):
            progress(f"copying {tree.name}", number, len(paths))
            mode, content = tree.mode(path), tree.read(path)
            if mode is None or content is None:
                raise HostError(f"{tree.name}: {path} went away while it was copied; try again")
            self.add(path, File(content, mode))
