"""C files' facts, kept in the user's cache by what the file says and what reads it."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path, PurePosixPath

from patchkit.csource.conditions import Known
from patchkit.csource.kept import dumped, loaded
from patchkit.csource.unit import Unit
from patchkit.host.places import cache_folder
from patchkit.host.store import Store

_KEPT = 8000  # files; all that the audits of ten kernels look into


class KeptUnits:
    """Makes units whose facts may be known from before. :meth:`keep` is for those that are new.

    Processes may share the cache: each file's facts are put there whole, and are the same
    whoever puts them.
    """

    def __init__(self, store: Store | None = None) -> None:
        self._store = store or Store(cache_folder() / "facts.sqlite", kept=_KEPT)
        self._made: list[tuple[bytes, Unit]] = []
        self._bodies: dict[bytes, int] = {}

    def __call__(self, path: PurePosixPath, source: bytes, known: Known) -> Unit:
        key = _key(source, known)
        stored = self._store.get(key)
        kept = loaded(stored) if stored is not None else None
        if kept is not None:
            self._bodies[key] = len(kept.bodies)
        unit = Unit(path, source, known, kept)
        self._made.append((key, unit))
        return unit

    def keep(self) -> None:
        """Put into the cache what was worked out since the last time."""
        fresh = []
        for key, unit in self._made:
            kept = unit.kept
            if kept is not None and len(kept.bodies) > self._bodies.get(key, -1):
                self._bodies[key] = len(kept.bodies)
                fresh.append((key, dumped(kept)))
        self._store.put_all(fresh)


def _key(source: bytes, known: Known) -> bytes:
    """The file's bytes, the macros that decide on its branches, and the version of the facts."""
    whole = hashlib.blake2b(fact_version(), digest_size=20)
    whole.update(repr(sorted(known.items())).encode())
    whole.update(source)
    return whole.digest()


@cache
def fact_version() -> bytes:
    """A hash of the code that makes facts: an edit of it makes all of them again."""
    import patchkit.csource

    sources = sorted(Path(patchkit.csource.__file__).parent.glob("*.py"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in sources)).digest()
