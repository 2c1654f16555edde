"""A file's adapted hunks are judged by their result; what is not believed is a conflict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial

from patchkit.patch.model import Hunk, Kind
from patchkit.port.file import Placed
from patchkit.port.file_report import reported
from patchkit.port.file_text import patched
from patchkit.port.interdiff import interdiff
from patchkit.port.judge.evidence import Adaptation, Degree, Evidence, Objection, Sent, Source, Span
from patchkit.port.judge.table import objections
from patchkit.port.outcome import How, HunkReport, Outcome
from patchkit.port.spacing.laws import Law
from patchkit.port.spacing.restore import Landed, Restorer
from patchkit.port.text import Text
from patchkit.tree.base import Tree


def believed(placed: Placed, law: Law, tree: Tree, sent: Sent) -> Placed:
    """*placed* with what speaks against each hunk that landed: one that is refused is a conflict
    now, with its form as a proposal; adapted ones carry their interdiff.

    *tree* is what the patch lands on, *sent* is the whole patch.
    """
    while placed.landed and placed.text is not None:
        adaptations = tuple(_adaptations(placed, law))
        evidence = Evidence(
            before=Source(placed.source, tree.read(placed.source) or b""),
            path=placed.change.path,
            made=partial(_made, placed, law),
            adaptations=adaptations,
            spans=tuple(Span(hunk, at) for hunk, at, _ in placed.landed),
            tree=tree,
            sent=sent,
        )
        judged = _judged(placed, adaptations, objections(evidence), tree)
        # Without a hunk, another one may not stand any more: the last word is on what is left.
        if len(judged.landed) == len(placed.landed):
            return judged
        placed = judged
    return placed


def _made(placed: Placed, law: Law) -> bytes:
    return patched(placed, law)[0]


def _adaptations(placed: Placed, law: Law) -> Iterator[Adaptation]:
    assert placed.text is not None
    restorer = Restorer(placed.text, law)
    numbers = [h.number for h in placed.report.hunks if h.outcome is Outcome.APPLIED]
    as_stated = all(hunk.how is How.EXACT for hunk in placed.report.hunks)
    shift = 0
    for number, landed in zip(numbers, placed.landed, strict=True):
        hunk, at, original = landed
        if original is not None:
            port = _as_written(landed, placed.text, restorer)
            yield Adaptation(number, original, port, at, at + shift)
        else:
            degree = Degree.AS_SENT if as_stated else Degree.ELSEWHERE
            yield Adaptation(number, hunk, hunk, at, at + shift, degree)
        shift += len(hunk.new) - len(hunk.old)


def _as_written(landed: Landed, text: Text, restorer: Restorer) -> Hunk:
    """The hunk with the lines that the file has and gets."""
    old = iter(text.lines[landed.at :])
    new = iter(restorer.lines(landed))
    lines = []
    for line in landed.hunk.lines:
        there = next(old) if line.kind is not Kind.ADDED else b""
        got = next(new) if line.kind is not Kind.REMOVED else there
        lines.append(replace(line, text=got))
    return replace(landed.hunk, lines=tuple(lines))


def _judged(
    placed: Placed,
    adaptations: tuple[Adaptation, ...],
    against: Mapping[int, tuple[Objection, ...]],
    tree: Tree,
) -> Placed:
    by_number = {adaptation.number: adaptation for adaptation in adaptations}
    places = iter(placed.landed)
    landed: list[Landed] = []
    reports: list[HunkReport] = []
    for hunk in placed.report.hunks:
        place = next(places) if hunk.outcome is Outcome.APPLIED else None
        told = hunk
        if hunk.number in by_number:
            told = _told(hunk, by_number[hunk.number], against.get(hunk.number, ()))
        reports.append(told)
        if place is not None and told.outcome is Outcome.APPLIED:
            landed.append(place)
    of_file = reported(placed.change, reports, tree)
    report = replace(of_file, base=placed.report.base, moved=placed.report.moved)
    return replace(placed, report=report, landed=tuple(landed))


def _told(report: HunkReport, adaptation: Adaptation, against: tuple[Objection, ...]) -> HunkReport:
    is_adapted = adaptation.degree is Degree.ADAPTED
    rows = interdiff(adaptation.original, adaptation.port) if is_adapted else None
    refusal = next((objection for objection in against if not objection.is_doubt), None)
    if refusal is None:
        doubts = tuple(objection.reason for objection in against)
        return replace(report, doubts=doubts, interdiff=rows)
    return replace(
        report,
        outcome=Outcome.CONFLICT,
        how=None,
        line=None,
        reason=refusal.reason,
        interdiff=rows,
        proposal=adaptation.port,
    )
