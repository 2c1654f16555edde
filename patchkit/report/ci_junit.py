"""A recipe's run as JUnit XML: a suite for each cell, a case for each step and guest test."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from patchkit.errors import Exit
from patchkit.flows.ci.matrix import CellReport, CiReport
from patchkit.flows.ci.steps import Step
from patchkit.kbuild.log import Diagnostic, place

# errors of a build; all of them are in its own report
MOST = 12
# XML 1.0 has no other control characters, escaped or not.
_NO_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_junit(report: CiReport) -> str:
    """*report* as one XML document."""
    suites = "\n".join(_suite(cell) for cell in report.cells)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n{suites}\n</testsuites>\n'


def _suite(cell: CellReport) -> str:
    cases = [case for step in cell.steps for case in _cases(step, cell.cell.name)]
    seconds = sum(step.seconds for step in cell.steps)
    failed, broken = (sum(f"<{kind} " in case for case in cases) for kind in ("failure", "error"))
    body = "\n".join(cases)
    return (
        f"<testsuite name={_quoted(cell.cell.name)} tests='{len(cases)}' failures='{failed}'"
        f" errors='{broken}' skipped='0' time='{seconds:.3f}'>\n"
        f"{body}\n</testsuite>"
    )


def _cases(step: Step, cell: str) -> Iterator[str]:
    # a step that could not be made says nothing about the kernel
    kind = "error" if step.code == Exit.CANNOT else "failure"
    wrong = "" if step.passed else _wrong(kind, step.summary, _evidence(step.document))
    yield _case(step.name, wrong, cell, step.seconds)
    for test in step.document.get("tests", ()):
        wrong = "" if test["passed"] else _wrong("failure", test["reason"] or "failed", ())
        yield _case(f"{step.name}: {test['name']}", wrong, cell, 0.0)


def _evidence(document: dict[str, Any]) -> Iterator[str]:
    """What a build broke at, or where a kernel panicked."""
    yield from document.get("blame", ())
    for one in document.get("results", {}).get("errors", ())[:MOST]:
        yield f"{place(Diagnostic(**one))}{one['text']}"
    yield from document.get("trace", ())


def _wrong(kind: str, message: str, evidence: Iterable[str]) -> str:
    body = escape(_NO_XML.sub("?", "\n".join(evidence)))
    return f"<{kind} message={_quoted(message)}>{body}</{kind}>"


def _case(name: str, wrong: str, cell: str, seconds: float) -> str:
    head = f"<testcase classname={_quoted(cell)} name={_quoted(name)} time='{seconds:.3f}'"
    return f"{head}>{wrong}</testcase>" if wrong else f"{head}/>"


def _quoted(text: str) -> str:
    return quoteattr(_NO_XML.sub("?", text))
