"""An audit as JSON; the keys are a contract, described in docs/audit.md."""

from __future__ import annotations

import json
from typing import Any

from patchkit.audit.site import Site, SiteReport

SCHEMA = "patchkit.audit/1"


def as_json(report: SiteReport) -> str:
    """*report* as one JSON document, without a final newline."""
    return json.dumps(document(report), indent=1, ensure_ascii=False)


def document(report: SiteReport) -> dict[str, Any]:
    """*report* as plain values, in the order in which they are printed."""
    return {
        "schema": SCHEMA,
        "target": report.target,
        "sites": [_site(site) for site in report.sites],
        "unparsed": [
            {"file": str(found.file), "line": span.line, "end_line": span.end_line}
            for found in report.files
            for span in found.unparsed
        ],
        "unreadable": [
            {"file": str(missed.file), "reason": missed.reason} for missed in report.unreadable
        ],
    }


def _site(site: Site) -> dict[str, Any]:
    return {
        "file": str(site.file),
        "line": site.line,
        "column": site.column,
        "primitive": site.primitive,
        "function": site.function,
        "role": site.role.value,
        "live": site.live,
    }
