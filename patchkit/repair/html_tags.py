"""Page source instead of text: tags around the lines, between the words, at the ends."""

from __future__ import annotations

import re

from patchkit.repair.damage import Confidence, Repair
from patchkit.repair.diff_start import diff_start

KIND = "html-tags"
TAG = re.compile(
    rb"</?(?:a|b|i|u|em|strong|font|span|tt|code|pre|br|p|div|blockquote|td|tr|table|body|html)"
    rb"(?:\s+[\w-]+\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'|[^\s\"'<>]+))*\s*/?>",
    re.I,
)
# In page source every "<" opens a tag; C has it bare.
BARE = re.compile(rb"<")
ENTITY = re.compile(rb"&(?:lt|gt|amp);")


def mend(lines: list[bytes]) -> tuple[list[bytes], list[Repair]]:
    """*lines* without their tags, from the first diff head on, where all of that is page source:
    no "<" but those of tags, and ``&lt;`` where C has one."""
    start = diff_start(lines)
    if start is None:
        return lines, []
    mended, repairs = lines[:start], []
    entities = False
    for number, line in enumerate(lines[start:], start + 1):
        text = TAG.sub(b"", line)
        if BARE.search(text):
            return lines, []
        entities = entities or ENTITY.search(text) is not None
        if text != line:
            repairs.append(Repair(KIND, number, Confidence.LIKELY))
        mended.append(text)
    return (mended, repairs) if entities and repairs else (lines, [])
