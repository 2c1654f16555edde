"""One verdict as a page to read."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from patchkit.audit.driver import MEANING, Driver
from patchkit.audit.notice import site_message
from patchkit.flows.audit.explain_audit import Explained


def as_page(explained: Explained) -> str:
    """*explained* in paragraphs of at most 90 columns, without a final newline."""
    return "\n".join(_paragraphs(explained))


def _paragraphs(explained: Explained) -> Iterator[str]:
    title = f"{explained.verdict} in {explained.target}"
    yield title
    yield "=" * len(title)
    yield _filled(MEANING[explained.verdict])
    if explained.site is not None:
        site = explained.site
        yield ""
        yield _filled(f"{site.file}:{site.line}: {site_message(site)}.")
    if explained.driver is not None:
        yield from _driver(explained.driver)
    yield ""
    yield "What this tree does"
    yield "-------------------"
    for rule in explained.rules.rules:
        holds = "yes" if rule.holds else "no "
        yield f"{holds}  {rule.means}"
        yield f"     {rule.where}"


def _driver(driver: Driver) -> Iterator[str]:
    yield ""
    yield _filled(driver.reason)
    yield ""
    yield f"Memory: {driver.memory}. Confidence: {driver.confidence}."
    for place in driver.places:
        yield f"vma_reserve(vma): in {place.function}(), after {place.file}:{place.line}"
    yield ""
    yield "The chain"
    yield "---------"
    for step in driver.chain:
        yield f"{step.file}:{step.line}"
        yield f"     {step.what}"
    if driver.findings:
        yield ""
        yield "Also"
        yield "----"
        for found in driver.findings:
            yield f"{found.file}:{found.line} [{found.kind}]"
            yield textwrap.indent(_filled(found.message, 85), "     ")


def _filled(text: str, width: int = 90) -> str:
    return textwrap.fill(text, width, break_long_words=False, break_on_hyphens=False)
