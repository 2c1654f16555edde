"""What a recipe may say: every key has a kind, and a slip is one line that names it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from patchkit.errors import InputError
from patchkit.flows.boot_kernel import ALL_TESTS
from patchkit.kbuild.arch import ARCHITECTURES
from patchkit.kbuild.toolchain import toolchain_named
from patchkit.snapshots.open import MINIATURE
from patchkit.snapshots.version import canonical

Check = Callable[[Any], None]  # raises InputError, with no word on where
SECONDS = (1, 86400)  # as patchkit boot takes them


def check_recipe(found: Mapping[str, Any], path: Path) -> None:
    """Raises:
    InputError: a table or key is unknown, or a value can't be what it must be.
    """
    for part, values in found.items():
        if part not in KEYS or not isinstance(values, dict):
            raise InputError(f"{path}: {part}: no such table; known: {', '.join(KEYS)}")
        for key, value in values.items():
            check = KEYS[part].get(key)
            if check is None:
                known = ", ".join(KEYS[part])
                raise InputError(f"{path}: {part}.{key}: no such key; known: {known}")
            try:
                check(value)
            except InputError as error:
                raise InputError(f"{path}: {part}.{key}: {error}") from error


def text(value: Any) -> None:
    if not isinstance(value, str) or not value:
        raise InputError("must be a text")
    # these go into names of files, and one into a boot loader's configuration
    if not value.isprintable():
        raise InputError(f"{value!r}: has a character that can't be printed")


def _yes_or_no(value: Any) -> None:
    if not isinstance(value, bool):
        raise InputError("must be true or false")


def _seconds(value: Any) -> None:
    low, high = SECONDS
    # true is an int to Python; nan is in no range
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not low <= value <= high:
        raise InputError(f"must be a number of seconds, {low} to {high}")


def _one_of(*known: str) -> Check:
    def check(value: Any) -> None:
        text(value)
        if value not in known:
            raise InputError(f"{value}: must be one of {', '.join(known)}")

    return check


def _each(check: Check, *, empty: bool = False) -> Check:
    """A list of such values; one that is *empty* asks for nothing, where that has a meaning."""

    def checks(value: Any) -> None:
        if not isinstance(value, list):
            raise InputError("must be a list")
        if not value and not empty:
            raise InputError("is empty: there is nothing to run; leave it out")
        for one in value:
            check(one)

    return checks


def _version(value: Any) -> None:
    text(value)
    if value != MINIATURE:
        canonical(value)


def _series(value: Any) -> None:
    for one in value if isinstance(value, list) else (value,):
        text(one)
        if one == "-":
            raise InputError("-: a recipe has no standard input; name a file or a series")


def _toolchain(value: Any) -> None:
    text(value)
    toolchain_named(value)


def _inside(value: Any) -> None:
    text(value)
    path = PurePosixPath(value)
    if path.is_absolute() or ".." in path.parts:
        raise InputError(f"{value}: must be a path in the tree")


KEYS: Mapping[str, Mapping[str, Check]] = {
    "matrix": {
        "versions": _each(_version, empty=True),
        "trees": _each(text, empty=True),
        "series": _each(_series),
        "configs": _each(text),
        "toolchains": _each(_toolchain),
    },
    "build": {
        "container": _yes_or_no,
        "probes": _yes_or_no,
        "modules": _yes_or_no,
        "partial": _yes_or_no,
        "arch": _one_of(*ARCHITECTURES),
        "patches": text,
    },
    "audit": {
        "paths": _each(_inside, empty=True),
        "baseline": text,
        "fail_on": _one_of("note", "warning", "error", "never"),
    },
    "boot": {
        "tests": _each(_one_of(*ALL_TESTS), empty=True),
        "timeout": _seconds,
        "accel": _one_of("auto", "kvm", "tcg"),
        "append": text,
    },
}
