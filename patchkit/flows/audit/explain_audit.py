"""A site or a verdict → what is to be said about it in this tree."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from patchkit.audit.driver import Driver, Verdict
from patchkit.audit.program import Program
from patchkit.audit.site import Site
from patchkit.audit.tree_rules import TreeRules, tree_rules
from patchkit.audit.version_code import known_macros
from patchkit.errors import InputError
from patchkit.flows.audit.audit_tree import audit_tree
from patchkit.tree.base import Tree


@dataclass(frozen=True, slots=True)
class Explained:
    """A verdict in a tree; with the driver and the site that were asked for, if they were."""

    target: str
    verdict: Verdict
    rules: TreeRules
    driver: Driver | None = None
    site: Site | None = None


def explain_audit(tree: Tree, subject: str) -> Explained:
    """Explain *subject*: a verdict's name, ``FILE`` or ``FILE:LINE``.

    Raises:
        InputError: it is none of these in *tree*.
    """
    named = [verdict for verdict in Verdict if verdict.value == subject]
    if named:
        rules = tree_rules(Program(tree, known_macros(tree), {}))
        return Explained(tree.name, named[0], rules)
    path, line = re.fullmatch(r"(.*?)(?::(\d+)(?::\d+)?)?", subject, re.DOTALL).groups()  # type: ignore[union-attr]  # it matches anything
    report = audit_tree(tree, [PurePosixPath(path)])
    sites = [site for site in report.sites if line is None or site.line == int(line)]
    drivers = [driver for driver in report.drivers if str(driver.file) == path]
    if not drivers or (line is not None and not sites):
        names = ", ".join(verdict.value for verdict in Verdict)
        raise InputError(f"{subject}: no site of an audit there, and no verdict ({names})")
    rules = TreeRules(report.tree_rules)
    site = sites[0] if line is not None else None
    return Explained(tree.name, drivers[0].verdict, rules, drivers[0], site)
