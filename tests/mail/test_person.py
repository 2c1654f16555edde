"""Names and addresses as mailers, archives and people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patchkit.mail.person import parse_person
from patchkit.patch.model import Person

ADA = Person("Ada Lamplighter", "ada@example.org")


@pytest.mark.parametrize(
    "text",
    [
        "Ada Lamplighter <ada@example.org>",
        '"Ada Lamplighter" <ada@example.org>',
        "ada@example.org (Ada Lamplighter)",
        "Ada Lamplighter (ada@example.org)",
        "Ada Lamplighter <ada () example ! org>",
        "Ada Lamplighter <ada at example.org>",
        "ada at example.org (Ada Lamplighter)",
        "Ada Lamplighter <ada <at> example.org>",
        "Ada Lamplighter <ada_at_example.org>",
        "Ada\n Lamplighter\t<ada@example.org>",
    ],
)
def test_every_spelling_names_ada(text: str) -> None:
    assert parse_person(text) == ADA


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("ada@example.org", Person("", "ada@example.org")),
        ("<ada@example.org>", Person("", "ada@example.org")),
        ("Ada Lamplighter", Person("Ada Lamplighter", "")),
        ("Ada Lamplighter <>", Person("Ada Lamplighter", "")),
        ('"Lamplighter, Ada" <ada@example.org>', Person("Lamplighter, Ada", "ada@example.org")),
        ("Ada at home <ada@example.org>", Person("Ada at home", "ada@example.org")),
        ("", Person("", "")),
    ],
)
def test_what_is_missing_is_empty(text: str, person: Person) -> None:
    assert parse_person(text) == person


@given(st.text(alphabet='<>()@,;:\\".[] \x1b\nab\u00e9\u2028', max_size=400))
def test_any_text_is_read_without_complaint(text: str) -> None:
    person = parse_person(text)
    assert (person.name + person.email).isprintable()
