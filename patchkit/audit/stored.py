"""Reports as bytes and back, for the cache. Only the classes named here can come out of it."""

from __future__ import annotations

import dataclasses
import marshal
from enum import Enum
from pathlib import PurePosixPath
from typing import Any

from patchkit.audit.chain import Place, Step
from patchkit.audit.driver import Confidence, Driver, Finding, Memory, Verdict
from patchkit.audit.report import AuditReport
from patchkit.audit.site import FileSites, Role, Site, Unreadable
from patchkit.audit.tree_rules import TreeRule
from patchkit.csource.parse import Unparsed

_CLASSES: dict[str, Any] = {
    each.__name__: each
    for each in (
        AuditReport, Confidence, Driver, FileSites, Finding, Memory, Place, PurePosixPath, Role,
        Site, Step, TreeRule, Unparsed, Unreadable, Verdict,
    )
}  # fmt: skip


def dumped(report: AuditReport) -> bytes:
    """*report* as bytes."""
    return marshal.dumps(_plain(report))


def loaded(stored: bytes) -> AuditReport | None:
    """The report in *stored*; None where it is not what :func:`dumped` writes now."""
    try:
        found = _made(marshal.loads(stored))
    except (ValueError, EOFError, TypeError, KeyError):
        return None
    return found if isinstance(found, AuditReport) else None


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return (type(value).__name__, value.value)
    if isinstance(value, PurePosixPath):
        return ("PurePosixPath", str(value))
    if dataclasses.is_dataclass(value):
        fields = (_plain(getattr(value, field.name)) for field in dataclasses.fields(value))
        return (type(value).__name__, *fields)
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value


def _made(value: Any) -> Any:
    if isinstance(value, tuple):
        return _CLASSES[value[0]](*map(_made, value[1:]))
    if isinstance(value, list):
        return tuple(map(_made, value))
    return value
