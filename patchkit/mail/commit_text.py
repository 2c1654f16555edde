"""The text above a diff → what goes into a commit: author, subject, message, trailers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from patchkit.mail.charset import for_people
from patchkit.mail.heads.bitkeeper import bitkeeper
from patchkit.mail.heads.git_show import git_show
from patchkit.mail.heads.in_body import in_body
from patchkit.mail.heads.mercurial import mercurial
from patchkit.mail.heads.said import Said
from patchkit.mail.person import parse_person
from patchkit.mail.subject import parse_subject, printable
from patchkit.patch.model import Head

# The first that knows a text's head is believed.
HEADS: tuple[Callable[[list[str]], Said | None], ...] = (git_show, mercurial, bitkeeper, in_body)
SCISSORS = re.compile(r"(?=.*(?:8<|>8|%<|>%))[-\s8<>%]*-[-\s8<>%]*-[-\s8<>%]*$")
SEPARATOR = re.compile(r"---\s*$")
STAT = re.compile(r" ?\S.* \|\s+(?:\d+ *[-+]*|Bin\b.*|0)$| ?\d+ files? changed\b.*")
STAT_BYTES = re.compile(
    rb"^---[ \t\r]*\n(?:[ \t\r]*\n)?(?: \S[^\n]* \|[ \t]+(?:\d|Bin)[^\n]*\n)", re.M
)
DIFF = re.compile(rb"^(?:diff -|Index: |--- [^\n]*\n\+\+\+ )", re.M)
TRAILER = re.compile(r"([A-Za-z][A-Za-z0-9-]{1,60}):\s+(\S.*)")
# "[akpm: fixed it]", "(cherry picked from commit ...)"
BRACKETED = re.compile(r"[\[(].*[\])]$")
# Of a paragraph of fields, one of these makes it trailers.
CERTAIN = re.compile(r".*-by$|cc$|fixes$|closes$|link$|message-id$|change-id$|bugzilla$", re.I)
# A line as a subject: longer ones are the beginning of a letter.
LONGEST_SUBJECT = 100


def with_commit_text(head: Head, prose: bytes, charset: str = "") -> Head:
    """*head*, which a mail's fields gave, completed by the text above the diff: an author named
    there is believed before the sender, as ``git am`` does."""
    lines = _lines(prose, charset)
    lines = _below_scissors(lines)
    said = next((said for read in HEADS if (said := read(lines))), Said(tuple(lines)))
    if said.author:
        head = replace(
            head, author=parse_person(said.author), date=printable(said.date) or head.date
        )
    elif said.date and not head.date:
        head = replace(head, date=printable(said.date))
    if said.subject:
        head = replace(head, subject=parse_subject(said.subject).text)
    paragraphs = _message(list(said.rest))
    if not head.subject and paragraphs and len(paragraphs[0]) <= LONGEST_SUBJECT:
        head = replace(head, subject=parse_subject(paragraphs[0]).text)
        paragraphs = paragraphs[1:]
    message, trailers = split_trailers("\n".join(paragraphs).strip("\n"))
    commit = said.commit or head.commit
    trailers = (*trailers, *said.fields, *head.trailers)
    return replace(head, message=message, trailers=trailers, commit=commit)


def diff_starts(body: bytes) -> int:
    """Where in *body* a diff may begin: below the ``---`` and diffstat that end a commit's
    message, where they are; a diff that the message quotes is not to be applied."""
    stat = STAT_BYTES.search(body)
    return stat.start() if stat and DIFF.search(body, stat.end()) else 0


def split_trailers(message: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """*message* without the trailers at its end, and these, a folded one in one line."""
    above, _, last = message.rpartition("\n\n")
    found: list[tuple[str, str]] = []
    for line in last.splitlines():
        if match := TRAILER.match(line):
            found.append((match[1], match[2].rstrip()))
        elif found and line[:1] in (" ", "\t"):
            found[-1] = found[-1][0], f"{found[-1][1]} {line.strip()}"
        elif found and BRACKETED.match(line):
            found.append(("", line))
        else:
            return _only_last_lines(message)
    if not any(CERTAIN.match(name) for name, _ in found):
        return message, ()
    return above.rstrip(), tuple(found)


def _only_last_lines(message: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Signatures right below the text, as often in 2004: only names that can't be prose."""
    lines = message.split("\n")
    at = len(lines)
    while at and (match := TRAILER.match(lines[at - 1])) and match[1].lower().endswith("-by"):
        at -= 1
    found = [TRAILER.match(line) for line in lines[at:]]
    return "\n".join(lines[:at]).rstrip(), tuple((m[1], m[2].rstrip()) for m in found if m)


def _lines(prose: bytes, charset: str) -> list[str]:
    text = for_people(prose, charset).replace("\r", "").replace("\xa0", " ")
    return [_without_controls(line).rstrip() for line in text.split("\n")]


def _without_controls(line: str) -> str:
    if line.isprintable():
        return line
    return "".join(c if c == "\t" or c.isprintable() else " " for c in line)


def _below_scissors(lines: list[str]) -> list[str]:
    for at in range(len(lines) - 1, -1, -1):
        if len(lines[at]) < 200 and SCISSORS.match(lines[at]):
            return lines[at + 1 :]
    return lines


def _message(lines: list[str]) -> list[str]:
    """The lines above the ``---``, or above the diffstat where there is none, blank ones around
    them gone."""
    end = next((at for at, line in enumerate(lines) if SEPARATOR.match(line)), len(lines))
    lines = lines[:end]
    while lines and (not lines[-1].strip() or STAT.match(lines[-1])):
        lines.pop()
    start = next((at for at, line in enumerate(lines) if line.strip()), len(lines))
    return lines[start:]
