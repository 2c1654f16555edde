"""A recipe's run as text and as JSON."""

from __future__ import annotations

import json
from typing import Any

from patchkit.flows.ci.matrix import CiReport

SCHEMA = "patchkit.ci/1"


def as_text(report: CiReport) -> str:
    """One line for each step, one for all."""
    lines = []
    for cell in report.cells:
        lines.append(f"{'passed' if cell.code == 0 else 'FAILED'}  {cell.cell.name}")
        for step in cell.steps:
            mark = "cached" if step.cached else f"{step.seconds:.1f} s"
            lines.append(
                f"  {'ok  ' if step.passed else 'FAIL'} {step.name}: {step.summary} ({mark})"
            )
    failed = sum(cell.code != 0 for cell in report.cells)
    lines.append(f"{len(report.cells)} cells, {failed} failed, {report.seconds:.1f} s")
    return "\n".join(lines)


def document(report: CiReport) -> dict[str, Any]:
    """*report* as values for JSON."""
    return {
        "schema": SCHEMA,
        "name": report.name,
        "verdict": "passed" if report.code == 0 else "failed",
        "code": int(report.code),
        "seconds": round(report.seconds, 2),
        "cells": [
            {
                "name": cell.cell.name,
                "code": int(cell.code),
                "folder": cell.folder.name,
                "steps": [
                    {
                        "name": step.name,
                        "code": int(step.code),
                        "summary": step.summary,
                        "seconds": round(step.seconds, 3),
                        "cached": step.cached,
                    }
                    for step in cell.steps
                ],
            }
            for cell in report.cells
        ],
    }


def as_json(report: CiReport) -> str:
    """*report* as one document."""
    return json.dumps(document(report), indent=2)
