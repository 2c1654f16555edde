"""White space that only the target knows: tabs that became blanks, runs that became one blank.

What is lost can't be put back by a rule (bttv-driver.c mixes tabs and eight blanks line by
line), so it is only recognised here; ``port`` restores it from the target's own lines.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from patchkit.patch.model import Kind, Line, Spacing

TABS = "lost-tabs"
COLLAPSED = "collapsed-blanks"
KINDS = {Spacing.COLUMNS: TABS, Spacing.COLLAPSED: COLLAPSED}
RUN = re.compile(rb"[^ ] {2,}[^ ]|^ {2,}")
# One blank of indentation: nobody writes C so, but for comments (" * text").
ONE_BLANK = re.compile(rb"^ [^ *]")
TAB = 8


def spacing(lines: Sequence[Line], *, is_archived: bool, is_git: bool) -> Spacing:
    """What the lines of a whole diff still have of their white space.

    *is_archived*: other damage shows that a web archive had it; *is_git*: it has the heads that
    git writes, so that nobody typed it anew. An archive leaves these alone.
    """
    if not lines or any(b"\t" in line.text for line in lines):
        return Spacing.KEPT
    changed = [line.text for line in lines if line.kind is not Kind.CONTEXT]
    if any(RUN.search(text) for text in changed):
        lost = is_archived or (_is_shifted(lines) and not is_git)
        return Spacing.COLUMNS if lost else Spacing.KEPT
    shallow = any(ONE_BLANK.match(text) for text in changed)
    if is_archived or (shallow and (not is_git or _is_deep(lines))):
        return Spacing.COLLAPSED
    return Spacing.KEPT


def _is_deep(lines: Sequence[Line]) -> bool:
    """Is context indented by a tab's width? Beside it, one blank is what is left of more."""
    return any(
        line.kind is Kind.CONTEXT and line.text.startswith(b" " * (TAB - 1)) for line in lines
    )


def _is_shifted(lines: Sequence[Line]) -> bool:
    """Do indentations end one column before a tab stop? So they do where the marker was counted
    as a column when tabs were expanded."""
    widths = [len(line.text) - len(line.text.lstrip(b" ")) for line in lines]
    deep = [width for width in widths if width >= TAB - 1]
    return 2 * sum(width % TAB == TAB - 1 for width in deep) > len(deep)
