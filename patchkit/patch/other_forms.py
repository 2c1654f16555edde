"""Diffs that say too little: not their file, or not where in it they belong."""

from __future__ import annotations

import re

NORMAL = re.compile(rb"^\d+(?:,\d+)?[acd]\d+(?:,\d+)?\r?\n[<>] ", re.M)
ED_SCRIPT = re.compile(rb"^\d+(?:,\d+)?(?:d|[ac]\r?\n(?:[^\n]*\n)??[^\n]*\n?\.)\r?$", re.M)
CONTEXT = re.compile(rb"^\*{15}[^\n]*\n\*\*\* \d+(?:,\d+)? \*{4}", re.M)
NAMELESS = re.compile(rb"^@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@", re.M)
FORMS = (
    (CONTEXT, "a context diff whose two sides do not fit each other"),
    (NAMELESS, "a hunk without the lines above it that name its file"),
    (NORMAL, "a diff without context (normal form); make it with diff -u"),
    (ED_SCRIPT, "an ed script; make the patch with diff -u"),
)


def other_form(text: bytes) -> tuple[str, int] | None:
    """(what to say, its line from 1) of the first such diff in *text*, which has no unified one;
    None when there is none."""
    for form, words in FORMS:
        if match := form.search(text):
            return words, text.count(b"\n", 0, match.start()) + 1
    return None
