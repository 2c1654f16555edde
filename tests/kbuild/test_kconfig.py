"""Configurations: what was asked for, and what became of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from patchkit.errors import InputError
from patchkit.flows.kbuild.build_request import CONFIGS
from patchkit.kbuild.kconfig import Refused, options, refused, rendered


def test_options_are_read_as_they_are_written() -> None:
    text = 'CONFIG_A=y\n# CONFIG_B is not set\n\n# a word\nCONFIG_S="x=y"\n'
    found = options(text, source="f")
    assert found == {"CONFIG_A": "y", "CONFIG_B": "n", "CONFIG_S": '"x=y"'}
    assert options(rendered(found), source="f") == found


def test_a_line_that_is_no_option_is_named_with_its_place() -> None:
    with pytest.raises(InputError, match=r"mine:2: no option: CONFIG_A"):
        options("CONFIG_B=y\nCONFIG_A\n", source="mine")


def test_options_that_did_not_survive_are_named() -> None:
    asked = {"CONFIG_A": "y", "CONFIG_B": "n", "CONFIG_C": "m"}
    got = {"CONFIG_A": "y", "CONFIG_C": "y"}
    assert refused(asked, got) == (Refused("CONFIG_C", "m", "y"),)


@pytest.mark.parametrize("path", sorted(CONFIGS.glob("*/*.config")), ids=lambda path: path.stem)
def test_a_fragment_of_ours_reads_and_has_a_console(path: Path) -> None:
    found = options(path.read_text(), source="ours")
    assert "y" in (found.get("CONFIG_SERIAL_CONSOLE"), found.get("CONFIG_SERIAL_8250_CONSOLE"))
