"""Dates as mailers, archives and version control write them."""

from __future__ import annotations

import datetime
import re
from email.utils import parsedate_to_datetime

# "Fri Oct 20 2000 - 11:45:11 EST", hypermail's.
HYPERMAIL = re.compile(r"(\w{3}) (\w{3}) +(\d{1,2}) (\d{4}) - ([\d:]{5,8}) *(.*)")
# asctime's, with the zone before the year (date) or behind it (git, hg).
ASCTIME = re.compile(
    r"(?:\w{3},? )?(\w{3}) +(\d{1,2}) ([\d:]{5,8})(?: ([A-Z]{3,5}))? (\d{4})(?: ([-+]\d{4}))?$"
)
# ISO and its kin: MARC and lore give UTC without saying so, BitKeeper writes slashes.
NUMERIC = re.compile(
    r"(\d{4})[-/](\d\d)[-/](\d\d)(?:[ T](\d\d:\d\d(?::\d\d)?)(?:\.\d+)?)?"
    r" ?(?:UTC|GMT|Z)?([-+]\d\d:?\d\d)?$"
)
# The zones that email does not know (it has North America's), as European lists' dates have them.
ZONES = {
    "WET": "+0000", "BST": "+0100", "CET": "+0100", "MET": "+0100", "MEZ": "+0100",
    "CEST": "+0200", "MEST": "+0200", "MESZ": "+0200", "EET": "+0200", "EEST": "+0300",
    "MSK": "+0300", "MSD": "+0400", "JST": "+0900",
}  # fmt: skip


def parse_date(text: str) -> datetime.datetime | None:
    """*text* as a moment with its zone (UTC where it has none); None where it is no date."""
    text = re.sub(r"\s*\([^()]*\)$", "", text.strip()[:100])
    if match := NUMERIC.match(text):
        year, month, day, clock, zone = match.groups()
        return _iso(f"{year}-{month}-{day}T{clock or '00:00'}{zone or '+00:00'}")
    if match := HYPERMAIL.match(text):
        weekday, month, day, year, clock, zone = match.groups()
        text = f"{weekday}, {day} {month} {year} {clock} {ZONES.get(zone, zone)}"
    elif match := ASCTIME.match(text):
        month, day, clock, name, year, offset = match.groups()
        zone = offset or ZONES.get(name, name) or "+0000"
        text = f"{day} {month} {year} {clock} {zone}"
    try:
        date = parsedate_to_datetime(text)
        return date if date.tzinfo else date.replace(tzinfo=datetime.UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _iso(text: str) -> datetime.datetime | None:
    try:
        return datetime.datetime.fromisoformat(text)
    except ValueError:
        return None


def mail_date(text: str) -> str:
    """*text* in RFC 5322's form, which git takes; as it is where it is no date."""
    date = parse_date(text)
    return date.strftime("%a, %d %b %Y %H:%M:%S %z") if date else text
