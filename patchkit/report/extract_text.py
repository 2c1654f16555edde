"""What was extracted → lines for people, for stderr: the patches themselves are on stdout."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from patchkit.flows.intake.extract_mail import ExtractReport
from patchkit.report.shown import shown


def extract_text(report: ExtractReport) -> str:
    """A line for each patch, and below it one for each kind of repair with the lines of the mail
    that it was needed in. What is missing or was left out comes last."""
    return "".join(f"{shown(line)}\n" for line in _lines(report))


def _lines(report: ExtractReport) -> Iterator[str]:
    for patch in report.patches:
        title = patch.path or patch.head.subject or "a diff"
        yield f"{title}: {', '.join(patch.files)}"
        kinds = dict.fromkeys(repair._replace(line=0) for repair in patch.repairs)
        for kind in kinds:
            at = [one.line for one in patch.repairs if one._replace(line=0) == kind]
            note = f", {kind.note}" if kind.note else ""
            yield f"  {patch.source}:{_ranges(at)}: {kind.kind} ({kind.confidence.value}{note})"
    for one in report.notes:
        yield f"{one.kind}: {one.text}"
    for refused in report.refused:
        yield f"refused: {refused.reason}"


def _ranges(lines: Sequence[int]) -> str:
    """Ascending line numbers, those in a row as ``62-64``."""
    runs: list[list[int]] = []
    for line in lines:
        if runs and line <= runs[-1][1] + 1:
            runs[-1][1] = line
        else:
            runs.append([line, line])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)
