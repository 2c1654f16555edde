"""A recipe's run as JUnit XML: a suite for each cell, a case for each step and guest test."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.sax.saxutils import quoteattr

from patchkit.flows.ci.matrix import CellReport, CiReport
from patchkit.flows.ci.steps import Step

# XML 1.0 has no other control characters, escaped or not.
_NO_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_junit(report: CiReport) -> str:
    """*report* as one XML document."""
    suites = "\n".join(_suite(cell) for cell in report.cells)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n{suites}\n</testsuites>\n'


def _suite(cell: CellReport) -> str:
    cases = [case for step in cell.steps for case in _cases(step, cell.cell.name)]
    seconds = sum(step.seconds for step in cell.steps)
    failed = sum("<failure" in case for case in cases)
    body = "\n".join(cases)
    return (
        f"<testsuite name={_quoted(cell.cell.name)} tests='{len(cases)}' failures='{failed}'"
        f" time='{seconds:.3f}'>\n"
        f"{body}\n</testsuite>"
    )


def _cases(step: Step, cell: str) -> Iterator[str]:
    yield _case(step.name, "" if step.passed else step.summary, cell, step.seconds)
    for test in step.document.get("tests", ()):
        wrong = "" if test["passed"] else test["reason"] or "failed"
        yield _case(f"{step.name}: {test['name']}", wrong, cell, 0.0)


def _case(name: str, wrong: str, cell: str, seconds: float) -> str:
    head = f"<testcase classname={_quoted(cell)} name={_quoted(name)} time='{seconds:.3f}'"
    return f"{head}><failure message={_quoted(wrong)}/></testcase>" if wrong else f"{head}/>"


def _quoted(text: str) -> str:
    return quoteattr(_NO_XML.sub("?", text))
