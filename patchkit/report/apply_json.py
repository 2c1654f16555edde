"""A series' outcome as JSON; the keys are a contract, described in docs/commands.md."""

from __future__ import annotations

import json
from typing import Any

from patchkit.history.changed_lines import LineChange
from patchkit.history.reads import Past
from patchkit.mail.series import Note
from patchkit.patch.render import hunk_bytes
from patchkit.port.outcome import FileReport, HunkReport, PatchReport, SeriesReport
from patchkit.report import interdiff_json

SCHEMA = "patchkit.apply/1"


def as_json(report: SeriesReport, notes: tuple[Note, ...], *, diff: bytes | None = None) -> str:
    """*report*, and *notes* on mails that are missing or were left out, as one document; *diff*,
    where asked for, as Latin-1 text, which keeps bytes."""
    found = document(report, notes)
    if diff is not None:
        found["diff"] = diff.decode("latin-1")
    # Paths may hold bytes that are no UTF-8: escaped, they pass through any pipe.
    return json.dumps(found, indent=1, ensure_ascii=True)


def document(report: SeriesReport, notes: tuple[Note, ...]) -> dict[str, Any]:
    """The keys and values of :func:`as_json`."""
    return {
        "schema": SCHEMA,
        "target": report.target,
        "verdict": report.verdict.value,
        "patches": [_patch(patch, index) for index, patch in enumerate(report.patches, 1)],
        "files": [
            _file(file, index)
            for index, patch in enumerate(report.patches, 1)
            for file in patch.files
        ],
        "history": _past(report.past),
        "reordered": list(report.reordered),
        "notes": [{"kind": note.kind, "text": note.text} for note in notes],
        "compiled": [{**one._asdict(), "broken": one.is_broken} for one in report.compiled],
        "needs": [
            {
                "symbol": need.symbol,
                "used_in": str(need.used_in),
                "defined_in": str(need.defined_in),
            }
            for need in report.needs
        ],
        "repairs": [
            {
                "patch": index,
                "kind": repair.kind,
                "line": repair.line,
                "confidence": repair.confidence.value,
                "note": repair.note,
            }
            for index, patch in enumerate(report.patches, 1)
            for repair in patch.repairs
        ],
    }


def _patch(patch: PatchReport, index: int) -> dict[str, Any]:
    return {
        "index": index,
        "subject": patch.head.subject,
        "author": str(patch.head.author),
        "date": patch.head.date,
        "message_id": patch.head.message_id,
        "source": patch.source,
    }


def _file(file: FileReport, patch: int) -> dict[str, Any]:
    return {
        "patch": patch,
        "path": str(file.path),
        "outcome": file.outcome.value,
        "reason": file.reason,
        "base": file.base or None,
        "hunks": [_hunk(hunk) for hunk in file.hunks],
    }


def _hunk(hunk: HunkReport) -> dict[str, Any]:
    return {
        "number": hunk.number,
        "outcome": hunk.outcome.value,
        "how": hunk.how.value if hunk.how is not None else None,
        "stated_line": hunk.stated_line,
        "line": hunk.line,
        "offset": hunk.offset,
        "reason": hunk.reason,
        "details": list(hunk.details),
        "doubts": list(hunk.doubts),
        "sent_line": hunk.sent_line,
        "causes": [_cause(cause) for cause in hunk.causes],
        "interdiff": interdiff_json.as_value(hunk.interdiff) if hunk.interdiff else None,
        "proposal": hunk_bytes(hunk.proposal).decode("latin-1") if hunk.proposal else None,
    }


def _past(past: Past) -> dict[str, Any]:
    return {
        "name": past.name or None,
        "problem": past.problem or None,
        "blobs": [
            {
                "path": str(blob.path),
                "blob": blob.blob,
                "commit": blob.commit,
                "release": blob.release,
                "ancestors": blob.ancestors,
            }
            for blob in past.blobs
        ],
    }


def _cause(cause: LineChange) -> dict[str, Any]:
    return {
        "line": cause.line.decode("latin-1"),
        "fate": cause.fate.value,
        "before": None if cause.before is None else cause.before.decode("latin-1"),
        "after": None if cause.after is None else cause.after.decode("latin-1"),
        "commit": cause.origin.commit,
        "subject": cause.origin.subject,
        "release": cause.origin.release,
    }
