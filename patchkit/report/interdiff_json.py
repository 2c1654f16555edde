"""An interdiff as a value for JSON; lines as Latin-1 text, which keeps bytes, with their marker."""

from __future__ import annotations

from typing import Any

from patchkit.patch.model import Line
from patchkit.port.interdiff import Interdiff


def as_value(interdiff: Interdiff) -> dict[str, Any]:
    """The rows that differ, as sent and as landed, and how many of them are context."""
    return {
        "context": interdiff.context,
        "change": interdiff.change,
        "rows": [
            {
                "part": "context" if row.is_context else "change",
                "sent": _line(row.sent),
                "landed": _line(row.landed),
            }
            for row in interdiff.rows
            if not row.is_same
        ],
    }


def _line(line: Line | None) -> str | None:
    return None if line is None else (line.kind.value + line.text).decode("latin-1")
