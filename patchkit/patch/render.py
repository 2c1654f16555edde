"""A patch as bytes again, in git's own form, so that any tool can take it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from patchkit.patch.model import FileChange, Hunk

NO_NEWLINE = b"\\ No newline at end of file\n"


def hunk_bytes(hunk: Hunk) -> bytes:
    """*hunk* with counts that fit its lines, always spelled out (as unidiff renders them)."""
    old, new = len(hunk.old), len(hunk.new)
    section = b" " + hunk.section if hunk.section else b""
    parts = [b"@@ -%d,%d +%d,%d @@%s\n" % (hunk.old_start, old, hunk.new_start, new, section)]
    for line in hunk.lines:
        parts.append(line.kind.value + line.text + b"\n")
        if not line.newline:
            parts.append(NO_NEWLINE)
    return b"".join(parts)


def file_bytes(change: FileChange) -> bytes:
    """*change* as git writes it: extended heads only where something other than text changes."""
    old, new = change.old_path or change.new_path, change.new_path or change.old_path
    assert old is not None
    assert new is not None
    lines = [b"diff --git %s %s\n" % (_quoted(b"a/", old), _quoted(b"b/", new))]
    lines += _extended(change, old, new)
    if change.hunks:
        lines.append(b"--- " + (_quoted(b"a/", old) if change.old_path else b"/dev/null") + b"\n")
        lines.append(b"+++ " + (_quoted(b"b/", new) if change.new_path else b"/dev/null") + b"\n")
        lines += [hunk_bytes(hunk) for hunk in change.hunks]
    return b"".join(lines)


def _extended(change: FileChange, old: PurePosixPath, new: PurePosixPath) -> Iterator[bytes]:
    if change.old_path is None:
        yield b"new file mode %s\n" % (change.new_mode or "100644").encode()
    elif change.new_path is None:
        yield b"deleted file mode %s\n" % (change.old_mode or "100644").encode()
    elif change.old_mode and change.new_mode and change.old_mode != change.new_mode:
        yield b"old mode %s\nnew mode %s\n" % (change.old_mode.encode(), change.new_mode.encode())
    if change.old_path and change.new_path and old != new:
        verb = b"copy" if change.is_copy else b"rename"
        yield b"%s from %s\n%s to %s\n" % (verb, _quoted(b"", old), verb, _quoted(b"", new))


def _quoted(prefix: bytes, path: PurePosixPath) -> bytes:
    """A name as git writes it: in quotes with escapes where a byte is odd."""
    raw = prefix + str(path).encode("utf-8", "surrogateescape")
    if all(32 <= byte < 127 and byte not in b'"\\' for byte in raw):
        return raw
    escaped = b"".join(
        b"\\" + bytes([byte])
        if byte in b'"\\'
        else bytes([byte])
        if 32 <= byte < 127
        else b"\\%03o" % byte
        for byte in raw
    )
    return b'"' + escaped + b'"'
