"""The verdict on one driver: which conversion is safe for it in this tree, and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath

from patchkit.audit.chain import Place, Step


class Verdict(StrEnum):
    """What the driver's author should do; UNRESOLVED where the chain could not be followed."""

    CONVERT = "convert-full"
    KEEP = "add-vma_reserve-keep-pages"
    NOPAGE = "needs-nopage-conversion-to-drop-pages"
    NOT_MAPPED = "not-mapped"
    DEFINITION = "definition-only"
    COMMENT = "comment-only"
    FALSE_FRIEND = "false-friend"
    UNRESOLVED = "unresolved"


MEANING: dict[Verdict, str] = {
    Verdict.CONVERT: "Mark the vma and drop the page reservation; no page depends on it.",
    Verdict.KEEP: "Keep the pages reserved and mark the vma where it is mapped.",
    Verdict.NOPAGE: "The reservation can only go together with remap_page_range: write a nopage().",
    Verdict.NOT_MAPPED: "These pages are never shown to user space; there is no vma to mark.",
    Verdict.DEFINITION: "The names are defined here, not used.",
    Verdict.COMMENT: "The names stand in comments only.",
    Verdict.FALSE_FRIEND: "The bit is read or cleared here without a reservation of this driver.",
    Verdict.UNRESOLVED: "The memory is mapped somewhere, but not seen where; look by hand.",
}


class Confidence(StrEnum):
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong, or worth doing, beside the verdict. ``kind`` is its stable id."""

    kind: str
    file: PurePosixPath
    line: int
    message: str
    column: int = 1


@dataclass(frozen=True, slots=True)
class Memory:
    """What is reserved: the allocators, as written, and whether all of it is single pages.

    ``single_pages`` is None where no allocator was found; ``blocks`` is True where all of it is
    surely of a higher order.
    """

    allocators: tuple[str, ...]
    single_pages: bool | None
    blocks: bool = False

    def __str__(self) -> str:
        if self.single_pages is None:
            return "not seen"
        more = "order 1 or more" if self.blocks else "order 0 or more"
        order = "order 0" if self.single_pages else more
        return f"{', '.join(self.allocators)} ({order})"


@dataclass(frozen=True, slots=True)
class Driver:
    """One file's verdict with all that leads to it."""

    file: PurePosixPath
    verdict: Verdict
    reason: str
    memory: Memory
    places: tuple[Place, ...] = ()
    chain: tuple[Step, ...] = ()
    findings: tuple[Finding, ...] = ()
    confidence: Confidence = Confidence.HIGH
    site_verdicts: tuple[tuple[int, Verdict], ...] = ()  # by line, where one differs
