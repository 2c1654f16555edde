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
    git writes, which no archive leaves alone and which say that nobody typed it anew.
    """
    has_tabs = any(b"\t" in line.text for line in lines)
    if not lines or has_tabs or (is_git and not is_archived):
        return Spacing.KEPT
    changed = [line.text for line in lines if line.kind is not Kind.CONTEXT]
    if not is_archived and not any(line.text.startswith(b" ") for line in lines):
        return Spacing.KEPT
    if any(RUN.search(text) for text in changed):
        return Spacing.COLUMNS if is_archived or _is_shifted(lines) else Spacing.KEPT
    if is_archived or any(ONE_BLANK.match(text) for text in changed):
        return Spacing.COLLAPSED
    return Spacing.KEPT


def _is_shifted(lines: Sequence[Line]) -> bool:
    """Do indentations end one column before a tab stop? So they do where the marker was counted
    as a column when tabs were expanded."""
    widths = [len(line.text) - len(line.text.lstrip(b" ")) for line in lines]
    deep = [width for width in widths if width >= TAB - 1]
    return 2 * sum(width % TAB == TAB - 1 for width in deep) > len(deep)
