"""What became of a step → its verdict in one line, with the first thing to look at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from patchkit.kbuild.log import Diagnostic, place
from patchkit.port.outcome import Outcome, SeriesReport


def summary(document: dict[str, Any]) -> str:
    """The verdict of a build or a boot, with the first thing to look at."""
    verdict = str(document["verdict"])
    first = next((why for why in _reasons(document) if why), "")
    return f"{verdict}: {first}" if first else verdict


def conflicts(report: SeriesReport) -> Iterator[str]:
    """The hunks of *report* that were refused, and the files that are not there."""
    for file in (file for patch in report.patches for file in patch.files):
        hunks = [hunk for hunk in file.hunks if hunk.outcome is Outcome.CONFLICT]
        yield from (f"hunk {hunk.number} of {file.path}: {hunk.reason}" for hunk in hunks)
        if file.outcome in (Outcome.CONFLICT, Outcome.MISSING) and not hunks:
            yield f"{file.path}: {file.reason or file.outcome.value}"


def _reasons(document: dict[str, Any]) -> Iterator[str]:
    yield document.get("reason") or document.get("last") or ""
    yield from document.get("blame", ())
    for one in document.get("results", {}).get("errors", ()):
        yield f"{place(Diagnostic(**one))}{one['text']}"
    yield ", ".join(test["name"] for test in document.get("tests", ()) if not test["passed"])
