"""The two families of errors, and the exit codes of the command line.

Expected outcomes (a conflict, a patch that is already there, a kernel panic) are values, never
exceptions; these are for not being able to go on.
"""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """What a command's exit status says; documented in docs/commands.md."""

    CLEAN = 0
    FINDINGS = 1  # conflicts, or findings of an audit
    CANNOT = 2  # usage, or patchkit cannot go on
    ADAPTED = 3  # under --strict: something was other than exact
    INCOMPLETE = 4  # finished, but a patch is missing, a file unread or a ref skipped
    BUILD_FAILED = 10  # no kernel
    PANICKED = 11  # the kernel gave up
    HUNG = 12  # no verdict before the deadline
    LOST = 13  # the machine ended without a verdict
    TESTS_FAILED = 14  # it runs, and a guest test failed
    INTERRUPTED = 130


class PatchkitError(Exception):
    """Base of all errors that end a command with one line on stderr.

    The message is that line: what is wrong, and what to do about it.
    """

    exit_code: Exit = Exit.CANNOT


class InputError(PatchkitError):
    """What the user gave can't be used: a mail, a patch, a tree, an option."""


class HostError(PatchkitError):
    """This machine can't do it: disk, network, permissions, a missing program."""
