"""What mailers, archives and people do to a diff, each as a function over its text."""

from __future__ import annotations

import html
import quopri
import re
from collections.abc import Callable

Damage = Callable[[bytes], bytes]


def by_line(change: Callable[[bytes], bytes]) -> Damage:
    """*change* done to each line of a text."""

    def damage(text: bytes) -> bytes:
        return b"".join(change(line) + b"\n" for line in text.split(b"\n")[:-1])

    return damage


def entities(text: bytes) -> bytes:
    return html.escape(text.decode("latin-1"), quote=False).encode("latin-1")


def wrapped(text: bytes, width: int = 76) -> bytes:
    """Lines cut at the last blank before *width*, as mailers did."""
    out = []
    for line in text.split(b"\n")[:-1]:
        rest = line
        while len(rest) > width and (cut := rest.rfind(b" ", 20, width + 1)) > 0:
            out.append(rest[:cut])
            rest = rest[cut + 1 :]
        out.append(rest)
    return b"\n".join(out) + b"\n"


def collapsed(line: bytes) -> bytes:
    """hypermail: leading white space keeps its columns, every other run is one blank."""
    text = line.rstrip()
    lead = re.match(rb"[ \t]*", text)
    assert lead is not None
    columns = lead[0].replace(b"\t", b" " * 8)
    return columns + re.sub(rb"[ \t]+", b" ", text[lead.end() :])


# After these nothing is lost: the very diff has to come back.
LOSSLESS: dict[str, Damage] = {
    "carriage returns": by_line(lambda line: line + b"\r"),
    "quoted-printable": quopri.encodestring,
    "quoted": by_line(lambda line: b"> " + line),
    "quoted twice": by_line(lambda line: b"> > " + line),
    "quoted with initials": by_line(lambda line: b"JD> " + line),
    "dash escapes": by_line(lambda line: b"- " + line if line.startswith(b"-") else line),
    "entities": entities,
    "a page's lines": lambda text: by_line(lambda line: b"<span>" + line + b"</span>")(
        entities(text)
    ),
    "blank context lost": by_line(lambda line: b"" if line == b" " else line),
}
# After these only the target knows what the white space was.
LOSING: dict[str, Damage] = {
    "tabs expanded": by_line(lambda line: line.expandtabs(8)),
    "runs collapsed": by_line(collapsed),
    "no-break spaces": by_line(lambda line: collapsed(line).replace(b"  ", b"\xc2\xa0 ")),
}
