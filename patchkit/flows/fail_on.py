"""Does an audit fail? By level, and by what was there before."""

from __future__ import annotations

from pathlib import Path

from patchkit.audit.baseline import failing, fingerprints
from patchkit.audit.notice import Level
from patchkit.audit.report import AuditReport
from patchkit.errors import InputError
from patchkit.host.files import reason


def failed(report: AuditReport, level: str, baseline: Path | None) -> bool:
    """Has *report* something of that level (``note``, ``warning``, ``error``; ``never`` fails) or
    above that *baseline*, an earlier audit's JSON, has not?

    Raises:
        InputError: the baseline can't be read, or is none.
    """
    if level == "never":
        return False
    known: frozenset[str] = frozenset()
    if baseline is not None:
        try:
            document = baseline.read_bytes()
        except OSError as error:
            raise InputError(f"{baseline}: can't be read: {reason(error)}") from error
        known = fingerprints(document, name=str(baseline))
    return bool(failing(report, at_least=Level[level.upper()], known=known))
