"""All that an audit reports as one flat list, for machines that know rule, place and level."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from pathlib import PurePosixPath

from patchkit.audit.driver import MEANING, Driver, Finding, Verdict
from patchkit.audit.report import AuditReport
from patchkit.audit.site import Role, Site


class Level(IntEnum):
    """How much a notice asks for."""

    NOTE = 1
    WARNING = 2
    ERROR = 3


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing said of one place. ``fingerprint`` has no line numbers in it: it stays the same
    when lines above are added."""

    rule: str
    level: Level
    file: PurePosixPath
    line: int
    column: int
    message: str
    fingerprint: str


_SITE_MESSAGE = {
    Role.RESERVE: "{} reserves a page",
    Role.UNRESERVE: "{} ends a page's reservation",
    Role.DEFINE: "{} is defined here",
    Role.MENTION: "{} is only mentioned",
}

# Findings that are no bugs, and what the others are.
_MILD = {
    "page-shared": Level.NOTE,
    "unmarked-remap": Level.NOTE,
    "dummy-swapout": Level.WARNING,
    "undefined-vm-flag": Level.WARNING,
}
_TO_DO = frozenset((Verdict.CONVERT, Verdict.KEEP, Verdict.NOPAGE, Verdict.UNRESOLVED))

RULES: dict[str, str] = {
    **{f"page-{role}": text.format("the primitive") for role, text in _SITE_MESSAGE.items()},
    **{f"verdict-{verdict}": meaning for verdict, meaning in MEANING.items()},
    "page-loop-off-by-one": "A loop over pages runs one page too far.",
    "unwind-skips-first": "An error path counts down and stops before the first element.",
    "undo-reserves-again": "Teardown reserves pages where it should end their reservation.",
    "freed-while-reserved": "Pages are freed and stay reserved, so they are lost.",
    "freed-by-other-family": "Memory is freed by a function that does not match its allocator.",
    "page-of-block-freed": "Single pages of a block of order > 0 are given back.",
    "leaked-on-error": "An error return forgets what was allocated.",
    "virtual-taken-for-physical": "A virtual address is translated as if it were physical.",
    "count-never-dropped": "A nopage() handler counts reserved pages, which munmap passes by.",
    "sleeps-in-timer": "A timer callback calls what may sleep.",
    "used-before-null-test": "Fresh memory is written to before its NULL test.",
    "never-given-back": "An unlock or a free stands behind a return.",
    "kept-after-free": "An error path frees what a member points to and leaves the pointer.",
    "stale-copy": "A retry changes a setting and allocates by an old copy of it.",
    "mapping-not-limited": "A buffer is mapped as long as user space asks.",
    "other-direction-kept": "close() frees less than open() reserved.",
    "freed-while-mapped": "An ioctl frees a buffer that user space may still map.",
    "other-buffer-mapped": "One buffer is set up and another one mapped.",
    "counted-though-failed": "A mapping that fails stays counted.",
    "lock-kept": "A return keeps a lock that the function gives back elsewhere.",
    "undefined-vm-flag": "A VM_ flag is used that this tree does not define.",
    "page-shared": "A mapping ignores the protection that user space asked for.",
    "dummy-swapout": "A swapout() handler that does nothing.",
    "unmarked-remap": "A vma of remapped memory is scanned for pages to swap.",
}


def notices(report: AuditReport) -> tuple[Notice, ...]:
    """All of *report*, in its order: sites, then verdicts with their findings."""
    seen: Counter[str] = Counter()
    found = []
    for rule, level, where, message, identity in _all(report):
        seen[identity] += 1
        text = f"{identity}\0{seen[identity]}".encode()
        fingerprint = hashlib.sha256(text).hexdigest()[:20]
        found.append(Notice(rule, level, *where, message, fingerprint))
    return tuple(found)


_Said = tuple[str, Level, tuple[PurePosixPath, int, int], str, str]


def _all(report: AuditReport) -> Iterator[_Said]:
    for site in report.sites:
        identity = f"{site.rule}\0{site.file}\0{site.function}\0{site.primitive}"
        where = (site.file, site.line, site.column)
        yield site.rule, Level.NOTE, where, site_message(site), identity
    first = {site.file: site for site in reversed(report.sites)}
    for driver in report.drivers:
        yield _verdict(driver, first.get(driver.file))
        yield from map(_finding, driver.findings)
    yield from map(_finding, report.findings)


def site_message(site: Site) -> str:
    """One line on *site*, without its place."""
    name = f"{site.alias} ({site.primitive})" if site.alias else site.primitive
    message = _SITE_MESSAGE[site.role].format(name)
    if site.function:
        message += f" in {site.function}()"
    return message if site.live else f"{message}, never compiled"


def _verdict(driver: Driver, site: Site | None) -> _Said:
    rule = f"verdict-{driver.verdict}"
    level = Level.WARNING if driver.verdict in _TO_DO else Level.NOTE
    here = [step.line for step in driver.chain if step.file == driver.file]
    line = site.line if site is not None else max(here, default=1)
    message = f"{driver.verdict}: {driver.reason}"
    return rule, level, (driver.file, line, 1), message, f"{rule}\0{driver.file}"


def _finding(found: Finding) -> _Said:
    # A rule of the user's, or another of patchkit's, says what is old, not what is wrong.
    level = _MILD.get(found.kind, Level.ERROR if found.kind in RULES else Level.WARNING)
    identity = f"{found.kind}\0{found.file}\0{re.sub(r'[0-9]+', '', found.message)}"
    return found.kind, level, (found.file, found.line, found.column), found.message, identity
