"""Bars in plain HTML: each with its label and its number, so that nothing depends on colour."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

STYLE = """
.bar{font-size:.875rem}.bar i{display:inline-block;height:.9rem;background:var(--bar);
border-radius:2px;vertical-align:middle;margin-right:.5rem}figure{margin:1rem 0}
"""
# of the width; the number stands behind the bar
LONGEST = 80


def bars(title: str, points: Sequence[tuple[str, float]]) -> str:
    """A horizontal bar for each (label, value); values are not negative."""
    most = max((value for _, value in points), default=0) or 1
    rows = "".join(
        f'<div class="bar">{escape(label)}<br><i style="width:{LONGEST * value / most:.1f}%"></i>'
        f"{value:g}</div>"
        for label, value in points
    )
    return f"<figure><figcaption><b>{escape(title)}</b></figcaption>{rows}</figure>"
