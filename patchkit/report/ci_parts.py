"""Pieces of the page: what is folded away, tables, and a verdict in its colour."""

from __future__ import annotations

from html import escape
from typing import Any


class Markup(str):
    """HTML, as it is to be shown."""


def verdict(code: int) -> str:
    return '<span class="ok">passed</span>' if code == 0 else '<span class="bad">failed</span>'


def folded(title: str, body: str, *, open_: bool = False) -> str:
    shown = " open" if open_ else ""
    return f"<details{shown}><summary>{escape(title)}</summary>{body}</details>"


def listed(head: tuple[str, ...], rows: list[tuple[Any, ...]]) -> str:
    """A table of sentences: on a phone each row is a paragraph."""
    top = "".join(f"<th>{escape(name)}</th>" for name in head)
    body = "".join(
        "<tr>"
        + "".join(
            f'<td data-head="{escape(name)}">{_shown(cell)}</td>'
            for name, cell in zip(head, row, strict=True)
        )
        + "</tr>"
        for row in rows
    )
    return f'<div class="wide listed"><table><tr>{top}</tr>{body}</table></div>'


def _shown(cell: object) -> str:
    return cell if isinstance(cell, Markup) else escape(str(cell))


def table(head: tuple[str, ...], rows: list[tuple[Any, ...]]) -> str:
    top = "".join(f"<th>{escape(name)}</th>" for name in head)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f'<div class="wide"><table><tr>{top}</tr>{body}</table></div>'
