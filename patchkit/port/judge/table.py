"""What is asked of the result of every adapted hunk. A further check is a file and a row."""

from __future__ import annotations

from patchkit.port.judge.balance import balance
from patchkit.port.judge.doubled import doubled
from patchkit.port.judge.duplicates import duplicates
from patchkit.port.judge.evidence import Check, Evidence, Objection
from patchkit.port.judge.symbols import symbols
from patchkit.port.judge.syntax import syntax
from patchkit.port.judge.tokens import tokens

# The cheapest first: the first objection that refuses a hunk is the last one asked for.
CHECKS: tuple[Check, ...] = (balance, tokens, doubled, duplicates, symbols, syntax)
# Of a hunk that landed as sent, in a file that is not as it was.
CHECKS_AS_SENT: tuple[Check, ...] = (duplicates,)


def objections(evidence: Evidence) -> dict[int, tuple[Objection, ...]]:
    """What speaks against each hunk, by its number; what refuses it stands last."""
    found: dict[int, tuple[Objection, ...]] = {}
    for adaptation in evidence.adaptations:
        against: list[Objection] = []
        for check in CHECKS_AS_SENT if adaptation.is_as_sent else CHECKS:
            against += check(adaptation, evidence)
            if any(not objection.is_doubt for objection in against):
                break
        if against:
            found[adaptation.number] = tuple(against)
    return found
