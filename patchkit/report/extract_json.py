"""What was extracted → the JSON document of ``patchkit extract``; docs/extract.md describes it."""

from __future__ import annotations

import json
from typing import Any

from patchkit.flows.intake.extract_mail import ExtractReport, Summary

SCHEMA = "patchkit.extract/1"


def extract_json(report: ExtractReport) -> str:
    """The document, indented, without a newline at its end."""
    whole = {
        "schema": SCHEMA,
        "patches": [_patch(patch) for patch in report.patches],
        "notes": [{"kind": note.kind, "text": note.text} for note in report.notes],
        "refused": [
            {"subject": one.subject, "reason": _text(one.reason)} for one in report.refused
        ],
    }
    return json.dumps(whole, indent=2, ensure_ascii=False)


def _patch(patch: Summary) -> dict[str, Any]:
    head = patch.head
    return {
        "index": patch.index,
        "author": {"name": head.author.name, "email": head.author.email},
        "date": head.date,
        "subject": head.subject,
        "message": head.message,
        "message_id": head.message_id,
        "trailers": [{"key": key, "value": value} for key, value in head.trailers],
        "files": [_text(name) for name in patch.files],
        "repairs": [
            {"kind": one.kind, "line": one.line, "confidence": one.confidence.value}
            for one in patch.repairs
        ],
        "source": _text(patch.source),
        "path": None if patch.path is None else _text(str(patch.path)),
    }


def _text(text: str) -> str:
    """*text* with bytes that are no UTF-8, which JSON can't hold, spelled out."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
