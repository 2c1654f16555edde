"""Mail text → the diffs in it, well-formed, and a record of every repair."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import PurePosixPath

from patchkit.errors import InputError
from patchkit.patch import labels
from patchkit.patch.model import FileChange, Hunk, Line, Spacing
from patchkit.patch.raw import RawFile, prose, scan
from patchkit.patch.unified import strict
from patchkit.repair import (
    autolinks,
    backup_names,
    context_diff,
    crlf,
    dash_escapes,
    half_decoded,
    halved_at_signs,
    html_entities,
    html_tags,
    lost_date_tab,
    lost_white_space,
    no_break_spaces,
    orphan_hunks,
    quoted_printable,
    quoted_reply,
    smart_punctuation,
    stuffed_lines,
    wrapped_sections,
)
from patchkit.repair.damage import Confidence, Repair
from patchkit.repair.git_head import change_of, changes_nothing
from patchkit.repair.reading import Reading, readings
from patchkit.repair.wrapped_lines import Widths

WholeText = Callable[[list[bytes]], tuple[list[bytes], list[Repair]]]
# What a mailer does to a whole text, undone in the reverse order of its doing, and what a text
# without the damage does not hold: most mails are sound, and lists send them by the thousand.
WHOLE_TEXT: tuple[tuple[bytes, WholeText], ...] = (
    (b"\r", crlf.mend),
    (b"=", quoted_printable.mend),
    (b"=", half_decoded.mend),
    (b"href", autolinks.mend),
    (b"mailto:", autolinks.mend),
    (b"http", autolinks.mend),
    (b"</", html_tags.mend),
    (b"<br", html_tags.mend),
    (b"&", html_entities.mend),
    (b"\xc3\x82", no_break_spaces.mend),
    (b"\xa0", no_break_spaces.mend),
    (b"", quoted_reply.mend),
    (b"\n- --- ", dash_escapes.mend),
    (b"***************", context_diff.mend),
    (b"\n@ -", halved_at_signs.mend),
    (b"\n  ", stuffed_lines.mend),
    (b"\xe2\x80", smart_punctuation.mend),
    (b"\x93", smart_punctuation.mend),
    (b"\x92", smart_punctuation.mend),
    (b"@@", wrapped_sections.mend),
)
DECODERS = (quoted_printable.mend, half_decoded.mend, html_entities.mend)
# What code may hold by itself, a page's source in a string or "x=20": the tree has the last word.
ESCAPES = frozenset({quoted_printable.KIND, half_decoded.KIND, html_entities.KIND})
# A hunk takes some 0.05 ms; the patch from 2.6.9 to 2.6.10 has 25,653.
MOST_HUNKS = 100_000


@dataclass(frozen=True, slots=True)
class MendedFile:
    """One file of a mended diff.

    ``change`` is made of the likeliest readings; ``readings`` has all of them, hunk by hunk.
    ``paths`` are the files it may mean, likeliest first (how many folders to strip).
    ``hunk_lines`` are those of the hunks' ``@@`` in the text that was received.
    """

    change: FileChange
    readings: tuple[tuple[Reading, ...], ...]
    paths: tuple[PurePosixPath, ...]
    lineno: int
    hunk_lines: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Mended:
    """A text's diffs. ``prose`` is the text above the first one; ``repairs`` are in line order.

    ``undecoded`` is the same with what was taken for a mailer's escapes left as it stands; None
    where there were none, or it makes no patch.
    """

    files: tuple[MendedFile, ...]
    repairs: tuple[Repair, ...]
    prose: tuple[bytes, ...]
    spacing: Spacing = Spacing.KEPT
    undecoded: Mended | None = None


def mend(text: bytes, *, source: str = "patch", first_line: int = 1) -> Mended:
    """Find and mend every diff in *text*, whose first line is *first_line* of *source*.

    Raises:
        InputError: a diff can't be read at all, or names a file outside the tree. A text
            without a diff is no error: ``files`` is empty.
    """
    mended = _mend(text, source, first_line)
    if not any(repair.kind in ESCAPES for repair in mended.repairs):
        return mended
    try:
        undecoded = _mend(text, source, first_line, decode=False)
    except InputError:
        return mended
    return replace(mended, undecoded=undecoded) if undecoded.files else mended


def _mend(text: bytes, source: str, first_line: int, *, decode: bool = True) -> Mended:
    if text.count(b"\n@@ -") > MOST_HUNKS:
        raise InputError(f"{source}: more than {MOST_HUNKS:,} hunks; split the patch")
    lines = text.split(b"\n")
    if lines[-1] == b"":
        lines.pop()
    repairs: list[Repair] = []
    for sign, damage in WHOLE_TEXT:
        if sign in text and (decode or damage not in DECODERS):
            lines, found = damage(lines)
            repairs += found
            text = b"\n".join(lines) if found else text
    files = []
    raws = scan(lines)
    widths = Widths.of([line for raw in raws for hunk in raw.hunks for line in hunk.body])
    for raw in raws:
        mended, found = _file(raw, widths, source, first_line)
        files.append(mended)
        repairs += found
    kinds = {repair.kind for repair in repairs}
    above = prose(lines, raws)
    repairs += orphan_hunks.doubts(above) if files else []
    spacing = lost_white_space.spacing(
        list(_all_lines(files)),
        is_archived=bool(kinds & {no_break_spaces.KIND, lost_date_tab.KIND}),
        is_git=any(raw.git for raw in raws),
    )
    if spacing is not Spacing.KEPT:
        kind = lost_white_space.KINDS[spacing]
        repairs.append(Repair(kind, files[0].lineno, Confidence.DOUBTFUL, "left to the target"))
        files = [_marked(file, spacing) for file in files]
    shifted = sorted(r._replace(line=r.line + first_line - 1) for r in repairs)
    return Mended(tuple(files), tuple(shifted), above, spacing)


def _file(
    raw: RawFile, widths: Widths, source: str, first_line: int
) -> tuple[MendedFile, list[Repair]]:
    repairs: list[Repair] = []
    old_label, new_label = lost_date_tab.mend(raw.old_label), lost_date_tab.mend(raw.new_label)
    if (old_label, new_label) != (raw.old_label, raw.new_label):
        repairs.append(Repair(lost_date_tab.KIND, raw.lineno, Confidence.CERTAIN))
    names = labels.name(old_label), labels.name(new_label)
    old, new = backup_names.mend(*names)
    if (old, new) != names:
        repairs.append(Repair(backup_names.KIND, raw.lineno, Confidence.CERTAIN))
    ways = tuple(readings(hunk, widths) for hunk in raw.hunks)
    lineno = raw.lineno + first_line - 1
    if not all(ways):
        raise InputError(f"{source}:{lineno}: a hunk without lines, or too long to be mended")
    hunks = tuple(way[0].hunk for way in ways)
    # By right counts alone all parsers read the same; what was mended has to be shown.
    if any(way[0].repairs for way in ways):
        hunks = strict(hunks, source, lineno)
    _refuse_overlap(hunks, f"{source}:{lineno}")
    repairs += [repair for way in ways for repair in way[0].repairs]
    change, paths = change_of(raw, (old_label, new_label), (old, new), f"{source}:{lineno}")
    if not hunks and changes_nothing(change):
        raise InputError(f"{source}:{lineno}: a diff of {change.path} without its hunks")
    at = tuple(hunk.lineno + first_line - 1 for hunk in raw.hunks)
    return MendedFile(replace(change, hunks=hunks), ways, paths, raw.lineno, at), repairs


def _refuse_overlap(hunks: tuple[Hunk, ...], where: str) -> None:
    """Two hunks that claim the same lines can't both be meant."""
    for number, (one, following) in enumerate(pairwise(hunks), 1):
        if following.old_start < one.old_start + len(one.old):
            raise InputError(
                f"{where}: hunks {number} and {number + 1} overlap, or are out of order"
            )


def _all_lines(files: list[MendedFile]) -> Iterator[Line]:
    for file in files:
        for hunk in file.change.hunks:
            yield from hunk.lines


def _marked(file: MendedFile, spacing: Spacing) -> MendedFile:
    def marked(hunk: Hunk) -> Hunk:
        return replace(hunk, spacing=spacing)

    return replace(
        file,
        change=replace(file.change, hunks=tuple(marked(hunk) for hunk in file.change.hunks)),
        readings=tuple(
            tuple(way._replace(hunk=marked(way.hunk)) for way in ways) for ways in file.readings
        ),
    )
