"""Where resolutions of conflicts are kept: in the user's cache, by content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from patchkit.host.files import atomic_write
from patchkit.host.places import cache_folder

SCHEMA = "patchkit.resolution/1"
Block = tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Memory:
    """Resolutions in ``folder``: a folder for each conflict, in it a file for each surrounding."""

    folder: Path

    def recall(self, key: str) -> Iterator[tuple[Block, Block]]:
        """The blocks of lines that the conflict *key* was in before, and what they became. What
        can't be read, or is not what it was called by, is none."""
        for path in sorted((self.folder / key).glob("*.json")):
            try:
                row = json.loads(path.read_bytes())
                before, after = (_block(row[name]) for name in ("before", "after"))
            except (OSError, ValueError, KeyError, TypeError, AttributeError):
                continue
            if row.get("schema") == SCHEMA and path.stem == _name(before):
                yield before, after

    def remember(self, key: str, before: Block, after: Block) -> None:
        """Keep that in the conflict *key* the block *before* became *after*.

        Raises:
            HostError: the disk refuses.
        """
        row = {"schema": SCHEMA, "before": _text(before), "after": _text(after)}
        atomic_write(self.folder / key / f"{_name(before)}.json", json.dumps(row).encode())


def users_memory() -> Memory:
    """That of the user who runs this."""
    return Memory(cache_folder() / "resolutions")


def _name(before: Block) -> str:
    return hashlib.sha256(b"\n".join(before)).hexdigest()


def _text(block: Block) -> list[str]:
    return [line.decode("latin-1") for line in block]


def _block(lines: list[str]) -> Block:
    return tuple(line.encode("latin-1") for line in lines)
