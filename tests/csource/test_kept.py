"""Facts that were kept are those that would be worked out again."""

from __future__ import annotations

import marshal
from pathlib import PurePosixPath

import pytest

from patchkit.csource.kept import dumped, loaded
from patchkit.csource.unit import Unit

PATH = PurePosixPath("a.c")
SOURCE = b"""#if LINUX_VERSION_CODE < 5
int old(void) { return 1; }
#endif
struct s { int x; };
static int f(struct s *s)
{
	int i, n = g(s->x);

	for (i = 0; i < n; i++)
		s->x += h(i, "text");
	return @ n;
}
"""


def test_a_unit_of_kept_facts_answers_as_the_first_one_did() -> None:
    known = {b"LINUX_VERSION_CODE": 6}
    first = Unit(PATH, SOURCE, known)
    assert first.kept is None
    body = first.body(first.by_name[b"f"])
    assert body.calls
    assert body.loops
    assert body.unparsed
    assert first.kept is not None
    kept = loaded(dumped(first.kept))
    assert kept == first.kept
    again = Unit(PATH, SOURCE, known, kept)
    assert again.functions.all == first.functions.all
    assert again.branches == first.branches
    assert again.struct_members(b"s") == (b"x",)
    assert again.body(again.by_name[b"f"]) == body


@pytest.mark.parametrize(
    "stored", [b"", b"nonsense", marshal.dumps(1), marshal.dumps((1, 2, 3, 4)), b"\xe9\xff"]
)
def test_what_was_not_kept_by_this_is_nothing(stored: bytes) -> None:
    assert loaded(stored) is None
