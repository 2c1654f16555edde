"""What was rewritten against what was there, token by token: no difference without a rule."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patchkit.csource.edit import Edit, apply_edits
from patchkit.kbuild.newcc.effect import Compared, Effect, Untold, effects, summed
from patchkit.kbuild.newcc.reads import files_read, tree_facts
from patchkit.kbuild.newcc.rewrite import rewrite
from patchkit.kbuild.newcc.spans import Span, composed
from patchkit.kbuild.newcc.tokens import Change, Unclaimed, changes, tokens
from patchkit.snapshots.git_tree import git_tree
from tests.kbuild.test_newcc_cases import CASES, PLACES

MAIN = PurePosixPath("kernel/main.c")


def after(text: bytes, *edits: Edit) -> list[Change | Unclaimed]:
    """What the comparison says where *edits* were made and a rule named r owns up to the first."""
    return list(changes(text, apply_edits(text, edits), composed((), edits[:1], "r")))


def unclaimed(found: list[Change | Unclaimed]) -> list[Unclaimed]:
    return [one for one in found if isinstance(one, Unclaimed)]


def test_tokens_are_those_of_c() -> None:
    text = b'a+++b <<= L"x\\"y" /* no */ 0x1.8p-3 \\\n // no\n##...->'
    found = [token.text for token in tokens(text)]
    assert found == [
        b"a",
        b"++",
        b"+",
        b"b",
        b"<<=",
        b'L"x\\"y"',
        b"0x1.8p-3",
        b"##",
        b"...",
        b"->",
    ]
    assert all(text[token.start : token.end] == token.text for token in tokens(text))


@pytest.mark.parametrize(
    "case",
    sorted(CASES.glob("*/*/before.*")),
    ids=lambda case: f"{case.parts[-3]}/{case.parts[-2]}",
)
def test_each_change_of_a_case_has_its_rule_and_changes_tokens(case: Path) -> None:
    path, text = PurePosixPath(PLACES[case.suffix]), case.read_bytes()
    new = rewrite(path, text, tree_facts({path: text}, {}))
    found = list(changes(text, new.text, new.spans))
    assert unclaimed(found) == []
    assert all(isinstance(one, Change) and one.before != one.after for one in found)
    assert {rule for one in found for rule in getattr(one, "rules", ())} == {
        place.rule for place in new.places
    }


def test_a_difference_without_a_rule_is_found() -> None:
    text = b"int a;\nint b;\nint c;\n"
    claimed, other = Edit(0, 3, b"long"), Edit(18, 19, b"d")
    assert unclaimed(after(text, claimed)) == []
    assert unclaimed(after(text, claimed, other)) == [Unclaimed(3, b"c", b"d")]
    assert unclaimed(after(text, claimed, Edit(21, 21, b"e;"))) == [Unclaimed(4, None, b"e")]
    assert unclaimed(after(text, claimed, Edit(14, 20, b""))) == [Unclaimed(3, b"int", None)]


@pytest.mark.parametrize("opens", [b'"', b"/*", b"//"])
def test_a_rule_that_changes_what_comes_behind_it_is_found(opens: bytes) -> None:
    found = after(b"int a; int b;\nint c;\n", Edit(6, 6, opens))
    assert len(unclaimed(found)) == 1


def test_words_that_grow_together_are_the_rules_own() -> None:
    (one,) = after(b"int helper;\n", Edit(10, 10, b"__static"))
    assert one == Change(("r",), 1, (b"helper", b";"), (b"helper__static", b";"))


def test_a_token_at_several_places_is_one_change() -> None:
    text = b'asm("a\nb\nc");\n'
    new = rewrite(MAIN, text, tree_facts({}, {}))
    (one,) = changes(text, new.text, new.spans)
    assert one == Change(("raw-newlines",), 1, (b'"a\nb\nc"',), (b'"a\\n"', b'"b\\n"', b'"c"'))


def test_effects_are_counted_by_rule_and_an_untold_token_ends_the_count() -> None:
    text = b"static long a; static long b;\n"
    edits = (Edit(0, 6, b"extern"), Edit(15, 15, b" "))
    new, spans = apply_edits(text, edits), composed((), edits, "r")
    found = effects(Compared(MAIN, text, new, spans))
    assert found == (Effect(("r",), 2, 1, 1, 1, 1),)
    broken = effects(Compared(MAIN, text, new + b"x", spans))
    assert broken == Untold(MAIN, Unclaimed(2, None, b"x"))
    other = Effect(("s",), 5, 1, 0, 5, 0)
    assert summed([found, (other, *found)]) == (other, Effect(("r",), 4, 2, 2, 2, 2))


@st.composite
def edited(draw: st.DrawFn) -> tuple[bytes, list[list[Edit]]]:
    """A text, and rounds of edits that do not overlap, each of what the round before made."""
    begin = text = draw(st.binary(min_size=1, max_size=30))
    rounds = []
    for _ in range(draw(st.integers(1, 4))):
        cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=6)))
        pairs = zip(cuts[::2], cuts[1::2], strict=False)
        edits = [Edit(start, end, draw(st.binary(max_size=4))) for start, end in pairs]
        rounds.append(edits)
        text = apply_edits(text, edits)
    return begin, rounds


@given(edited())
def test_outside_of_the_spans_the_bytes_are_the_same(case: tuple[bytes, list[list[Edit]]]) -> None:
    old, rounds = case
    new, spans = old, tuple[Span, ...]()
    for number, edits in enumerate(rounds):
        spans = composed(spans, edits, str(number))
        new = apply_edits(new, edits)
    at_old = at_new = 0
    for span in (*spans, Span((), len(old), len(old), len(new), len(new))):
        assert at_old <= span.old <= span.old_end
        assert old[at_old : span.old] == new[at_new : span.new]
        at_old, at_new = span.old_end, span.new_end
    told = {rule for span in spans for rule in span.rules}
    assert told == {str(number) for number, edits in enumerate(rounds) if edits}


@pytest.mark.history
def test_tokens_of_a_real_kernel_differ_only_where_a_rule_says(history: Path) -> None:
    tree = git_tree(history, "2.4.0-test10")
    scsi = tuple(f"drivers/scsi/{name}.c" for name in ("advansys", "in2000", "u14-34f", "53c7,8xx"))
    places = ("kernel", "mm", "fs/affs", "net/khttpd", *scsi)
    sources = [path for name in places for path in tree.paths(PurePosixPath(name))]
    texts, includes = files_read([p for p in sources if p.suffix == ".c"], tree.read, "i386")
    facts = tree_facts(texts, includes)
    rewritten = ((path, text, rewrite(path, text, facts)) for path, text in texts.items())
    each = [effects(Compared(path, text, new.text, new.spans)) for path, text, new in rewritten]
    assert [one for one in each if isinstance(one, Untold)] == []
    found = summed(one for one in each if not isinstance(one, Untold))
    rules = {rule for row in found for rule in row.rules}
    assert rules >= {"asm-memory-clobber", "cast-lvalues", "early-arrays", "conditional-lvalues"}
    assert sum(row.idle for row in found) == 0
