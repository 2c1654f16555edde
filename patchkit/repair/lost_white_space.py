"""White space that only the target knows: tabs that became blanks, runs that became one blank.

What is lost can't be put back by a rule (bttv-driver.c mixes tabs and eight blanks line by
line), so it is only recognised here; ``port`` restores it from the target's own lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from patchkit.patch.model import Kind, Line, Spacing

TABS = "lost-tabs"
COLLAPSED = "collapsed-blanks"
KINDS = {Spacing.COLUMNS: TABS, Spacing.COLLAPSED: COLLAPSED}
RUN = re.compile(rb"[^ ] {2,}[^ ]|^ {2,}")


def spacing(lines: Iterable[Line], *, heads_lost: bool) -> Spacing:
    """What the lines of a whole diff still have of their white space.

    A diff of kernel sources with indented lines and not one tab has lost them; whether columns
    are left shows on the changed lines, where archives collapse every run. In a diff without
    indented lines, *heads_lost* tells: its heads had tabs before their dates, and lost them.
    """
    changed: list[bytes] = []
    indented = heads_lost
    for line in lines:
        if b"\t" in line.text:
            return Spacing.KEPT
        indented = indented or line.text.startswith(b" ")
        if line.kind is not Kind.CONTEXT:
            changed.append(line.text)
    if not indented:
        return Spacing.KEPT
    return Spacing.COLUMNS if any(RUN.search(text) for text in changed) else Spacing.COLLAPSED
