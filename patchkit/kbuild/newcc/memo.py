"""What the rules made of each file, by content: what stayed as it was is not rewritten again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import fields
from pathlib import PurePosixPath
from typing import NamedTuple

from patchkit.kbuild.newcc.effect import Effect
from patchkit.kbuild.newcc.rewrite import Place
from patchkit.kbuild.newcc.rule import TreeFacts
from patchkit.kbuild.newcc.spans import Span

# the new text, None where it is the old one, the places, the spans and the effects
Made = tuple[bytes | None, tuple[Place, ...], tuple[Span, ...], tuple[Effect, ...]]


class Memo(NamedTuple):
    """What was made before: by source key. ``rules`` is a digest of the rules as they are now."""

    rules: str
    made: Mapping[str, Made]


def source_key(path: PurePosixPath, text: bytes, known: str) -> str:
    """What a rewrite depends on: *text*, its place, and *known*, a digest of rules and facts."""
    return hashlib.sha256(b"\0".join((known.encode(), bytes(path), text))).hexdigest()


def facts_digest(facts: TreeFacts) -> str:
    """The same for the same *facts*, in every process."""
    values = (_ordered(getattr(facts, field.name)) for field in fields(facts))
    return hashlib.sha256("\n".join(values).encode()).hexdigest()


def _ordered(value: object) -> str:
    if isinstance(value, Mapping):
        return repr(sorted((str(key), _ordered(one)) for key, one in value.items()))
    if isinstance(value, frozenset):
        return repr(sorted(map(str, value)))
    return repr(value)


def as_json(done: Iterable[tuple[str, Made]]) -> bytes:
    """*done* (by source key) as one document."""
    return json.dumps(
        {
            key: [
                None if text is None else text.decode("latin-1"),
                [
                    [p.rule, str(p.path), p.line, p.before.decode("latin-1"),
                     p.after.decode("latin-1")]
                    for p in places
                ],
                spans,
                told,
            ]
            for key, (text, places, spans, told) in done
        }
    ).encode()  # fmt: skip


def from_json(data: bytes) -> Mapping[str, Made]:
    """The inverse of `as_json`; nothing where *data* is no such document."""
    try:
        return {
            key: (
                None if text is None else text.encode("latin-1"),
                tuple(
                    Place(rule, PurePosixPath(path), line, old.encode("latin-1"),
                          new.encode("latin-1"))
                    for rule, path, line, old, new in places
                ),
                tuple(Span(tuple(rules), *bounds) for rules, *bounds in spans),
                tuple(Effect(tuple(rules), *counts) for rules, *counts in told),
            )
            for key, (text, places, spans, told) in json.loads(data).items()
        }  # fmt: skip
    except (ValueError, TypeError, AttributeError):
        return {}
