"""Rules by name: those that come with patchkit, and those of a user's file."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from patchkit.apis.declared import declared_rule
from patchkit.apis.rule import Rule
from patchkit.errors import InputError

_HERE = Path(__file__).parent / "rules"

# Name → its module or TOML file in rules/.
SHIPPED: dict[str, str] = {
    "remap-pfn-range": "remap_pfn_range",
    "set-page-reserved": "set_page_reserved",
    "strscpy": "strlcpy.toml",
}


def named_rule(name: str) -> Rule:
    """The rule of that *name*, or of the file that it names: ``.toml``, or ``.py`` with an object
    ``rule``. A Python rule is run: only ever name one of your own.

    Raises:
        InputError: there is no such rule, or its file makes none.
    """
    if name in SHIPPED:
        return _shipped(SHIPPED[name])
    path = Path(name)
    try:
        text = path.read_bytes()
    except OSError as error:
        known = ", ".join(SHIPPED)
        raise InputError(f"--rule {name}: no such file, and no rule ({known})") from error
    if path.suffix == ".toml":
        return declared_rule(text, source=name)
    return _from_python(path)


def _shipped(entry: str) -> Rule:
    if entry.endswith(".toml"):
        return declared_rule((_HERE / entry).read_bytes(), source=entry)
    found: Rule = importlib.import_module(f"patchkit.apis.rules.{entry}").rule
    return found


def _from_python(path: Path) -> Rule:
    spec = importlib.util.spec_from_file_location(f"patchkit_rule_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise InputError(f"--rule {path}: a rule's file ends in .py or .toml")
    module = importlib.util.module_from_spec(spec)
    with run_as_rule(str(path)):
        spec.loader.exec_module(module)
        rule: Rule = module.rule
        parts = ("name", "title", "needles", "prepared", "old_forms")
        missing = [each for each in parts if not hasattr(rule, each)]
    if missing:
        raise InputError(f"--rule {path}: its rule has no {missing[0]}")
    return rule


@contextmanager
def run_as_rule(name: str, file: PurePosixPath | None = None) -> Iterator[None]:
    """Code of the rule *name*, a user's perhaps, is run in here; *file* is what it looks at.

    Raises:
        InputError: it failed, in whatever way: a bad query is a ValueError, its author's slips are
            anything.
    """
    try:
        yield
    except Exception as error:
        at = f" in {file}" if file is not None else ""
        raise InputError(f"--rule {name}{at}: {type(error).__name__}: {error}") from error
