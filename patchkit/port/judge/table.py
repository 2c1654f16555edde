"""What is asked of every hunk that landed. A further check is a file and a row."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from patchkit.port.judge.balance import balance
from patchkit.port.judge.doubled import doubled
from patchkit.port.judge.duplicates import duplicates
from patchkit.port.judge.evidence import Check, Degree, Evidence, Objection
from patchkit.port.judge.symbols import symbols
from patchkit.port.judge.syntax import syntax
from patchkit.port.judge.tokens import tokens

# By how far a hunk is from what was sent; the cheapest first: what refuses a hunk is the last
# thing asked.
CHECKS: Mapping[Degree, tuple[Check, ...]] = MappingProxyType(
    {
        Degree.AS_SENT: (symbols,),
        Degree.ELSEWHERE: (duplicates, symbols),
        Degree.ADAPTED: (balance, tokens, doubled, duplicates, symbols, syntax),
    }
)


def objections(evidence: Evidence) -> dict[int, tuple[Objection, ...]]:
    """What speaks against each hunk, by its number; what refuses it stands last."""
    found: dict[int, tuple[Objection, ...]] = {}
    for adaptation in evidence.adaptations:
        against: list[Objection] = []
        for check in CHECKS[adaptation.degree]:
            against += check(adaptation, evidence)
            if any(not objection.is_doubt for objection in against):
                break
        if against:
            found[adaptation.number] = tuple(against)
    return found
