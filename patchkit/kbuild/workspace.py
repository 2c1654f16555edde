"""The folder a tree is built in: kept between builds, so that only what changed is built again.

The user's tree is never built in nor mounted: its files are copied here, rewritten where the
compiler needs it. ``manifest.json`` says from what each file was made.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from patchkit.errors import HostError, InputError
from patchkit.host.files import atomic_write, reason, regular_files, remove_folder
from patchkit.kbuild.arch import Architecture
from patchkit.kbuild.newcc.memo import Made, from_json
from patchkit.kbuild.reproducible import FIXED_PROGRAMS
from patchkit.tree.base import Mode, Tree

Stamp = Callable[[PurePosixPath], str]


def wanted(path: PurePosixPath, arch: Architecture) -> bool:
    """Can a build for *arch* read *path*?"""
    parts = path.parts
    if parts[0] == "Documentation":
        return path.name.startswith(("Kconfig", "Makefile"))
    if parts[0] == "arch" and len(parts) > 2:
        # Kconfig reads every architecture's list of source files by name
        return parts[1] in arch.folders or path.name.startswith("Kconfig")
    if parts[0] == "include" and len(parts) > 2 and parts[1].startswith("asm-"):
        return parts[1] in (f"asm-{arch.headers}", "asm-generic", "asm-i386", "asm-x86")
    return True


class Workspace:
    """One folder: ``tree/`` with sources and objects, ``bin/`` with programs that fix the time."""

    def __init__(self, folder: Path, owner: int | None) -> None:
        self.folder = folder
        self.tree = folder / "tree"
        self._owner = owner
        self._made: dict[str, str] = {}
        # step → a digest of what it was last done from here
        self.done: dict[str, str] = {}
        # what patchkit has read of the tree, out of a build's reach
        self.notes: dict[str, str] = {}

    def open(self, identity: str) -> bool:
        """Take up what the last build left; False where there is nothing of this *identity*."""
        state = self._state()
        # a build that is killed leaves no manifest, and the next one starts afresh
        (self.folder / "manifest.json").unlink(missing_ok=True)
        if state.get("identity") == identity:
            self._made, self.done = state["files"], state["done"]
            self.notes = state["notes"]
        else:
            self.done, self.notes = {}, {}
            remove_folder(self.tree)
            self._made = {}
        self._identity = identity
        known = bool(self._made)
        self._fresh = not known
        self._there: set[Path] = set()
        self._opened = time.time()
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._folder(self.tree)
            (self.folder / "bin").mkdir(exist_ok=True)
        except OSError as error:
            raise HostError(f"{self.folder}: can't be made: {reason(error)}") from error
        for name, script in FIXED_PROGRAMS.items():
            program = self.folder / "bin" / name
            text = f"#!/bin/sh\n{script}\n".encode()
            if not program.exists() or program.read_bytes() != text:
                atomic_write(program, text, permissions=0o755)
        return known

    def _state(self) -> dict[str, Any]:
        try:
            found: dict[str, Any] = json.loads((self.folder / "manifest.json").read_bytes())
        except (OSError, ValueError):
            return {}
        return found if found.keys() >= {"identity", "files", "done", "notes"} else {}

    def synchronise(
        self, tree: Tree, paths: Iterable[PurePosixPath], stamp: Stamp
    ) -> list[PurePosixPath]:
        """Make ``tree/`` hold *paths* of *tree*; what was already as *stamp* says stays. Gives back
        those that changed, and those that left."""
        changed = []
        gone = dict(self._made)
        for path in paths:
            gone.pop(str(path), None)
            mark = stamp(path)
            if self._made.get(str(path), "").split(" ")[0] != mark:
                self._copy(tree, path)
                self._made[str(path)] = mark
                changed.append(path)
        self._fresh = False
        for name in gone:
            at = self.tree / name
            self._inside(at.parent)
            at.unlink(missing_ok=True)
            del self._made[name]
        return [*changed, *map(PurePosixPath, gone)]

    def _copy(self, tree: Tree, path: PurePosixPath) -> None:
        data, mode = tree.read(path), tree.mode(path)
        if data is not None and mode is Mode.LINK:
            self._link(path, data)
        elif data is not None:
            self.write(path, data, executable=mode is Mode.EXECUTABLE)

    def _link(self, path: PurePosixPath, target: bytes) -> None:
        """A symlink of the tree, where it stays inside."""
        inside = os.path.normpath(b"/".join((os.fsencode(path.parent), target)))
        if target.startswith(b"/") or inside.startswith(b".."):
            raise InputError(f"{path}: a symlink out of the tree; nothing is built from it")
        at = self.tree / path
        self._folder(at.parent)
        at.unlink(missing_ok=True)
        at.symlink_to(os.fsdecode(target))

    def write(self, path: PurePosixPath, data: bytes, *, executable: bool = False) -> None:
        """Put *data* at *path*; a build never sees half of it."""
        at = self.tree / path
        self._folder(at.parent)
        # In a workspace that no build has seen there is nothing to replace, nor to beware of.
        new = at if self._fresh else at.with_name(f".patchkit-{at.name}")
        try:
            # what an earlier build left here may be anything, a symlink too
            if not self._fresh:
                new.unlink(missing_ok=True)
            new.write_bytes(data)
            new.chmod(0o755 if executable else 0o644)
            if self._owner is not None:
                os.chown(new, self._owner, self._owner)
            if self._fresh:
                # make would want loadkeys where defkeymap.map is newer than defkeymap.c
                os.utime(new, (self._opened, self._opened))
            else:
                new.replace(at)
        except OSError as error:
            raise HostError(f"{at}: can't be written: {reason(error)}") from error

    def _folder(self, folder: Path) -> None:
        if self._fresh and folder in self._there:
            return
        self._there.add(folder)
        if folder != self.tree:
            self._folder(folder.parent)
        if folder.exists() or folder.is_symlink():
            self._inside(folder)
            return
        folder.mkdir(exist_ok=True)
        if self._owner is not None:
            os.chown(folder, self._owner, self._owner)

    def _inside(self, path: Path) -> Path:
        """*path*, unless a symlink that a build left leads it out of the tree."""
        if not path.resolve().is_relative_to(self.tree.resolve()):
            raise InputError(
                f"{path.relative_to(self.tree)}: the build made it a way out of its tree"
            )
        return path

    @contextlib.contextmanager
    def swapped(self, texts: Mapping[PurePosixPath, bytes | None]) -> Iterator[None]:
        """Have other *texts* in place of files, none where it is None, until the block ends; what
        comes back has the times that it had. Who is killed meanwhile leaves no manifest."""
        aside = {path: path.with_name(f".patchkit-now-{path.name}") for path in texts}
        try:
            for path, text in texts.items():
                self._inside((self.tree / path).parent)
                if (self.tree / path).exists():
                    (self.tree / path).rename(self.tree / aside[path])
                if text is not None:
                    self.write(path, text)
            yield
        finally:
            for path in texts:
                (self.tree / path).unlink(missing_ok=True)
                if (self.tree / aside[path]).exists():
                    (self.tree / aside[path]).rename(self.tree / path)

    def read(self, path: PurePosixPath) -> bytes | None:
        """What is at *path* now, or None; for what the build made."""
        at = self._inside(self.tree / path)
        return at.read_bytes() if at.is_file() else None

    def remove(self, path: PurePosixPath) -> None:
        """Remove what the build made at *path*, if it is there."""
        (self._inside((self.tree / path).parent) / path.name).unlink(missing_ok=True)

    def files(self, folder: PurePosixPath, *, most: int) -> dict[PurePosixPath, bytes]:
        """Every file below *folder* that the build made, relative to it; links are left out.

        Raises:
            InputError: they have more than *most* bytes, or one can't be read.
        """
        top = self._inside(self.tree / folder)
        try:
            found = sorted(regular_files(top))
            size = sum(at.stat().st_size for at in found)
            if size > most:
                raise InputError(
                    f"{folder}: the build put {size:,} bytes there, and no more than "
                    f"{most:,} are taken"
                )
            return {
                PurePosixPath(at.relative_to(top)): self._inside(at).read_bytes() for at in found
            }
        except OSError as error:
            raise InputError(f"{folder}: can't be read: {reason(error)}") from error

    def clear(self, folder: PurePosixPath) -> None:
        """Remove *folder*, which the build or patchkit made, and all below it."""
        at = self._inside((self.tree / folder).parent) / folder.name
        if at.is_symlink() or at.is_file():
            at.unlink()
        remove_folder(at)

    def rewritten(self, path: PurePosixPath) -> str:
        """The key of the rewrite that made *path*; empty where it is the tree's own text."""
        return self._made.get(str(path), "").partition(" ")[2]

    def write_rewritten(self, path: PurePosixPath, data: bytes, key: str) -> None:
        """Put the rewritten *data* at *path*, unless it is there already."""
        if self.read(path) != data:
            self.write(path, data)
        self._made[str(path)] = f"{self._made.get(str(path), '').split(' ')[0]} {key}"

    def memo(self) -> Mapping[str, Made]:
        """What the rules made of the files of the last build."""
        place = self.folder / "rewrites.json"
        return from_json(place.read_bytes()) if place.is_file() else {}

    def keep_memo(self, data: bytes) -> None:
        """Keep *data* for the next build's `memo`."""
        atomic_write(self.folder / "rewrites.json", data)

    def close(self) -> None:
        """Remember what is here."""
        state = {
            "identity": self._identity,
            "files": self._made,
            "done": self.done,
            "notes": self.notes,
        }
        atomic_write(self.folder / "manifest.json", json.dumps(state).encode())

    def copied(self) -> list[str]:
        """What is copied here: each path with its stamp of then."""
        return sorted(f"{name} {mark.split(' ')[0]}" for name, mark in self._made.items())

    def header_digest(self) -> str:
        """A hash of the headers as they are here, rewritten."""
        marks = sorted(f"{name} {mark}" for name, mark in self._made.items() if name[-2:] == ".h")
        return hashlib.sha256(os.fsencode("\n".join(marks))).hexdigest()
