"""Files under another name: what a golden case can't hold, the patch that makes the file itself."""

from __future__ import annotations

from pathlib import PurePosixPath

from patchkit.port.ladder.table import ADAPTING
from patchkit.port.outcome import Outcome
from patchkit.port.patch import Ported, port
from patchkit.repair.mend import mend
from patchkit.tree.overlay import File, MemoryTree

LINES = [f"int radio_{name}(void);" for name in ("open", "close", "read", "write", "seek", "tune")]
HERE = PurePosixPath("drivers/media/radio.h")


def ported(patch: str) -> Ported:
    data = ("\n".join(LINES) + "\n").encode()
    return port(mend(patch.encode()), MemoryTree({HERE: File(data)}), ladder=ADAPTING)


def change(path: str, at: int, added: str) -> str:
    context = "".join(f" {line}\n" for line in LINES)
    head = f"--- a/{path}\n+++ b/{path}\n@@ -1,6 +1,7 @@\n"
    lines = context.splitlines(keepends=True)
    return head + "".join(lines[:at]) + f"+{added}\n" + "".join(lines[at:])


def created(path: str) -> str:
    body = "".join(f"+{line}\n" for line in LINES)
    return f"--- /dev/null\n+++ b/{path}\n@@ -0,0 +1,6 @@\n{body}"


def test_a_file_that_the_patch_itself_makes_is_looked_for_nowhere_else() -> None:
    result = ported(created("drivers/radio.h") + change("drivers/radio.h", 3, "int radio_mute;"))
    assert result.report.outcome is Outcome.APPLIED
    assert set(result.changes) == {PurePosixPath("drivers/radio.h")}


def test_two_names_that_are_one_file_build_on_each_other() -> None:
    result = ported(
        change("drivers/radio.h", 3, "int radio_mute;") + change(str(HERE), 1, "int radio_scan;")
    )
    assert result.report.outcome is Outcome.APPLIED
    file = result.changes[HERE]
    assert file is not None
    assert b"radio_mute" in file.data
    assert b"radio_scan" in file.data


def test_a_moved_file_is_no_plain_result() -> None:
    result = ported(change("drivers/radio.h", 3, "int radio_mute;"))
    assert result.report.files[0].moved.startswith("drivers/radio.h is drivers/media/radio.h here")
