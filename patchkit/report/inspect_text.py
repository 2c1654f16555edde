"""An inspection for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from patchkit.history.version import Origin
from patchkit.inspect.inspection import FileView, HunkView, Inspection, PatchView, Symbol
from patchkit.port.outcome import HunkReport, Outcome
from patchkit.report.apply_text import printable

# Names shown of a kind; JSON has them all.
SHOWN = 12
IN_TARGET = {True: "; the target has it", False: "; not in the target's history", None: ""}


def as_text(report: Inspection) -> str:
    """*report* as lines, without a final newline."""
    lines = [line for patch in report.patches for line in _patch(patch, len(report.patches))]
    given = tuple(patch.index for patch in report.patches)
    if report.circle:
        lines.append(f"order: patches {_numbers(report.circle)} need each other; as given")
    elif report.order != given:
        lines.append(
            f"order: {_numbers(report.order)}; as given, a patch stands above what it needs"
        )
    elif len(given) > 1:
        lines.append("order: as given")
    return "\n".join(printable(line) for line in lines)


def _patch(patch: PatchView, total: int) -> Iterator[str]:
    head = patch.head
    by = f" ({head.author.name})" if head.author.name else ""
    yield f"patch {patch.index}/{total}: {head.subject or patch.source}{by}"
    yield f"  patch-id: {patch.patch_id}"
    kinds = Counter(repair.kind for repair in patch.repairs)
    if kinds:
        yield "  damage: " + ", ".join(f"{kind} ({count})" for kind, count in kinds.items())
    for title, symbols in (
        ("defines", patch.defines), ("removes", patch.removes), ("uses", patch.uses)
    ):  # fmt: skip
        if symbols:
            yield f"  {title}: {_symbols(symbols)}"
    for dependency in patch.depends:
        yield f"  needs patch {dependency.on}: {dependency.why}"
    yield from _missing(patch)
    yield from _upstream(patch)
    for file in patch.files:
        yield from _file(file)
    yield f"  {_stat(patch.files)}"


def _missing(patch: PatchView) -> Iterator[str]:
    """What is missing, by the commit that brought it."""
    by_origin: dict[Origin | None, dict[str, None]] = {}
    for missing in patch.missing:
        by_origin.setdefault(missing.origin, {})[missing.symbol.name] = None
    for origin, names in by_origin.items():
        yield f"  missing: {_listed(list(names))}"
        if origin is not None:
            yield f"    came with {_origin(origin)}"


def _upstream(patch: PatchView) -> Iterator[str]:
    """The commits that made the same changes, and which hunks each has."""
    hunks = [(file, hunk) for file in patch.files for hunk in file.hunks]
    by_commit: dict[tuple[Origin, bool, bool | None], list[str]] = {}
    for file, hunk in hunks:
        if hunk.upstream is not None:
            origin, _, exact, in_target = hunk.upstream
            place = f"{file.path} hunk {hunk.number}"
            by_commit.setdefault((origin, exact, in_target), []).append(place)
    for (origin, exact, in_target), places in by_commit.items():
        how = "" if exact else ", in another context"
        yield f"  upstream since {_origin(origin)}{how}{IN_TARGET[in_target]}"
        yield f"    {'all hunks' if len(places) == len(hunks) else _listed(places)}"


def _file(file: FileView) -> Iterator[str]:
    change = "" if file.change == "modified" else f" {file.change}"
    if file.change in ("renamed", "copied"):
        change += f" from {file.old_path}"
    yield f"  {file.path}:{change} +{file.added} -{file.removed}"
    for hunk in file.hunks:
        yield f"    hunk {hunk.number} at line {hunk.stated_line}{_touches(hunk)}{_landing(hunk)}"


def _touches(hunk: HunkView) -> str:
    if hunk.touches:
        return f", {_symbols(hunk.touches, with_kind=True)}"
    return f", {hunk.section}" if hunk.section else ""


def _landing(hunk: HunkView) -> str:
    landing: HunkReport | None = hunk.landing
    if landing is None:
        return ""
    if landing.outcome is Outcome.CONFLICT:
        return f": conflict: {landing.reason}" if landing.reason else ": conflict"
    verb = "already there" if landing.outcome is Outcome.ALREADY else "applies"
    return f": {verb} at line {landing.line}"


def _origin(origin: Origin) -> str:
    release = f"{origin.release}, " if origin.release else ""
    return f"{release}{origin.commit[:12]} ({origin.subject})"


def _symbols(symbols: Iterable[Symbol], *, with_kind: bool = False) -> str:
    names = (f"{one.kind} {one.name}" if with_kind else one.name for one in symbols)
    return _listed(list(dict.fromkeys(names)))


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more


def _stat(files: tuple[FileView, ...]) -> str:
    added, removed = sum(file.added for file in files), sum(file.removed for file in files)
    return f"{len(files)} file{'s' if len(files) != 1 else ''} changed, +{added} -{removed}"


def _numbers(indexes: Iterable[int]) -> str:
    return ", ".join(str(index) for index in indexes)
