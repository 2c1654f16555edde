"""Names and addresses, as mailers and as archives spell them."""

from __future__ import annotations

import re
from email.utils import parseaddr

from patchkit.mail.subject import printable
from patchkit.patch.model import Person

# "Name (user@host)" is hypermail's, the reverse of RFC 822's old "user@host (Name)".
NAME_FIRST = re.compile(r"(?P<name>[^<>()]*?)\s*\(\s*(?P<email>[^()\s]+@[^()\s]+)\s*\)\s*$")
# Against harvesters: Pipermail "greg at kroah.com", MARC "greg () kroah ! com", Gmane "greg <at>
# kroah.com", hypermail "greg_at_kroah.com" and "greg&#64;kroah.com" (an entity as others are).
PIPERMAIL_AT = re.compile(r"(?<=[\w.+-]) at (?=[\w-]+\.[\w.-]+)")
MARC_AT = re.compile(r"(?<=[\w.+-]) \(\) (?=[\w-])")
MARC_DOT = re.compile(r"(?<=[\w-]) ! (?=[\w-])")
ANTI_SPAM = re.compile(r"(?:_at_|\(at\)|\[at\]| AT )(?=[\w-]+(?:\.|_dot_)[\w.-]+)")
# "(via Rusty) William Lee Irwin III <...>", by a script that passed patches on.
REMARK = re.compile(r"^\s*\([^()]*\)\s*(?=\S+ )")
# parseaddr recurses for each bracket.
LONGEST = 320
ANGLED = re.compile(r"(?P<name>.*?)\s*<\s*(?P<email>[^<>]*)>")


def plain_address(text: str) -> str:
    """*text* with the addresses that an archive made unreadable readable again."""
    text = MARC_AT.sub("@", text.replace(" <at> ", "@"))
    if "@" in text:
        text = MARC_DOT.sub(".", text)
        if "@" in text and " at " not in text:
            return text
    return ANTI_SPAM.sub("@", PIPERMAIL_AT.sub("@", text))


def parse_person(text: str) -> Person:
    """The person that *text*, decoded, names; any of the parts may be missing."""
    text = REMARK.sub("", plain_address(printable(text)[:LONGEST]))
    if match := NAME_FIRST.match(text):
        if match["name"]:
            return Person(_unquoted(match["name"]), match["email"])
        return Person("", match["email"])
    if match := ANGLED.match(text):
        return Person(_unquoted(match["name"]), match["email"].strip())
    name, email = parseaddr(text)
    if "@" not in email:
        return Person(_unquoted(text), "")
    return Person(_unquoted(name), email)


def _unquoted(name: str) -> str:
    name = name.strip().rstrip(",").strip()
    if len(name) > 1 and name[0] == name[-1] and name[0] in "\"'":
        name = name[1:-1]
    return name.replace('\\"', '"').replace("\\\\", "\\").strip()
