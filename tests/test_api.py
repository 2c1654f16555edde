"""docs/api.md is true: its examples are run."""

from __future__ import annotations

import doctest
from pathlib import Path

import patchkit.port

PAGE = Path(__file__).parent.parent / "docs" / "api.md"


def test_the_examples_of_the_page_give_what_it_says() -> None:
    result = doctest.testfile(str(PAGE), module_relative=False)
    assert result.attempted > 10
    assert result.failed == 0


def test_every_name_that_the_page_takes_is_promised() -> None:
    line = next(line for line in PAGE.read_text().splitlines() if "from patchkit.port" in line)
    taken = {name.strip() for name in line.partition(" import ")[2].split(",")}
    assert taken <= set(patchkit.port.__all__)
