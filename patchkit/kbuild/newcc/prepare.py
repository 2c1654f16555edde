"""The rewrites of a whole build: which files, in parallel, each once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import PurePosixPath
from typing import NamedTuple

from patchkit.kbuild.newcc.reads import files_read, tree_facts
from patchkit.kbuild.newcc.rewrite import Place, rewrite, rules_for
from patchkit.kbuild.newcc.rule import TreeFacts

# Below this many files a pool of processes costs more than it saves.
FEW = 100


class Rewritten(NamedTuple):
    """A file's new text and the places where it differs; ``key`` changes when it might."""

    path: PurePosixPath
    text: bytes
    places: tuple[Place, ...]
    key: str


def rewritten_files(
    sources: Iterable[PurePosixPath],
    others: Iterable[PurePosixPath],
    read: Callable[[PurePosixPath], bytes | None],
    headers: str,
    jobs: int,
) -> tuple[Rewritten, ...]:
    """The rewritten form of every file that a build of *sources* reads, and of *others*
    (Makefiles, linker scripts); files that stay as they are come back too.

    *headers* is the architecture that ``include/asm`` stands for.
    """
    texts, includes = files_read(sorted(sources), read, headers)
    facts = tree_facts(texts, includes)
    for path in others:
        text = read(path)
        if text is not None:
            texts[path] = text
    work = [(path, text) for path, text in texts.items() if rules_for(path)]
    one = partial(_one, facts=facts)
    if jobs < 2 or len(work) < FEW:
        return tuple(map(one, work))
    with ProcessPoolExecutor(jobs) as pool:
        return tuple(pool.map(one, work, chunksize=16))


def _one(work: tuple[PurePosixPath, bytes], facts: TreeFacts) -> Rewritten:
    path, text = work
    new, places = rewrite(path, text, facts)
    return Rewritten(path, new, places, hashlib.sha256(new).hexdigest()[:16])
