"""What an audit has to say, all of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from patchkit.audit.driver import Driver, Finding
from patchkit.audit.site import FileSites, Site, Unreadable

if TYPE_CHECKING:
    from patchkit.audit.tree_rules import TreeRule


@dataclass(frozen=True, slots=True)
class AuditReport:
    """The sites of the files asked for, the verdicts on them, and the rules of their tree.

    ``drivers`` and ``tree_rules`` are empty where only sites were asked for.
    """

    target: str
    files: tuple[FileSites, ...]
    unreadable: tuple[Unreadable, ...] = ()
    drivers: tuple[Driver, ...] = ()
    tree_rules: tuple[TreeRule, ...] = ()
    findings: tuple[Finding, ...] = ()  # in files without a verdict

    @property
    def sites(self) -> tuple[Site, ...]:
        return tuple(site for file in self.files for site in file.sites)
