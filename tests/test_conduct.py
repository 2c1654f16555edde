"""How every command behaves, whatever it does: streams, exit codes, help, pipes, signals."""

from __future__ import annotations

import json
import os
import pty
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from patchkit.cli import COMMANDS

TOP = Path(__file__).parent.parent
MINIATURE = TOP / "kernel-snapshots" / "miniature"
MAIL = TOP / "patches" / "vm-reserved" / "mail.txt"
PATCHKIT = (sys.executable, "-m", "patchkit")

# What is slow to import, or reaches for the network: no command pays for what it doesn't use.
HEAVY = ("git", "tree_sitter", "tree_sitter_c", "httpx", "rich", "unidiff", "platformdirs")
LOADED = f"""
import sys
from patchkit.__main__ import main
try:
    main()
except SystemExit:
    print(*[name for name in {HEAVY} if name in sys.modules], file=sys.stderr)
"""


def patchkit(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*PATCHKIT, *arguments], input=stdin, cwd=TOP, capture_output=True, check=False
    )


def on_a_terminal(*arguments: str, **environment: str) -> bytes:
    """What a command shows on a terminal, both streams."""
    try:
        ours, theirs = pty.openpty()
    except OSError as error:  # a container may have none
        pytest.skip(f"no pseudo-terminal to be had: {error}")
    child = subprocess.Popen(
        [*PATCHKIT, *arguments],
        cwd=TOP,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm-256color", **environment},
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # Linux says EIO where the other end is closed
            break
        shown += piece
    child.wait()
    os.close(ours)
    return shown


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return Path(shutil.copytree(MINIATURE, tmp_path / "linux"))


@pytest.mark.parametrize("command", COMMANDS)
def test_help_says_how_to_use_it(command: str) -> None:
    done = patchkit(command, "--help")
    assert done.returncode == 0
    assert done.stderr == b""
    assert f"\n    patchkit {command} " in done.stdout.decode()


def test_the_list_of_commands_has_a_line_on_each() -> None:
    shown = patchkit("--help").stdout.decode()
    for command in COMMANDS:
        (line,) = [line for line in shown.splitlines() if line.startswith(f"  {command} ")]
        assert len(line.split()) > 2


@pytest.mark.parametrize("command", COMMANDS)
def test_an_unknown_option_is_one_line_and_exit_2(command: str) -> None:
    done = patchkit(command, "--no-such-option")
    assert done.returncode == 2
    assert done.stdout == b""
    (line,) = done.stderr.decode().splitlines()
    assert line.startswith("patchkit: ")
    assert "--no-such-option" in line
    assert f"'patchkit {command} --help'" in line


def test_no_command_at_all_is_one_line_and_exit_2() -> None:
    done = patchkit()
    assert done.returncode == 2
    assert done.stdout == b""
    assert done.stderr == b"patchkit: Missing command (see 'patchkit --help')\n"


@pytest.mark.parametrize("arguments", [("--version",), ("--help",)])
def test_start_up_imports_nothing_heavy(arguments: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *arguments], cwd=TOP, capture_output=True, check=False
    )
    assert done.stderr.decode().split() == []


def test_a_reader_that_leaves_early_is_no_error() -> None:
    piped = (
        f"{sys.executable} -m patchkit audit . --tree {MINIATURE} | head -1; echo ${{PIPESTATUS}}"
    )
    done = subprocess.run(["bash", "-c", piped], cwd=TOP, capture_output=True, check=False)
    assert done.stderr == b""
    assert len(done.stdout.splitlines()) == 2


def test_a_pipe_that_is_closed_already_is_no_traceback() -> None:
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [*PATCHKIT, "audit", ".", "--tree", str(MINIATURE)],
        cwd=TOP,
        stdout=write,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(write)
    assert done.stderr == b""
    assert done.returncode == 128 + signal.SIGPIPE


@pytest.mark.parametrize("arguments", [("--version",), ("audit", ".", "--tree", str(MINIATURE))])
def test_a_full_disk_behind_standard_output_is_one_line_and_exit_2(
    arguments: tuple[str, ...],
) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*PATCHKIT, *arguments], cwd=TOP, stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.stderr == (
        b"patchkit: standard output: can't be written: no space left on device\n"
    )
    assert done.returncode == 2


@pytest.mark.parametrize("arguments", [("--help",), ("audit", ".", "--tree", str(MINIATURE))])
def test_no_color_means_no_escape_sequence_on_a_terminal(arguments: tuple[str, ...]) -> None:
    shown = on_a_terminal(*arguments, NO_COLOR="1")
    assert shown
    assert b"\x1b" not in shown


HOSTILE = b"""From: \x1b[31mA <a@example.org>
Subject: [PATCH] \x1b]0;owned\x07 \xc2\x9b2J title

--- a/Makefile
+++ b/Makefile
@@ -1,1 +1,1 @@
-\x1b[31mred
+\x1b[32mgreen
"""


@pytest.mark.parametrize("command", [("apply", "-", "--tree", str(MINIATURE)), ("extract", "-")])
def test_what_a_mail_says_moves_no_cursor(command: tuple[str, ...]) -> None:
    """But for the patch itself, where every byte is the author's."""
    done = patchkit(*command, stdin=HOSTILE)
    reported = done.stderr if command[0] == "extract" else done.stdout + done.stderr
    assert b"title" in reported or b"Makefile" in reported
    assert not {character for character in reported.decode() if character < " "} - {"\n"}
    assert "\x9b" not in reported.decode()


def test_an_interrupt_is_exit_130_and_one_line() -> None:
    child = subprocess.Popen(
        [*PATCHKIT, "extract", "-"],
        cwd=TOP,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert child.stdin is not None
    # More than a pipe holds: once it is written, the command is reading.
    child.stdin.write(b"x" * (1 << 20))
    child.stdin.flush()
    child.send_signal(signal.SIGINT)
    _, stderr = child.communicate(timeout=20)
    assert child.returncode == 130
    assert stderr == b"patchkit: interrupted\n"


INTERRUPTED = """
import os, signal, sys
os.kill(os.getpid(), signal.SIGINT)
sys.exit(7)
"""


@pytest.mark.parametrize(
    ("disposition", "code", "said"),
    [
        (signal.default_int_handler, 130, b"patchkit: interrupted\n"),
        (signal.SIG_IGN, 7, b""),
    ],
    ids=["in the foreground", "where the shell has it ignored"],
)
def test_an_interrupt_while_modules_are_imported(
    tmp_path: Path, disposition: signal.Handlers, code: int, said: bytes
) -> None:
    (tmp_path / "click.py").write_text(INTERRUPTED)
    before = signal.signal(signal.SIGINT, disposition)
    try:
        done = subprocess.run(
            [*PATCHKIT, "--version"],
            env={**os.environ, "PYTHONPATH": f"{tmp_path}:{TOP}"},
            capture_output=True,
            check=False,
        )
    finally:
        signal.signal(signal.SIGINT, before)
    assert (done.returncode, done.stderr) == (code, said)


@pytest.mark.parametrize(
    "arguments",
    [
        ("extract", "-", "--format", "json"),
        ("apply", "-", "--tree", str(MINIATURE), "--check", "--format", "json"),
    ],
    ids=["extract", "apply"],
)
def test_dash_is_standard_input_and_json_carries_its_schema(arguments: tuple[str, ...]) -> None:
    done = patchkit(*arguments, stdin=MAIL.read_bytes())
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["schema"] == f"patchkit.{arguments[0]}/1"


def test_fetch_and_snapshots_carry_their_schemas() -> None:
    for arguments in [("fetch", "2.4.99", "--from", str(MINIATURE)), ("snapshots",)]:
        done = patchkit(*arguments, "--format", "json")
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["schema"] == f"patchkit.{arguments[0]}/1"


def test_the_audit_exits_1_with_findings_and_its_json_carries_its_schema() -> None:
    done = patchkit("audit", ".", "--tree", str(MINIATURE), "--format", "json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["schema"] == "patchkit.audit/1"


def test_an_audit_without_findings_exits_0() -> None:
    done = patchkit("audit", "mm/memory.c", "--tree", str(MINIATURE))
    assert (done.returncode, done.stdout) == (0, b"")


def test_a_patchkit_toml_in_the_current_directory_sets_defaults(tree: Path) -> None:
    (tree / "patchkit.toml").write_text('[audit]\nformat = "json"\n')
    done = subprocess.run(
        [*PATCHKIT, "audit", "drivers"],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(TOP)},
        capture_output=True,
        check=False,
    )
    assert done.stderr == b""
    assert json.loads(done.stdout)["schema"] == "patchkit.audit/1"


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("patchkit au", "audit"),
        ("patchkit audit --for", "--format"),
        ("patchkit audit --format j", "json"),
        ("patchkit apply vm-", "vm-reserved"),
        ("patchkit apply --snapshot min", "miniature"),
    ],
)
def test_the_shell_can_complete(typed: str, offered: str) -> None:
    words = {"COMP_CWORD": str(len(typed.split()) - 1), "COMP_WORDS": typed}
    done = subprocess.run(
        PATCHKIT,
        cwd=TOP,
        env={**os.environ, "_PATCHKIT_COMPLETE": "bash_complete", **words},
        capture_output=True,
        check=False,
    )
    assert done.stdout.decode().splitlines()[-1] == f"plain,{offered}"
