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
BARE = b"<"
ENTITY = re.compile(rb"&(?:lt|gt|amp);")


def mend(lines: list[bytes]) -> tuple[list[bytes], list[Repair]]:
    """*lines* without their tags, from the first diff head on, where all of that is page source:
    no "<" but those of tags, and ``&lt;`` where C has one, or a tag on every line."""
    texts = [TAG.sub(b"", line) if b"<" in line else line for line in lines]
    start = diff_start(texts)
    if start is None or any(BARE in text for text in texts[start:]):
        return lines, []
    repairs = [
        Repair(KIND, number, Confidence.LIKELY)
        for number in range(start + 1, len(lines) + 1)
        if texts[number - 1] != lines[number - 1]
    ]
    filled = sum(bool(line.strip()) for line in lines[start:])
    is_source = len(repairs) == filled or any(ENTITY.search(text) for text in texts[start:])
    return (lines[:start] + texts[start:], repairs) if repairs and is_source else (lines, [])
