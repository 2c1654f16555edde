"""What one command did to a stack, for people, and how it goes on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from patchkit.flows.apply.carry_stack import StackReport
from patchkit.report.apply_text import (
    BRIEF,
    Detail,
    order_lines,
    past_lines,
    patch_lines,
    printable,
    summary,
)


def as_text(report: StackReport, *, detail: Detail = BRIEF) -> str:
    """*report* as lines; the last ones say what can be done now."""
    return "\n".join(printable(line) for line in _lines(report, detail))


def _lines(report: StackReport, detail: Detail) -> Iterator[str]:
    if report.resolved or report.along:
        yield f"patch {report.first - 1}/{report.total}: resolved by hand: " + _names(
            report.resolved
        )
    if report.along:
        yield f"  along with it, though the patch does not touch them: {_names(report.along)}"
    yield from order_lines(report.series)
    for number, patch in enumerate(report.series.patches, report.first):
        yield from patch_lines(patch, f"{number}/{report.total}", detail)
    yield from past_lines(report.series.past, detail)
    if report.series.patches:
        yield summary(report.series, _written(report))
    if report.stop is None:
        if report.first + len(report.series.patches) > report.total:
            plural = "" if report.total == 1 else "es"
            yield f"the stack is carried to its end: {report.total} patch{plural}"
        return
    stopped = report.first + max(len(report.series.patches) - 1, 0)
    yield f"stopped at patch {stopped} of {report.total}; " + _left(report)
    tree = "" if str(report.folder) == "." else f" --tree {report.folder}"
    yield f"  resolve it in the tree, then:  patchkit apply --continue{tree}"
    yield f"  to leave this patch out:       patchkit apply --skip{tree}"
    yield f"  to undo the whole stack:       patchkit apply --abort{tree}"


def _written(report: StackReport) -> str:
    if report.commits:
        return f"{report.commits} commit{'' if report.commits == 1 else 's'} in {report.folder}"
    landed = len(report.series.patches) - (report.stop is not None)
    return f"{landed} patch{'' if landed == 1 else 'es'} written to {report.folder}"


def _left(report: StackReport) -> str:
    assert report.stop is not None
    before = report.stop.before
    rejects = [path for path in before if path.suffix == ".rej" and report.stop.left[path]]
    files = [path for path in before if path not in rejects]
    told = f"its files: {_names(files)}"
    return told + (f"; refused hunks: {_names(rejects)}" if rejects else "")


def _names(paths: tuple[PurePosixPath, ...] | list[PurePosixPath]) -> str:
    return ", ".join(str(path) for path in paths)
