"""The renderers that a recipe's steps keep their reports with."""

from __future__ import annotations

import json

from patchkit.flows.ci.steps import Documents
from patchkit.flows.kbuild.build_output import as_metadata
from patchkit.report import apply_json, audit_json, audit_sarif, boot


def documents() -> Documents:
    """All of them."""
    return Documents(
        apply=lambda report: dict(json.loads(apply_json.as_json(report, ()))),
        audit=audit_json.document,
        sarif=audit_sarif.as_sarif,
        build=as_metadata,
        boot=lambda report: {**boot.as_document(report), "exit": int(boot.exit_code(report))},
    )
