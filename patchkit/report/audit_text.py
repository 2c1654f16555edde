"""An audit as lines for people and editors: ``file:line:column: message [rule]``."""

from __future__ import annotations

from collections.abc import Iterator

from patchkit.audit.report import AuditReport
from patchkit.audit.site import Role, Site

_MESSAGE = {
    Role.RESERVE: "{} reserves a page",
    Role.UNRESERVE: "{} ends a page's reservation",
    Role.DEFINE: "{} is defined here",
    Role.MENTION: "{} is only mentioned",
}


def as_text(report: AuditReport) -> str:
    """*report* line by line, without a final newline; empty where nothing was found."""
    return "\n".join(_lines(report))


def _lines(report: AuditReport) -> Iterator[str]:
    for site in report.sites:
        yield f"{site.file}:{site.line}:{site.column}: {_message(site)} [{site.rule}]"
    for file in report.files:
        if file.unparsed:
            first = file.unparsed[0].line
            yield f"{file.file}:{first}:1: {_spans(len(file.unparsed))} [unparsed]"


def _spans(count: int) -> str:
    if count == 1:
        return "from here on a span that the C grammar can't read; sites in it are listed"
    return f"first of {count} spans that the C grammar can't read; sites in them are listed"


def _message(site: Site) -> str:
    name = f"{site.alias} ({site.primitive})" if site.alias else site.primitive
    message = _MESSAGE[site.role].format(name)
    if site.function:
        message += f" in {site.function}()"
    return message if site.live else f"{message}, never compiled"
