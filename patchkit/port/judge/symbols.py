"""Symbols: what the added lines use was there when the patch was made; is it in the target?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from patchkit.csource.words import KEYWORDS
from patchkit.patch.model import Kind, Line
from patchkit.port.judge.balance import NOT_CODE
from patchkit.port.judge.evidence import Adaptation, Evidence, Objection

WORD = re.compile(rb"(?<![\w.])[A-Za-z_]\w{2,}\b|(?<=->)\w{3,}")
CALL = re.compile(rb"(?<![\w.>])([A-Za-z_]\w{3,})\s*\(")
MEMBER = re.compile(rb"(?:->|(?<=[\w)\]])\.|^\s*\.)([A-Za-z_]\w{3,})")
PLAIN = re.compile(rb"(?<![\w.>])[A-Za-z_]\w{3,}\b(?!\s*\()")
# Words of C itself, which a file need not have already.
_OF_C = KEYWORDS | frozenset(
    (b"__attribute", b"__extension__", b"__volatile__", b"__typeof__", b"define", b"elif",
     b"endif", b"error", b"ifdef", b"ifndef", b"include", b"pragma", b"undef")
)  # fmt: skip


def symbols(adaptation: Adaptation, evidence: Evidence) -> Iterator[Objection]:
    """What the added lines use must be known to the file or to what it includes.

    A word that the patch's own context or removed lines used too, and that is not there any
    more, was renamed since, or is gone. A function or member that only the added lines use may
    be declared where nobody looks: a doubt.
    """
    if not evidence.is_c:
        return
    known = _found(WORD, adaptation.original.lines, Kind.CONTEXT, Kind.REMOVED)
    used = _found(WORD, adaptation.port.lines, Kind.ADDED) - _OF_C
    # What stands there without brackets too is a variable, declared beside its call.
    plain = _found(PLAIN, adaptation.port.lines, Kind.ADDED)
    called = _found(CALL, adaptation.port.lines, Kind.ADDED) - plain - _OF_C
    called |= _found(MEMBER, adaptation.port.lines, Kind.ADDED)
    here = evidence.before.data
    renamed = {word for word in used & known if not _has(here, word)}
    missing = renamed | {word for word in called - known if not _has(here, word)}
    if missing:
        missing -= evidence.sent.defined
    if not missing:
        return
    headers = evidence.headers
    for data in headers.texts():
        missing = {word for word in missing if not _has(data, word)}
        if not missing:
            return
    if missing & renamed:
        reason = f"it uses {_names(missing & renamed)}, which the file and its headers do not have"
        yield Objection(reason, is_doubt=not headers.are_known)
    elif headers.are_known:
        reason = f"it uses {_names(missing)}, which the file and its headers do not have"
        yield Objection(reason, is_doubt=True)


def _found(pattern: re.Pattern[bytes], lines: Sequence[Line], *kinds: Kind) -> set[bytes]:
    code = (NOT_CODE.sub(b"", line.text) for line in lines if line.kind in kinds)
    return {word for text in code for word in pattern.findall(text)}


def _has(data: bytes, word: bytes) -> bool:
    # No regex: one that begins with \b looks at every byte, and a stack asks half a million times.
    at = data.find(word)
    while at >= 0:
        if not _is_word(data[at - 1 : at]) and not _is_word(
            data[at + len(word) : at + len(word) + 1]
        ):
            return True
        at = data.find(word, at + 1)
    return False


def _is_word(byte: bytes) -> bool:
    return byte.isalnum() or byte == b"_"


def _names(words: set[bytes]) -> str:
    return ", ".join(sorted(word.decode("latin-1") for word in words))
