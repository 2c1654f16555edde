"""What was there before: an earlier audit's fingerprints, so that only new things fail."""

from __future__ import annotations

import json

from patchkit.audit.notice import Level, Notice, notices
from patchkit.audit.report import AuditReport
from patchkit.errors import InputError


def fingerprints(document: bytes, *, name: str) -> frozenset[str]:
    """The fingerprints in an earlier ``--format json`` document; *name* is for the error.

    Raises:
        InputError: it is no such document.
    """
    try:
        known = json.loads(document)["fingerprints"]
    except (ValueError, KeyError, TypeError) as error:
        wrong = "not the JSON of an earlier 'patchkit audit --format json'"
        raise InputError(f"{name}: {wrong}") from error
    return frozenset(str(each) for each in known)


def failing(
    report: AuditReport, *, at_least: Level, known: frozenset[str] = frozenset()
) -> tuple[Notice, ...]:
    """The notices of that level or above that are not *known*."""
    return tuple(
        notice
        for notice in notices(report)
        if notice.level >= at_least and notice.fingerprint not in known
    )
