"""Bars as SVG: each with its label and its number, so that nothing depends on colour."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

WIDTH, LABEL, ROW = 640, 300, 24


def bars(title: str, points: Sequence[tuple[str, float]]) -> str:
    """A horizontal bar for each (label, value); values are not negative."""
    most = max((value for _, value in points), default=0) or 1
    room = WIDTH - LABEL - 80
    rows = []
    for at, (label, value) in enumerate(points):
        y = at * ROW
        length = round(room * value / most, 1)
        rows.append(
            f'<text x="0" y="{y + 16}">{escape(label)}</text>'
            f'<rect x="{LABEL}" y="{y + 4}" width="{length}" height="{ROW - 8}"/>'
            f'<text x="{LABEL + length + 6}" y="{y + 16}">{value:g}</text>'
        )
    height = ROW * len(points)
    return (
        f'<figure><figcaption>{escape(title)}</figcaption><svg viewBox="0 0 {WIDTH} {height}" '
        f'width="{WIDTH}" role="img" aria-label="{escape(title)}" '
        f'font-size="12" fill="currentColor">{"".join(rows)}</svg></figure>'
    )
