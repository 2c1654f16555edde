"""One moment as twelve programs write it."""

from __future__ import annotations

import datetime

import pytest

from patchkit.mail.date import mail_date, parse_date

MOMENT = datetime.datetime(2002, 10, 14, 10, 0, 1, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    "text",
    [
        "Mon, 14 Oct 2002 12:00:01 +0200",
        "Mon, 14 Oct 2002 12:00:01 +0200 (CEST)",
        "14 Oct 2002 12:00:01 +0200",
        "Mon Oct 14 2002 - 05:00:01 EST",
        "Mon Oct 14 12:00:01 CEST 2002",
        "Mon Oct 14 12:00:01 2002 +0200",
        "Mon Oct 14 10:00:01 2002",
        "2002-10-14 10:00:01",
        "2002-10-14 10:00:01 GMT",
        "2002-10-14T12:00:01+02:00",
        "2002/10/14 12:00:01+02:00",
        "2002-10-14 12:00:01 +0200",
    ],
)
def test_every_spelling_is_the_same_moment(text: str) -> None:
    assert parse_date(text) == MOMENT


@pytest.mark.parametrize("text", ["", "yesterday", "Mon, 99 Oct 2002 12:00:01", "2002-13-45"])
def test_what_is_no_date_stays_as_it_is(text: str) -> None:
    assert parse_date(text) is None
    assert mail_date(text) == text
