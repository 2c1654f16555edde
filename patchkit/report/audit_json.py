"""An audit as JSON; the keys are a contract, described in docs/audit.md."""

from __future__ import annotations

import json
from typing import Any

from patchkit.audit.driver import Driver, Finding
from patchkit.audit.notice import notices
from patchkit.audit.report import AuditReport
from patchkit.audit.site import Site

SCHEMA = "patchkit.audit/1"


def as_json(report: AuditReport) -> str:
    """*report* as one JSON document, without a final newline."""
    return json.dumps(document(report), indent=1, ensure_ascii=False)


def document(report: AuditReport) -> dict[str, Any]:
    """*report* as plain values, in the order in which they are printed."""
    return {
        "schema": SCHEMA,
        "target": report.target,
        "sites": [_site(site) for site in report.sites],
        "drivers": [_driver(driver) for driver in report.drivers],
        "tree_rules": [
            {
                "name": rule.name,
                "holds": rule.holds,
                "file": str(rule.file) if rule.file else None,
                "line": rule.line,
                "means": rule.means,
            }
            for rule in report.tree_rules
        ],
        "findings": [_finding(found) for found in report.findings],
        "unparsed": [
            {"file": str(found.file), "line": span.line, "end_line": span.end_line}
            for found in report.files
            for span in found.unparsed
        ],
        "fingerprints": [notice.fingerprint for notice in notices(report)],
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


def _finding(found: Finding) -> dict[str, Any]:
    return {
        "kind": found.kind,
        "file": str(found.file),
        "line": found.line,
        "column": found.column,
        "message": found.message,
    }


def _driver(driver: Driver) -> dict[str, Any]:
    return {
        "file": str(driver.file),
        "verdict": driver.verdict.value,
        "reason": driver.reason,
        "allocator": str(driver.memory) if driver.memory.allocators else None,
        "vma_reserve": [
            {"file": str(place.file), "function": place.function, "line": place.line}
            for place in driver.places
        ],
        "chain": [
            {"file": str(step.file), "line": step.line, "what": step.what} for step in driver.chain
        ],
        "findings": [_finding(found) for found in driver.findings],
        "site_verdicts": [
            {"line": line, "verdict": verdict.value} for line, verdict in driver.site_verdicts
        ],
        "confidence": driver.confidence.value,
    }
