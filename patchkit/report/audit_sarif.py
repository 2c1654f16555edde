"""An audit as SARIF 2.1.0, for code scanning services."""

from __future__ import annotations

import json
from typing import Any

from patchkit import __version__
from patchkit.audit.notice import RULES, Level, Notice, notices
from patchkit.audit.report import AuditReport

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_LEVELS = {Level.NOTE: "note", Level.WARNING: "warning", Level.ERROR: "error"}


def as_sarif(report: AuditReport) -> str:
    """*report* as one SARIF log, without a final newline."""
    return json.dumps(log(report), indent=1, ensure_ascii=False)


def log(report: AuditReport) -> dict[str, Any]:
    """*report* as a SARIF log of one run. Paths are relative to the tree (SRCROOT)."""
    found = notices(report)
    ids = list(dict.fromkeys([*RULES, *(notice.rule for notice in found)]))
    told = ({"id": rule, "shortDescription": {"text": RULES.get(rule, rule)}} for rule in ids)
    driver = {"name": "patchkit", "version": __version__, "rules": list(told)}
    run = {
        "tool": {"driver": driver},
        "columnKind": "utf16CodeUnits",
        "originalUriBaseIds": {"SRCROOT": {"description": {"text": "The top of the kernel tree."}}},
        "invocations": [
            {
                "executionSuccessful": not report.unreadable,
                "toolExecutionNotifications": _notifications(report),
            }
        ],
        "results": [_result(notice, ids.index(notice.rule)) for notice in found],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _result(notice: Notice, index: int) -> dict[str, Any]:
    region = {"startLine": notice.line, "startColumn": notice.column}
    return {
        "ruleId": notice.rule,
        "ruleIndex": index,
        "level": _LEVELS[notice.level],
        "message": {"text": notice.message},
        "locations": [_location(str(notice.file), region)],
        "partialFingerprints": {"patchkit/v1": notice.fingerprint},
    }


def _location(file: str, region: dict[str, int] | None) -> dict[str, Any]:
    from urllib.parse import quote

    place: dict[str, Any] = {"artifactLocation": {"uri": quote(file), "uriBaseId": "SRCROOT"}}
    if region is not None:
        place["region"] = region
    return {"physicalLocation": place}


def _notifications(report: AuditReport) -> list[dict[str, Any]]:
    unparsed = [
        {
            "level": "note",
            "message": {"text": "The C grammar can't read this span; sites in it are listed."},
            "locations": [
                _location(str(file.file), {"startLine": span.line, "endLine": span.end_line})
            ],
        }
        for file in report.files
        for span in file.unparsed
    ]
    unread = [
        {
            "level": "error",
            "message": {"text": missed.reason},
            "locations": [_location(str(missed.file), None)],
        }
        for missed in report.unreadable
    ]
    return [*unread, *unparsed]
