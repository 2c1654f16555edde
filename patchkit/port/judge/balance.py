"""Brackets and conditionals: the port opens and closes what the patch opens and closes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from patchkit.patch.model import Hunk, Line
from patchkit.port.judge.evidence import Adaptation, Evidence, Objection

# A hunk may begin inside a comment or a string; a line is read by itself.
NOT_CODE = re.compile(
    rb"""/\*.*?(?:\*/|$)|//.*$|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\]){1,8}'|^\s*\*.*$"""
)
CONDITIONAL = re.compile(rb"^\s*#\s*(if|endif)")
PAIRS = {"braces": b"{}", "brackets": b"()", "square brackets": b"[]"}


def balance(adaptation: Adaptation, _: Evidence) -> Iterator[Objection]:
    """The port must change the balance as the patch does, or leave it as it was."""
    sent, landed = _shift(adaptation.original), _shift(adaptation.port)
    for name, wanted in sent.items():
        if landed[name] not in (wanted, 0):
            yield Objection(f"it would leave {name} unbalanced")


def _shift(hunk: Hunk) -> dict[str, int]:
    """By how much *hunk* changes what is open at its end, by kind."""
    old, new = _open(hunk.old), _open(hunk.new)
    return {name: new[name] - old[name] for name in old}


def _open(lines: Sequence[Line]) -> dict[str, int]:
    found = dict.fromkeys((*PAIRS, "#if and #endif"), 0)
    for line in lines:
        code = NOT_CODE.sub(b"", line.text)
        for name, (opening, closing) in PAIRS.items():
            found[name] += code.count(opening) - code.count(closing)
        directive = CONDITIONAL.match(code)
        if directive:
            found["#if and #endif"] += 1 if directive[1] == b"if" else -1
    return found
