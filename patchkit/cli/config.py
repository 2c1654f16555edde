"""Default values for options, from the user's patchkit.toml and from the current directory's."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from patchkit.errors import HostError, InputError
from patchkit.host.files import reason
from patchkit.host.places import config_file

NAME = "patchkit.toml"

# A patchkit.toml in the current directory may be part of a tree that somebody else made. It can
# say how results are shown and judged; never a path, a command to run, or what gets written.
SAFE_OPTIONS = frozenset({"format", "strict"})


def configured(command: click.Command, context: click.Context) -> dict[str, Any]:
    """Values for the options of *command*, by parameter name: the user's, then the directory's.

    *context* is the group's; its commands are the tables that a file may have.

    Raises:
        InputError: a file is no TOML, or has a table, key or value that doesn't exist.
        HostError: a file is there and can't be read.
    """
    return {
        **_values(config_file(), command, context, safe_only=False),
        **_values(Path(NAME), command, context, safe_only=True),
    }


def _values(
    path: Path, command: click.Command, context: click.Context, *, safe_only: bool
) -> dict[str, Any]:
    tables = _tables(path)
    assert isinstance(context.command, click.Group)
    known = context.command.list_commands(context)
    for name, table in tables.items():
        if name not in known:
            raise InputError(f"{path}: {name}: no such command; a table is named after one")
        if not isinstance(table, dict):
            raise InputError(f"{path}: {name}: must be a table of options")
    values = {}
    options = _options(command)
    for key, value in tables.get(str(command.name), {}).items():
        where = f"{path}: {command.name}.{key}"
        if key not in options:
            raise InputError(f"{where}: no such option; known: {', '.join(sorted(options))}")
        if safe_only and key not in SAFE_OPTIONS:
            allowed = ", ".join(sorted(SAFE_OPTIONS))
            raise InputError(f"{where}: not from a directory's {NAME} (only {allowed} are)")
        values[str(options[key].name)] = _checked(options[key], value, where, context)
    return values


def _tables(path: Path) -> Mapping[str, Any]:
    if not path.is_file():  # nor is a pipe or a device, which could keep us waiting
        return {}
    import tomllib

    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise HostError(f"{path}: can't be read: {reason(error)}") from error
    except ValueError as error:  # TOML and UTF-8 errors both are
        raise InputError(f"{path}: {error}") from error


def _options(command: click.Command) -> dict[str, click.Option]:
    """The options of *command* that have a long name, by that name without its dashes."""
    return {
        name.removeprefix("--"): option
        for option in command.params
        if isinstance(option, click.Option)
        for name in option.opts
        if name.startswith("--")
    }


def _checked(option: click.Option, value: Any, where: str, context: click.Context) -> Any:
    """*value* as *option* takes it; here, so that an error names the file and not the option."""
    if option.is_flag:
        if not isinstance(value, bool):
            raise InputError(f"{where}: must be true or false")
        return value
    values = value if option.multiple and isinstance(value, list) else [value]
    if not all(type(each) in (str, int) for each in values):
        raise InputError(f"{where}: must be a string or a number")
    # As the command line would have it: click reads some types from text only.
    text = [str(each) for each in values] if option.multiple else str(value)
    try:
        option.type_cast_value(context, text)
    except click.BadParameter as error:
        raise InputError(f"{where}: {error.message}") from error
    return text
