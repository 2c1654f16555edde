"""patchkit.toml: which file wins, what each may say, and what a slip of the pen gets."""

from __future__ import annotations

import os
from pathlib import Path

import click
import pytest

from patchkit.cli.config import configured
from patchkit.errors import InputError


@click.command()
@click.argument("patch")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.option("--strict/--no-strict", default=False)
@click.option("-o", "--output-folder", type=click.Path())
@click.option("--fuzz", type=int, default=0)
@click.option("--only", multiple=True)
def port(**_: object) -> None:
    """A command with an option of each kind."""


@pytest.fixture
def user_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    (tmp_path / "config" / "patchkit").mkdir(parents=True)
    return tmp_path / "config" / "patchkit" / "patchkit.toml"


@pytest.fixture
def local_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, user_file: Path) -> Path:
    (tmp_path / "tree").mkdir()
    monkeypatch.chdir(tmp_path / "tree")
    return tmp_path / "tree" / "patchkit.toml"


def values() -> dict[str, object]:
    return configured(port, click.Context(click.Group(commands=[port])))


def test_without_a_file_nothing_is_configured(local_file: Path) -> None:
    assert values() == {}


def test_the_users_file_may_set_any_option_of_the_command(user_file: Path) -> None:
    user_file.write_text(
        '[port]\nformat = "json"\noutput-folder = "/srv/out"\nfuzz = 2\nonly = ["a"]\n'
    )
    assert values() == {
        "form": "json",
        "output_folder": "/srv/out",
        "fuzz": "2",
        "only": ["a"],
    }


def test_the_directorys_file_wins_over_the_users(user_file: Path, local_file: Path) -> None:
    user_file.write_text('[port]\nformat = "text"\nstrict = true\n')
    local_file.write_text('[port]\nformat = "json"\n')
    assert values() == {"form": "json", "strict": True}


@pytest.mark.parametrize("line", ['output-folder = "../../etc"', "fuzz = 3"])
def test_the_directorys_file_may_set_only_what_is_safe(local_file: Path, line: str) -> None:
    local_file.write_text(f"[port]\n{line}\n")
    with pytest.raises(InputError, match=r"^patchkit.toml: port\..*only format, strict are"):
        values()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('[prot]\nformat = "json"', "prot: no such command"),
        ('format = "json"', "format: no such command"),
        ("port = 1", "port: must be a table"),
        ("[port]\nformt = 'json'", "port.formt: no such option"),
        ("[port]\npatch = 'x'", "port.patch: no such option"),
        ("[port]\nformat = 'xml'", "port.format: .*'xml' is not one of"),
        ("[port]\nformat = ['json']", "port.format: must be a string"),
        ("[port]\nformat = true", "port.format: must be a string"),
        ("[port]\nstrict = 'yes'", "port.strict: must be true or false"),
        ("[port", "patchkit.toml: "),
        ("\udcff", "patchkit.toml: .*utf-8"),
    ],
)
def test_a_slip_of_the_pen_is_an_error_that_names_it(
    local_file: Path, text: str, complaint: str
) -> None:
    local_file.write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(InputError, match=complaint):
        values()


def test_a_pipe_of_that_name_is_not_waited_for(local_file: Path) -> None:
    os.mkfifo(local_file)
    assert values() == {}
