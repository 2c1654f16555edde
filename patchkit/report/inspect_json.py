"""An inspection as JSON; the keys are a contract, described in docs/inspect.md."""

from __future__ import annotations

import json
from typing import Any

from patchkit.history.version import Origin
from patchkit.inspect.inspection import FileView, HunkView, Inspection, Missing, PatchView, Symbol

SCHEMA = "patchkit.inspect/1"


def as_json(report: Inspection) -> str:
    """*report* as one JSON document, without a final newline."""
    return json.dumps(document(report), indent=1, ensure_ascii=False)


def document(report: Inspection) -> dict[str, Any]:
    """*report* as plain values."""
    return {
        "schema": SCHEMA,
        "target": report.target,
        "history": report.history,
        "patches": [_patch(patch) for patch in report.patches],
        "order": list(report.order),
        "circle": list(report.circle),
    }


def _patch(patch: PatchView) -> dict[str, Any]:
    head = patch.head
    return {
        "index": patch.index,
        "subject": head.subject,
        "author": str(head.author),
        "date": head.date,
        "message_id": head.message_id,
        "source": patch.source,
        "patch_id": patch.patch_id,
        "files": [_file(file) for file in patch.files],
        "added": sum(file.added for file in patch.files),
        "removed": sum(file.removed for file in patch.files),
        "defines": [_symbol(one) for one in patch.defines],
        "removes": [_symbol(one) for one in patch.removes],
        "uses": [_symbol(one) for one in patch.uses],
        "missing": [_missing(one) for one in patch.missing],
        "depends": [{"on": one.on, "why": one.why} for one in patch.depends],
        "repairs": [
            {
                "kind": repair.kind,
                "line": repair.line,
                "confidence": repair.confidence.value,
                "note": repair.note,
            }
            for repair in patch.repairs
        ],
    }


def _file(file: FileView) -> dict[str, Any]:
    return {
        "path": str(file.path),
        "old_path": None if file.old_path is None else str(file.old_path),
        "change": file.change,
        "added": file.added,
        "removed": file.removed,
        "hunks": [_hunk(hunk) for hunk in file.hunks],
    }


def _hunk(hunk: HunkView) -> dict[str, Any]:
    landing, found = hunk.landing, hunk.upstream
    return {
        "number": hunk.number,
        "stated_line": hunk.stated_line,
        "section": hunk.section,
        "added": hunk.added,
        "removed": hunk.removed,
        "touches": [_symbol(one) for one in hunk.touches],
        "landing": None
        if landing is None
        else {
            "outcome": landing.outcome.value,
            "how": None if landing.how is None else landing.how.value,
            "line": landing.line,
            "reason": landing.reason,
        },
        "upstream": None
        if found is None
        else {
            **_origin(found.origin),
            "path": str(found.path),
            "exact": found.exact,
            "in_target": found.in_target,
        },
    }


def _missing(missing: Missing) -> dict[str, Any]:
    return {
        **_symbol(missing.symbol),
        "used_in": str(missing.used_in),
        "introduced": None if missing.origin is None else _origin(missing.origin),
        "defined_in": None if missing.defined_in is None else str(missing.defined_in),
    }


def _symbol(symbol: Symbol) -> dict[str, str]:
    return {"name": symbol.name, "kind": symbol.kind}


def _origin(origin: Origin) -> dict[str, Any]:
    return {
        "commit": origin.commit,
        "subject": origin.subject,
        "author": origin.author,
        "date": origin.date,
        "release": origin.release,
    }
