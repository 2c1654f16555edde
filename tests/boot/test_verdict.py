"""The port decides, the console explains."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from patchkit.boot.port import LONGEST_LINE, MOST_LINES, read_port
from patchkit.boot.verdict import Booted, Hung, Lost, Panicked, TestsFailed, judged

GOOD = b"""PATCHKIT 1 2.4.0-test10\r
TEST smoke
ROW step=fork passed=1
PASS smoke
END
"""


def verdict(port: bytes, console: bytes = b"", *, timed_out: bool = False) -> object:
    return judged(
        port=port, console=console, system_map=b"", asked=("smoke",), timed_out=timed_out
    )[0]


def test_all_tests_passed_is_booted_whatever_the_console_says() -> None:
    assert verdict(GOOD, b"Kernel panic: not really\n") == Booted()


def test_a_failed_test_and_a_missing_test_both_fail() -> None:
    failed = GOOD.replace(b"PASS smoke", b"FAIL smoke the pipe lost its bytes")
    assert verdict(failed) == TestsFailed()
    silent = b"PATCHKIT 1 2.4.0\nEND\n"
    outcome, sent = judged(
        port=silent, console=b"", system_map=b"", asked=("smoke",), timed_out=False
    )
    assert outcome == TestsFailed()
    assert sent.tests[0].reason == "the guest never began it"


def test_a_test_that_never_ended_has_failed() -> None:
    cut = GOOD.replace(b"PASS smoke\n", b"")
    assert verdict(cut) == TestsFailed()


def test_a_panic_explains_a_guest_that_never_ended() -> None:
    console = b"Kernel panic: VFS: Unable to mount root fs on 01:00\n"
    assert verdict(b"", console) == Panicked(
        "Kernel panic: VFS: Unable to mount root fs on 01:00", ()
    )
    assert isinstance(verdict(b"", console, timed_out=True), Panicked)


def test_without_words_it_hung_or_was_lost() -> None:
    assert verdict(b"", timed_out=True) == Hung("the console is empty")
    assert verdict(b"", b"Uncompressing Linux...\n") == Lost("Uncompressing Linux...")


def test_rows_keep_their_order_and_names() -> None:
    (test,) = read_port(GOOD).tests
    assert test.rows == ((("step", "fork"), ("passed", "1")),)


@given(st.binary())
def test_garbage_is_never_a_boot(sent: bytes) -> None:
    report = read_port(sent)
    assert not report.ended or sent.count(b"PATCHKIT 1 ")
    assert all(test.name.isprintable() for test in report.tests)


def test_a_port_without_end_is_read_as_far_as_any_test_goes() -> None:
    rows = b"ROW step=more\n" * (2 * MOST_LINES)
    sent = read_port(GOOD.replace(b"PASS", rows + b"PASS"))
    (test,) = sent.tests
    assert (test.passed, sent.ended) == (None, False)
    assert len(test.rows) < MOST_LINES


def test_a_line_without_end_is_cut() -> None:
    long = b"NOTE " + b"x" * (2 * LONGEST_LINE)
    (test,) = read_port(GOOD.replace(b"PASS", long + b"\nPASS")).tests
    assert len(test.reason) < LONGEST_LINE
    assert test.passed
