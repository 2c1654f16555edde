"""Rules by name: those that come with patchkit, and those of a user's file."""

from __future__ import annotations

import importlib
import importlib.util
from pathlib import Path

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
    try:
        spec.loader.exec_module(module)
        rule: Rule = module.rule
        missing = [
            each
            for each in ("name", "title", "needles", "prepared", "old_forms")
            if not hasattr(rule, each)
        ]
    except Exception as error:  # the user's own program may raise whatever it likes
        raise InputError(f"--rule {path}: {type(error).__name__}: {error}") from error
    if missing:
        raise InputError(f"--rule {path}: its rule has no {missing[0]}")
    return rule
