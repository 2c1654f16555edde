"""A clean diff lands as it is on the file that it was made from, and never makes another file."""

from __future__ import annotations

import random
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from patchkit.patch.diff import change_between
from patchkit.patch.model import Hunk
from patchkit.patch.render import file_bytes
from patchkit.port.ladder.choose import CLEARLY_NEARER
from patchkit.port.outcome import Outcome
from patchkit.port.patch import port
from patchkit.port.taken_back import taken_back
from patchkit.repair.mend import Mended, MendedFile, mend
from patchkit.snapshots.git_tree import git_tree
from patchkit.tree.overlay import File, MemoryTree, Overlay

PATH = PurePosixPath("drivers/lamp.c")
# C as it is, and lines that look like parts of a diff or a mail. (A diff in which all signs "="
# are "=20", or all "&" are "&amp;", is taken for a mailer's work, and nothing in it can tell.)
VOCABULARY = (
    b"\tint level;", b"{", b"}", b"", b"", b"\treturn 0;", b"static int lamp_set(int level)",
    b"\tspin_lock(&lamp);", b"\tspin_unlock(&lamp);", b"  x = 1;", b"\tx = 2;\t/* a  b */",
    b"#endif", b"\tif (err)", b"\t\tgoto out;", b"form\x0cfeed", b"caf\xe9", b"\xc2\xa0", b"\xa0 x",
    b" trailing  ", b"\t", b" ", b"- dash", b"--", b"-- ", b"--- x", b"--- a/x.c", b"+ plus",
    b"+++ b/x.c", b"\\ back", b"\\ No newline at end of file", b"> quoted", b"@@", b"@@ -1 +1 @@",
    b"@@ -1,2 +1,2 @@", b"diff --git a/x b/x", b"index 123..456", b"Index: x", b"From x",
    b"a = 20;", b"if (x=20 && a<b)", b"long " * 20, b"a\rb",
)  # fmt: skip
LINES = st.sampled_from(VOCABULARY) | st.integers(0, 40).map(lambda n: b"\tcall_%d(x);" % n)
ENDS = st.sampled_from((b"\n", b"\n", b"\n", b"\r\n"))


class Pair(NamedTuple):
    """A file before and after."""

    old: bytes
    new: bytes


def text(lines: Sequence[bytes], end: bytes, *, newline: bool) -> bytes:
    whole = b"".join(line + end for line in lines)
    return whole if newline else whole.removesuffix(end)


@st.composite
def pairs(draw: st.DrawFn) -> Pair:
    """A file and an edited version: lines put in, taken out or replaced at a few places."""
    lines = draw(st.lists(LINES, max_size=40))
    edited = list(lines)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(edited)))
        edited[at : at + draw(st.integers(0, 3))] = draw(st.lists(LINES, max_size=3))
    end = draw(ENDS)
    ends_whole = draw(st.sampled_from(((True, True), (True, True), (False, False), (True, False))))
    old = text(lines, end, newline=ends_whole[0])
    new = text(edited, end, newline=ends_whole[1])
    assume(old != new)
    return Pair(old, new)


def diff_of(pair: Pair) -> bytes:
    return file_bytes(change_between(PATH, pair.old, pair.new))


def gits_diff_of(pair: Pair, *options: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        for side, data in zip("ab", pair, strict=True):
            path = Path(folder) / side / PATH
            path.parent.mkdir(parents=True)
            path.write_bytes(data)
        names = (f"{side}/{PATH}" for side in "ab")
        command = ("git", "diff", "--no-index", "--no-prefix", "--text", *options, "--", *names)
        return subprocess.run(command, cwd=folder, capture_output=True, check=False).stdout


class Result(NamedTuple):
    outcome: Outcome
    data: bytes | None


def applied(mended: Mended, data: bytes) -> Result:
    tree = MemoryTree({PATH: File(data)})
    ported = port(mended, tree)
    return Result(ported.report.outcome, Overlay(tree, ported.changes).read(PATH))


def at_stated_lines(hunks: Sequence[Hunk], data: bytes) -> bytes | None:
    """What the plainest of tools would make of *data*: every hunk at its line, or nothing."""
    lines = _split(data)
    out: list[bytes] = []
    done = 0
    for hunk in hunks:
        old, new = ([ln.text + b"\n" * ln.newline for ln in side] for side in (hunk.old, hunk.new))
        at = hunk.old_start - bool(old)
        if at < done or lines[at : at + len(old)] != old:
            return None
        out += lines[done:at] + new
        done = at + len(old)
    return b"".join(out + lines[done:])


def _split(data: bytes) -> list[bytes]:
    parts = data.split(b"\n")
    return [part + b"\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])


def check_lands(mended: Mended, pair: Pair) -> None:
    result = applied(mended, pair.old)
    if result.outcome is Outcome.CONFLICT and is_told_by_nothing(mended.files[0], pair.old):
        assert result.data == pair.old
    else:
        assert result == (Outcome.APPLIED, pair.new)


def is_told_by_nothing(file: MendedFile, data: bytes) -> bool:
    """Does a file that was not changed yet hold, in its runs of like lines, what the change makes
    as well? Then a refusal is the honest answer."""
    lines = _split(data)
    return any(
        lines[at : at + len(hunk.new)] == [ln.text + b"\n" * ln.newline for ln in hunk.new]
        for hunk in file.change.hunks
        for at in range(len(lines))
    )


def check_there_and_back(pair: Pair, diff: bytes) -> None:
    mended = mend(diff)
    check_lands(mended, pair)
    check_lands(taken_back(mended), Pair(pair.new, pair.old))
    again = applied(mended, pair.new)
    hunks = mended.files[0].change.hunks
    if again.outcome is Outcome.APPLIED:
        # In a run of like lines nothing tells one more removal from the first.
        assert again.data == at_stated_lines(hunks, pair.new)
    else:
        assert again.data == pair.new


@settings(max_examples=500, deadline=None, derandomize=True)
@given(pairs())
def test_our_own_diff_lands_there_and_back_and_only_once(pair: Pair) -> None:
    check_there_and_back(pair, diff_of(pair))


@settings(max_examples=100, deadline=None, derandomize=True)
@given(pairs(), st.sampled_from(("-U3", "-U3", "-U1", "-U8", "--patience", "--histogram")))
def test_gits_diff_lands_there_and_back_and_only_once(pair: Pair, option: str) -> None:
    check_there_and_back(pair, gits_diff_of(pair, option))


class Moved(NamedTuple):
    """A change of one of several functions that are alike, the tree that it arrives in, where
    lines were put in elsewhere since, and what that tree should become."""

    change: Pair
    tree: bytes
    wanted: bytes


BODY = st.lists(
    st.sampled_from((b"\tspin_lock(&lamp);", b"\tint level;", b"\treturn 0;", b"", b"\tx = 1;"))
    | st.integers(0, 3).map(lambda n: b"\tcall_%d(x);" % n),
    min_size=1,
    max_size=9,
)  # fmt: skip


@st.composite
def moved(draw: st.DrawFn) -> Moved:
    body, name = draw(BODY), draw(st.sampled_from((b"lamp", b"lamp%d")))
    twins = draw(st.integers(2, 3))
    lines: list[bytes] = []
    starts = []
    for twin in range(twins):
        lines += [b"\tbetween_%d_%d();" % (twin, at) for at in range(draw(st.integers(0, 5)))]
        starts.append(len(lines))
        named = name % twin if b"%" in name else name
        lines += [b"static int %b(int x)" % named, b"{", *body, b"}"]
    at = draw(st.sampled_from(starts)) + 2 + draw(st.integers(0, len(body)))
    edited = list(lines)
    edited[at : at + draw(st.integers(0, 2))] = draw(BODY.map(lambda added: added[:2]))
    change = Pair(text(lines, b"\n", newline=True), text(edited, b"\n", newline=True))
    hunks = change_between(PATH, *change).hunks
    assume(len(hunks) == 1)
    top = hunks[0].old_start - bool(hunks[0].old)
    end = top + len(hunks[0].old)
    above, below = _with_more(draw, lines[:top]), _with_more(draw, lines[end:])
    tree = text([*above, *lines[top:end], *below], b"\n", newline=True)
    wanted = text([*above, *(ln.text for ln in hunks[0].new), *below], b"\n", newline=True)
    # At its own line nothing tells a twin from the function itself.
    assume(at_stated_lines(hunks, tree) in (None, wanted))
    # Known, and wrong: a twin that is four times nearer is taken for the function itself.
    own, *others = (abs(at - top) for at in (len(above), *_others(tree, hunks[0], len(above))))
    assume(all(own < CLEARLY_NEARER * other for other in others))
    return Moved(change, tree, wanted)


def _others(tree: bytes, hunk: Hunk, own: int) -> list[int]:
    """Where in *tree* else than at *own* the old image of *hunk* stands."""
    lines, old = tree.split(b"\n"), [line.text for line in hunk.old]
    return [at for at in range(len(lines)) if at != own and lines[at : at + len(old)] == old]


def _with_more(draw: st.DrawFn, lines: Sequence[bytes]) -> list[bytes]:
    """*lines* with others put in, which are in no patch."""
    more = list(lines)
    for number in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(more)))
        more[at:at] = [b"\tmore_%d_%d();" % (number, n) for n in range(draw(st.integers(1, 4)))]
    return more


@settings(max_examples=500, deadline=None, derandomize=True)
@given(moved())
def test_a_twin_is_never_taken_for_the_function_that_moved(case: Moved) -> None:
    mended = mend(diff_of(case.change))
    result = applied(mended, case.tree)
    wanted = case.wanted if result.outcome is not Outcome.CONFLICT else case.tree
    assert result.data == wanted


def test_the_diffs_between_two_releases_land_there_and_back_and_only_once(history: Path) -> None:
    old, new = (git_tree(history, tag) for tag in ("2.4.0-test10", "2.4.0-test11"))
    changed = [
        PurePosixPath(path)
        for path, entry in new.entries.items()
        if path in old.entries and old.entries[path].blob != entry.blob
    ]
    assert len(changed) > 800
    for path in random.Random(11).sample(changed, 150):
        pair = Pair(old.read(path) or b"", new.read(path) or b"")
        mended = mend(diff_of(pair))
        assert applied(mended, pair.old) == (Outcome.APPLIED, pair.new), path
        assert applied(taken_back(mended), pair.new) == (Outcome.APPLIED, pair.old), path
        again = applied(mended, pair.new)
        # What a pure removal took away may stand elsewhere in the file: then nothing tells.
        assert again.data == pair.new, path
        assert again.outcome in (Outcome.ALREADY, Outcome.CONFLICT), path
