"""A stack's values ↔ JSON. Bytes are written as Latin-1 text, which keeps every one of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from patchkit.mail.message import Message, Number
from patchkit.patch.model import Head, Person
from patchkit.stack.state import Digests, Leave, Mail, Refused, State, Step, Stop, Terms
from patchkit.tree.base import Mode
from patchkit.tree.overlay import Changes, File

SCHEMA = "patchkit.stack/1"


def stack_text(mails: tuple[Mail, ...]) -> Iterator[bytes]:
    """The mails of a stack, piece by piece, as :func:`stack_of` reads them."""
    rows = [{"message": one.message, "head": _head(one.head)} for one in mails]
    return _dumped({"schema": SCHEMA, "mails": rows})


def stack_of(text: bytes) -> tuple[Mail, ...]:
    """Raises ValueError, KeyError or TypeError where *text* is not :func:`stack_text`'s."""
    rows = _loaded(text)["mails"]
    return tuple(Mail(_message_of(row["message"]), _head_of(row["head"])) for row in rows)


def state_text(state: State, step: Step | None) -> Iterator[bytes]:
    """*state*, and the *step* that leads to it where that is not made yet, piece by piece."""
    stop = state.stop
    return _dumped(
        {
            "schema": SCHEMA,
            "terms": {name: getattr(state.terms, name) for name in _TERMS}
            | {"leave": state.terms.leave.value},
            "order": state.order,
            "at": state.at,
            "stop": None
            if stop is None
            else {
                "before": _changes(stop.before),
                "left": _digests(stop.left),
                "refused": [
                    [str(one.path), one.key, _text(one.text), one.about] for one in stop.refused
                ],
                "staged": [str(path) for path in stop.staged],
            },
            "originals": _changes(state.originals),
            "left": _digests(state.left),
            "first": state.first,
            "head": state.head,
            "ported": [[name, _text(patch)] for name, patch in state.ported],
            "step": None
            if step is None
            else {
                "changes": _changes(step.changes),
                "before": _digests(step.before),
                "heads": step.heads,
                "shown": [str(path) for path in step.shown],
            },
        }
    )


def state_of(text: bytes) -> tuple[State, Step | None]:
    """Raises ValueError, KeyError or TypeError where *text* is not :func:`state_text`'s."""
    row = _loaded(text)
    stop, step = row["stop"], row["step"]
    terms = Terms(**{**row["terms"], "leave": Leave(row["terms"]["leave"])})
    state = State(
        terms=terms,
        order=tuple(row["order"]),
        at=row["at"],
        stop=None if stop is None else _stop_of(stop),
        originals=_changes_of(row["originals"]),
        left=_digests_of(row["left"]),
        first=row["first"],
        head=row["head"],
        ported=tuple((name, _bytes(patch)) for name, patch in row["ported"]),
    )
    if step is None:
        return state, None
    first, last = step["heads"]
    changes, before = _changes_of(step["changes"]), _digests_of(step["before"])
    shown = tuple(PurePosixPath(path) for path in step["shown"])
    return state, Step(changes, before, (first, last), shown)


_TERMS = ("commit", "reverse", "adapt", "history", "history_rev", "memory", "series", "form")


def _dumped(document: Mapping[str, Any]) -> Iterator[bytes]:
    """*document* as JSON. A stack's files may be hundreds of megabytes: each becomes text when its
    turn comes, and none is kept."""
    pieces = json.JSONEncoder(ensure_ascii=True, default=_plain).iterencode(document)
    return (piece.encode() for piece in pieces)


def _plain(value: object) -> object:
    if isinstance(value, File):
        return [value.mode.value, _text(value.data)]
    if isinstance(value, Message):
        return _message(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def _loaded(text: bytes) -> dict[str, Any]:
    row = json.loads(text)
    if not isinstance(row, dict) or row.get("schema") != SCHEMA:
        raise ValueError("of another version")
    return row


def _text(data: bytes) -> str:
    return data.decode("latin-1")


def _bytes(text: str) -> bytes:
    return text.encode("latin-1")


def _changes(changes: Changes) -> dict[str, File | None]:
    return {str(path): file for path, file in changes.items()}


def _changes_of(row: Mapping[str, list[str] | None]) -> Changes:
    return {
        PurePosixPath(path): None if file is None else File(_bytes(file[1]), Mode(file[0]))
        for path, file in row.items()
    }


def _digests(digests: Digests) -> dict[str, str | None]:
    return {str(path): found for path, found in digests.items()}


def _digests_of(row: Mapping[str, str | None]) -> Digests:
    return {PurePosixPath(path): found for path, found in row.items()}


def _stop_of(row: Mapping[str, Any]) -> Stop:
    return Stop(
        before=_changes_of(row["before"]),
        left=_digests_of(row["left"]),
        refused=tuple(
            Refused(PurePosixPath(path), key, _bytes(text), (about[0], about[1]))
            for path, key, text, about in row["refused"]
        ),
        staged=tuple(PurePosixPath(path) for path in row["staged"]),
    )


def _head(head: Head) -> dict[str, Any]:
    return {
        "subject": head.subject,
        "author": [head.author.name, head.author.email],
        "date": head.date,
        "message": head.message,
        "message_id": head.message_id,
        "trailers": head.trailers,
        "commit": head.commit,
    }


def _head_of(row: Mapping[str, Any]) -> Head:
    trailers = tuple((key, value) for key, value in row["trailers"])
    return Head(**{**row, "author": Person(*row["author"]), "trailers": trailers})


def _message(message: Message) -> dict[str, Any]:
    number = message.number
    return {
        "head": _head(message.head),
        "body": _text(message.body),
        "line": message.line,
        "number": [number.version, number.n, number.m],
        "is_reply": message.is_reply,
        "thread": message.thread,
        "charset": message.charset,
        "source": message.source,
    }


def _message_of(row: Mapping[str, Any]) -> Message:
    rest = {name: row[name] for name in ("line", "is_reply", "thread", "charset", "source")}
    number = Number(*row["number"])
    return Message(_head_of(row["head"]), _bytes(row["body"]), number=number, **rest)
