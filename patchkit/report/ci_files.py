"""The files of a recipe's run beside the cells' own."""

from __future__ import annotations

from patchkit.flows.ci.matrix import CiReport
from patchkit.report.ci_html import as_html
from patchkit.report.ci_junit import as_junit
from patchkit.report.ci_text import as_json


def report_files(report: CiReport) -> dict[str, bytes]:
    """Name → contents. A file's name may be no text: the page shows that as question marks."""
    return {
        "report.html": as_html(report).encode(errors="replace"),
        "junit.xml": as_junit(report).encode(),
        "metadata.json": as_json(report).encode() + b"\n",
    }
