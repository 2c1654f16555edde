"""Each hunk as it was sent beside what the tree has for it; one above the other on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

STYLE = """
.hunk{border:1px solid var(--line);border-radius:6px;margin:.75rem 0;overflow:hidden}
.hunk>header{padding:.4rem .75rem;background:var(--soft)}.hunk p{margin:.3rem .75rem}
.sides{display:grid;gap:1px;background:var(--line)}
.sides>div{background:var(--page);min-width:0}.sides h4{margin:.3rem .75rem;font-size:.8rem;
font-weight:600;color:var(--quiet)}.sides pre{margin:0;background:none;border-radius:0}
ins,del{text-decoration:none;display:block;min-width:max-content}
ins{background:var(--added)}del{background:var(--removed)}
@media(min-width:56rem){.sides{grid-template-columns:1fr 1fr}}
"""
MARKS = {"+": "ins", "-": "del"}
RIGHT = {
    "applied": "As landed",
    "already": "In the tree already",
    "conflict": "Refused; where the tree is most like it",
}


def hunks(document: dict[str, Any]) -> Iterator[str]:
    """The hunks of an ``apply`` document with the evidence that a recipe's run adds to it."""
    texts = {
        (one["patch"], one["path"], one["number"]): (one["sent"], one["landed"])
        for one in document.get("evidence", ())
    }
    for file in document.get("files", ()):
        if not file["hunks"]:
            said = f"{file['path']}: {file['outcome']} {file['reason']}"
            yield f"<p>{escape(said)}</p>"
        for hunk in file["hunks"]:
            sides = texts.get((file["patch"], file["path"], hunk["number"]))
            yield _hunk(file["path"], hunk, sides)


def _hunk(path: str, hunk: dict[str, Any], sides: tuple[str, str] | None) -> str:
    outcome = hunk["outcome"]
    kind = "bad" if outcome == "conflict" else "ok"
    how = f", {hunk['how']}" if hunk["how"] else ""
    place = f"line {hunk['line']}" if hunk["line"] else f"stated line {hunk['stated_line']}"
    moved = f" ({hunk['offset']:+d})" if hunk["offset"] else ""
    words = [hunk["reason"], *hunk["details"], *hunk["doubts"]]
    notes = "".join(f"<p>{escape(word)}</p>" for word in words if word)
    head = (
        f"<header><b>{escape(path)}</b> hunk {hunk['number']}: "
        f'<span class="{kind}">{escape(outcome)}</span>{escape(how)}, {place}{moved}</header>'
    )
    return f'<div class="hunk">{head}{notes}{_sides(outcome, sides) if sides else ""}</div>'


def _sides(outcome: str, sides: tuple[str, str]) -> str:
    left = _side("As sent", sides[0])
    right = _side(RIGHT.get(outcome, outcome), sides[1]) if sides[1] else ""
    return f'<div class="sides">{left}{right}</div>'


def _side(title: str, text: str) -> str:
    lines = "".join(_line(line) for line in text.splitlines())
    return f'<div><h4>{title}</h4><pre tabindex="0">{lines}</pre></div>'


def _line(line: str) -> str:
    shown = escape("".join(c for c in line if c.isprintable() or c == "\t"))
    tag = MARKS.get(line[:1])
    return f"<{tag}>{shown}</{tag}>" if tag else f"{shown}\n"
