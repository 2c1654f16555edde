"""An audit as what GitHub Actions and GitLab show beside the lines of a merge request."""

from __future__ import annotations

import json

from patchkit.audit.notice import Level, notices
from patchkit.audit.report import AuditReport

_GITHUB = {Level.NOTE: "notice", Level.WARNING: "warning", Level.ERROR: "error"}
_GITLAB = {Level.NOTE: "info", Level.WARNING: "minor", Level.ERROR: "major"}


def as_github(report: AuditReport) -> str:
    """Workflow commands, one on a line, without a final newline."""
    return "\n".join(
        f"::{_GITHUB[notice.level]} file={_property(str(notice.file))},line={notice.line},"
        f"col={notice.column},title={notice.rule}::{_escaped(notice.message)}"
        for notice in notices(report)
    )


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


def as_gitlab(report: AuditReport) -> str:
    """A Code Quality report, without a final newline."""
    found = [
        {
            "description": notice.message,
            "check_name": notice.rule,
            "fingerprint": notice.fingerprint,
            "severity": _GITLAB[notice.level],
            "location": {"path": str(notice.file), "lines": {"begin": notice.line}},
        }
        for notice in notices(report)
    ]
    return json.dumps(found, indent=1, ensure_ascii=False)
