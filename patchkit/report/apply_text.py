"""A series' outcome for people: every hunk with its evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from patchkit.history.changed_lines import Fate, LineChange
from patchkit.history.reads import Past
from patchkit.history.version import Origin
from patchkit.port.outcome import FileReport, How, HunkReport, Outcome, PatchReport, SeriesReport
from patchkit.report import interdiff_text

HOW = {
    How.EXACT: "exact",
    How.OFFSET: "exact",
    How.WHITESPACE: "white space restored",
    How.DRIFT: "context differs",
    How.MERGE: "merged from its base",
    How.TOKEN: "context was reformatted",
    How.REMEMBERED: "resolved as by hand before",
}
DID = {
    Fate.REWRITTEN: "rewritten by",
    Fate.REMOVED: "removed by",
    Fate.LATER: "not there yet; added by",
}
THERE = {**HOW, How.WHITESPACE: "but for white space"}


class Detail(NamedTuple):
    """How much is said: the ``interdiff`` of adapted hunks in full, and the ``proposals`` for
    refused ones."""

    interdiff: bool = False
    proposals: bool = False


BRIEF = Detail()


def as_text(report: SeriesReport, *, written: str, detail: Detail = BRIEF) -> str:
    """*report* as lines; *written* says, in the last one, where the result went."""
    lines = list(order_lines(report))
    for number, patch in enumerate(report.patches, 1):
        lines += patch_lines(patch, f"{number}/{len(report.patches)}", detail)
    for need in report.needs:
        lines.append(
            f"missing: {need.used_in} uses {need.symbol}, "
            f"which only the refused hunk of {need.defined_in} defines"
        )
    lines += compiled_lines(report)
    lines += past_lines(report.past, detail)
    lines.append(summary(report, written))
    return "\n".join(printable(line) for line in lines)


def compiled_lines(report: SeriesReport) -> Iterator[str]:
    """Whether the touched objects compile, before the patches and after."""
    for one in report.compiled:
        if one.is_broken:
            was = "new" if one.before is None else "compiled before"
            yield f"compile {one.name}: BROKEN ({was}): {one.after}"
            yield from (f"  {line}" for line in one.blame)
        elif one.after:
            yield f"compile {one.name}: not before, not after: {one.after}"
        elif one.after is None:
            yield f"compile {one.name}: its file goes"
        elif one.before:
            yield f"compile {one.name}: compiles; before: {one.before}"
        else:
            when = "is new, and compiles" if one.before is None else "compiles before and after"
            yield f"compile {one.name}: {when}"


def printable(line: str) -> str:
    """*line* without what could command a terminal."""
    return "".join(c if c.isprintable() else "?" if c != "\t" else " " for c in line)


def order_lines(report: SeriesReport) -> Iterator[str]:
    """What was put into another order than it came in."""
    for title in report.reordered:
        yield f"order: {title} goes behind the patches that it needs; nobody numbered them"


def past_lines(past: Past, detail: Detail) -> Iterator[str]:
    """Every text that was read of the history, for who wants to know all."""
    if not detail.interdiff or not past.blobs:
        return
    yield f"read of {past.name}:"
    for path, blob, commit, release, ancestors in past.blobs:
        tag = f"{release} " if release else ""
        only = "" if ancestors else ", to explain only"
        yield f"  {blob[:12]} {path} ({tag}commit {commit[:12]}{only})"


def summary(report: SeriesReport, written: str) -> str:
    """The verdict and the counts of *report* in one line, and where the result is."""
    return f"{report.verdict.value}: {_counts(report)}; {written}"


def patch_lines(patch: PatchReport, number: str, detail: Detail) -> Iterator[str]:
    """The lines on one patch; *number* is "2/7"."""
    title = patch.head.subject or patch.source
    by = f" ({patch.head.author.name})" if patch.head.author.name else ""
    yield f"patch {number}: {title}{by}"
    kinds = Counter(repair.kind for repair in patch.repairs)
    if kinds:
        yield "  mended: " + ", ".join(f"{kind} ({count})" for kind, count in kinds.items())
    for file in patch.files:
        yield from _file(file, detail)


def _file(file: FileReport, detail: Detail) -> Iterator[str]:
    reason = f": {file.reason}" if file.reason else ""
    yield f"  {file.path}: {file.outcome.value}{reason}"
    if file.moved:
        yield f"    moved: {file.moved}"
    if file.base:
        yield f"    base: {file.base}"
    for hunk in file.hunks:
        yield f"    hunk {hunk.number}: {_hunk(hunk)}"
        yield from (f"      {difference}" for difference in hunk.details)
        yield from _causes(hunk.causes)
        sent = f" (line {hunk.sent_line} of the mail)" if hunk.sent_line else ""
        yield from (f"      doubt: {doubt}{sent}" for doubt in hunk.doubts)
        yield from (f"      {line}" for line in _adapted(hunk, detail))


def _adapted(hunk: HunkReport, detail: Detail) -> Iterator[str]:
    if hunk.interdiff is None:
        return
    is_proposal = hunk.proposal is not None
    if is_proposal:
        yield "a proposal, not written:"
    full = detail.interdiff or (is_proposal and detail.proposals)
    yield from interdiff_text.as_lines(hunk.interdiff, full=full)


def _causes(causes: tuple[LineChange, ...]) -> Iterator[str]:
    """Who changed the lines that a hunk misses, commit by commit."""
    by_commit: dict[tuple[Fate, Origin], list[LineChange]] = {}
    for cause in causes:
        by_commit.setdefault((cause.fate, cause.origin), []).append(cause)
    for (fate, origin), lines in by_commit.items():
        release = f"{origin.release}, " if origin.release else ""
        yield f"      {DID[fate]} {release}{origin.commit[:12]} ({origin.subject}):"
        for one in lines:
            for sign, line in (("-", one.before), ("+", one.after)):
                if line is not None:
                    yield f"        {sign}{line.decode('utf-8', 'backslashreplace')}"


def _hunk(hunk: HunkReport) -> str:
    if hunk.outcome is Outcome.CONFLICT:
        return f"conflict (stated line {hunk.stated_line}): {hunk.reason}"
    there = hunk.outcome is Outcome.ALREADY
    evidence = [(THERE if there else HOW)[hunk.how]] if hunk.how is not None else []
    if hunk.offset:
        evidence.append(f"offset {hunk.offset:+d}")
    verb = "already there" if there else "applied"
    return f"{verb} at line {hunk.line} ({', '.join(evidence)})"


def _counts(report: SeriesReport) -> str:
    hunks = [h for p in report.patches for f in p.files for h in f.hunks]
    counts = Counter(hunk.outcome for hunk in hunks)
    names = (
        (Outcome.APPLIED, "applied"),
        (Outcome.ALREADY, "already there"),
        (Outcome.CONFLICT, "in conflict"),
    )
    told = [f"{counts[outcome]} {name}" for outcome, name in names if counts[outcome]]
    return f"{len(hunks)} hunk{'s' if len(hunks) != 1 else ''}" + (
        f" ({', '.join(told)})" if told else ""
    )
