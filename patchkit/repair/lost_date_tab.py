"""diff puts a tab between name and date; an archive makes it a blank, and parsers take the date
for a part of the name."""

from __future__ import annotations

import re

KIND = "lost-date-tab"
MONTH = rb"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
# GNU diff of the time ("Fri Oct 20 17:56:09 2000"), ISO dates of today's, CVS's "20 Oct 2000",
# and the "(revision 12)" or "(working copy)" of svn.
DATE = re.compile(
    rb"\s+((?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),?\s.*|\d{4}[-/]\d\d[-/]\d\d\b.*|\d{1,2} "
    + MONTH
    + rb" \d.*|\((?:revision \d+|working copy|nonexistent)\)))$",
    re.S,
)


def mend(label: bytes) -> bytes:
    """*label* with the tab before its date."""
    return label if b"\t" in label else DATE.sub(rb"\t\1", label, count=1)
