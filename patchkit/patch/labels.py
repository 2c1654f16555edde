"""The names in a diff's head lines: which file of the tree they mean."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from patchkit.errors import InputError

DEV_NULL = b"/dev/null"
# A folder above the tree: git's letters, or a name with a kernel's version in it.
PREFIX = re.compile(rb"(?:[abciow]$|linux|lk|kernel-source|bk|[\w.+-]*\d+\.\d+)")
ESCAPE = re.compile(rb'\\(?:([abtnvfr"\\])|([0-7]{3}))')
ESCAPED = dict(zip(b'abtnvfr"\\', b'\a\b\t\n\v\f\r"\\', strict=True))


def name(label: bytes) -> bytes:
    """The file name in *label*: what stands before the tab; git's quoting of odd bytes undone."""
    label = label.strip(b"\r\n ")
    if label.startswith(b'"') and (end := label.rfind(b'"')) > 0:
        return ESCAPE.sub(
            lambda m: bytes([ESCAPED[m[1][0]] if m[1] else int(m[2], 8) & 0xFF]), label[1:end]
        )
    return label.partition(b"\t")[0].rstrip()


def date(label: bytes) -> bytes:
    """The date in *label*; empty when there is none."""
    return label.partition(b"\t")[2].strip()


def is_epoch(label: bytes) -> bool:
    """Does *label* say that the file is not there? GNU diff -N writes 1970 in the local zone."""
    when = date(label)
    return bool(re.search(rb"\b(1970-01-01|1969-12-31|Jan +1 .*1970|Dec 31 .*1969)", when))


def safe_path(raw: bytes, source: str = "patch") -> PurePosixPath:
    """*raw* as a path inside a tree.

    Raises:
        InputError: it is absolute, climbs with ``..``, names git's own folder, or holds control
            characters: no patch of a kernel needs any of these, an attack does.
    """
    text = raw.decode("utf-8", "surrogateescape")
    parts = [part for part in text.split("/") if part not in ("", ".")]
    shown = text.encode("ascii", "backslashreplace").decode()
    if text.startswith("/"):
        raise InputError(f"{source}: the path {shown} is absolute; a patch names files in the tree")
    if ".." in parts:
        raise InputError(f"{source}: the path {shown} leaves the tree")
    if any(ord(c) < 32 or ord(c) == 127 for c in text):
        raise InputError(f"{source}: the path {shown!r} holds control characters")
    if not parts:
        raise InputError(f"{source}: a file without a name")
    if any(part.lower() == ".git" for part in parts):
        raise InputError(f"{source}: the path {shown} is git's own")
    return PurePosixPath(*parts)


def spellings(old: bytes, new: bytes, source: str = "patch") -> tuple[PurePosixPath, ...]:
    """The files that the two names of a diff may mean, likeliest first.

    ``a/x b/x`` and ``linux.orig/x linux/x`` mean x; where the first parts are alike
    (``Index:``, CVS), the whole name comes first. Only a tree can decide among the rest.
    """
    paths = {name: safe_path(name, source) for name in (old, new) if name != DEV_NULL}
    if not paths:
        raise InputError(f"{source}: a diff of {DEV_NULL.decode()} with itself")
    parts = paths[new if new in paths else old].parts
    if (
        len(parts) > 1
        and old.startswith((b"a/", b"/dev/null"))
        and new.startswith((b"b/", DEV_NULL))
    ):
        return (PurePosixPath(*parts[1:]),)  # git's own prefixes are nothing else
    stripped = [PurePosixPath(*parts[count:]) for count in range(len(parts))]
    if len(parts) > 1 and _has_prefix(old, new):
        stripped[0], stripped[1] = stripped[1], stripped[0]
    return tuple(stripped)


def _has_prefix(old: bytes, new: bytes) -> bool:
    """Is the first part of the names a folder above the tree? (a/, linux-2.4.0/, v2.6.9/ ...)"""
    first_old, first_new = old.partition(b"/")[0], new.partition(b"/")[0]
    if DEV_NULL not in (old, new) and first_old != first_new:
        return True
    first = first_old if new == DEV_NULL else first_new
    return PREFIX.match(first) is not None
