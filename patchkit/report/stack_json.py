"""What one command did to a stack, as JSON: apply's document and where the stack is."""

from __future__ import annotations

import json

from patchkit.flows.apply.carry_stack import StackReport
from patchkit.report.apply_json import document


def as_json(report: StackReport) -> str:
    """*report* as one document; the keys are described in docs/commands.md."""
    stop = report.stop
    found = document(report.series, report.notes) | {
        "stack": {
            "first": report.first,
            "total": report.total,
            "commits": report.commits,
            "resolved": [str(path) for path in report.resolved],
            "along": [str(path) for path in report.along],
            "stopped_at": None
            if stop is None
            else report.first + max(len(report.series.patches) - 1, 0),
            "files": [] if stop is None else [str(path) for path in stop.before],
        }
    }
    return json.dumps(found, indent=1, ensure_ascii=True)
