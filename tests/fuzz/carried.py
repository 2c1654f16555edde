"""What must hold for any bytes at all that someone calls a mail."""

from __future__ import annotations

import contextlib
from pathlib import Path, PurePosixPath

from patchkit.errors import PatchkitError
from patchkit.flows.apply.apply_series import apply_series
from patchkit.flows.intake.extract_mail import Extracted, extract_mail
from patchkit.mail.read import messages
from patchkit.mail.series import arrange
from patchkit.mail.written import file_name, written
from patchkit.tree.overlay import File, MemoryTree

CORPUS = sorted((Path(__file__).parent.parent / "cases" / "mail").glob("*/mail"))
LAMP = b"""\
\tunsigned long flags;

\tspin_lock_irqsave(&lamp->lock, flags);
\tlamp->level = level;
\tspin_unlock_irqrestore(&lamp->lock, flags);

\treturn 0;
"""


def source(line: int) -> File:
    """A file that the corpus's hunk fits at *line*."""
    return File(b"/* a lamp */\n" * (line - 1) + LAMP + b"}\n" * 20)


TREE = MemoryTree(
    {
        PurePosixPath("drivers/char/lamp.c"): source(10),
        PurePosixPath("drivers/char/dark.c"): source(31),
        PurePosixPath("drivers/char/dimmer.c"): source(77),
    }
)


def carry(mail: bytes) -> None:
    """Extract *mail* and apply what is in it: it works, or ends in a line that says why not."""
    with contextlib.suppress(PatchkitError):
        _carry(mail)


def _carry(mail: bytes) -> None:
    found = list(messages(mail, "mail"))
    extracted = list(extract_mail(found[at] for at in arrange(found).order))
    for one in extracted:
        if isinstance(one, Extracted):
            _check_patch(one)
    report = apply_series(extracted, TREE)
    for path in report.changes:
        assert_inside(path)


def _check_patch(one: Extracted) -> None:
    head = one.patch.head
    for text in (head.subject, head.author.name, head.author.email, head.date, head.message_id):
        assert text.isprintable(), "a terminal would obey this head"
    assert all(c in "\n\t" or c.isprintable() for c in head.message), "or this message"
    name = file_name(one.index, head, one.patch.files[0].path.name)
    assert "/" not in name
    assert name.startswith(f"{one.index:04}-")
    for change in one.patch.files:
        assert_inside(change.path)
    assert written(one.patch, one.message.number)


def assert_inside(path: PurePosixPath) -> None:
    """*path* names something in the tree, and nothing of git's."""
    assert not path.is_absolute()
    assert ".." not in path.parts
    assert ".git" not in [part.lower() for part in path.parts]
