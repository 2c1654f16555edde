"""Does an audit fail? By level, and by what was there before."""

from __future__ import annotations

from pathlib import Path

from patchkit.audit.baseline import failing, fingerprints
from patchkit.audit.notice import Level
from patchkit.audit.report import AuditReport
from patchkit.errors import InputError
from patchkit.host.files import reason


def known_before(baseline: Path | None) -> frozenset[str]:
    """The fingerprints in *baseline*, an earlier audit's JSON; none without one.

    Raises:
        InputError: the baseline can't be read, or is none.
    """
    if baseline is None:
        return frozenset()
    try:
        document = baseline.read_bytes()
    except OSError as error:
        raise InputError(f"{baseline}: can't be read: {reason(error)}") from error
    return fingerprints(document, name=str(baseline))


def failed(report: AuditReport, level: str, known: frozenset[str]) -> bool:
    """Has *report* something of that level (``note``, ``warning``, ``error``; ``never`` fails) or
    above that is not *known*?
    """
    if level == "never":
        return False
    return bool(failing(report, at_least=Level[level.upper()], known=known))
