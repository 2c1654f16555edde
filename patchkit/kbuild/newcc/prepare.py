"""The rewrites of a whole build: which files, in parallel, each once."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import PurePosixPath
from typing import NamedTuple

from patchkit.host.aside import ends_with
from patchkit.kbuild.newcc.effect import Compared, Effect, Untold, effects
from patchkit.kbuild.newcc.memo import Memo, as_json, facts_digest, source_key
from patchkit.kbuild.newcc.reads import files_read, tree_facts
from patchkit.kbuild.newcc.rewrite import Place, Written, rewrite, rules_for
from patchkit.kbuild.newcc.rule import TreeFacts
from patchkit.kbuild.newcc.spans import Span

# Below this many files a pool of processes costs more than it saves.
FEW = 100
# what scripts/mkdep of 2.4 looks for
_READ_BY_DEP = re.compile(rb"^[ \t]*#[ \t]*include[^\n]*|CONFIG_\w+", re.MULTILINE)


class Rewritten(NamedTuple):
    """A file's new text, every rewrite, where its bytes differ, and what that is in tokens.
    ``key`` is a digest of the new text, ``source`` one of all that it was made from."""

    path: PurePosixPath
    text: bytes
    places: tuple[Place, ...]
    spans: tuple[Span, ...]
    effects: tuple[Effect, ...] | Untold
    key: str
    source: str


def rewritten_files(
    sources: Iterable[PurePosixPath],
    others: Iterable[PurePosixPath],
    read: Callable[[PurePosixPath], bytes | None],
    headers: str,
    jobs: int,
    memo: Memo,
) -> tuple[Rewritten, ...]:
    """The rewritten form of every file that a build of *sources* reads, and of *others*
    (Makefiles, linker scripts); files that stay as they are come back too.

    *headers* is the architecture that ``include/asm`` stands for; *memo* is what was made before.
    """
    texts, includes = files_read(sorted(sources), read, headers)
    facts = tree_facts(texts, includes)
    for path in others:
        text = read(path)
        if text is not None:
            texts[path] = text
    known = f"{memo.rules} {facts_digest(facts)}"
    keyed = [(p, text, source_key(p, text, known)) for p, text in texts.items() if rules_for(p)]
    work = [(path, text, key) for path, text, key in keyed if key not in memo.made]
    one = partial(_one, facts=facts)
    if jobs < 2 or len(work) < FEW:
        new = list(map(one, work))
    else:
        with ProcessPoolExecutor(jobs, initializer=ends_with, initargs=(os.getpid(),)) as pool:
            new = list(pool.map(one, work, chunksize=16))
    return (*(_again(path, text, key, memo) for path, text, key in keyed if key in memo.made), *new)


def memo_of(done: Iterable[Rewritten]) -> bytes:
    """*done*, to be given to the next `rewritten_files` through `from_json`."""
    return as_json(
        (one.source, (one.text if one.places else None, one.places, one.spans, one.effects))
        for one in done
        if not isinstance(one.effects, Untold)
    )


def dependencies(done: Iterable[Rewritten]) -> str:
    """A digest of what ``make dep`` reads in the files of *done*: includes and options' names."""
    lines = sorted(
        b"%s %s" % (bytes(one.path), b" ".join(_READ_BY_DEP.findall(one.text))) for one in done
    )
    return hashlib.sha256(b"\n".join(lines)).hexdigest()


def _again(path: PurePosixPath, text: bytes, key: str, memo: Memo) -> Rewritten:
    new, places, spans, told = memo.made[key]
    return _rewritten(path, Written(text if new is None else new, places, spans), told, key)


def _one(work: tuple[PurePosixPath, bytes, str], facts: TreeFacts) -> Rewritten:
    path, text, key = work
    new = rewrite(path, text, facts)
    told = effects(Compared(path, text, new.text, new.spans)) if new.places else ()
    return _rewritten(path, new, told, key)


def _rewritten(
    path: PurePosixPath, new: Written, told: tuple[Effect, ...] | Untold, source: str
) -> Rewritten:
    key = hashlib.sha256(new.text).hexdigest()[:16]
    return Rewritten(path, new.text, new.places, new.spans, told, key, source)
