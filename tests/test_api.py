"""docs/api.md and docs/csource.md are true: their examples are run."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest

import patchkit.port

DOCS = Path(__file__).parent.parent / "docs"
PAGE = DOCS / "api.md"


@pytest.mark.parametrize("page", ["api.md", "csource.md"])
def test_the_examples_of_the_page_give_what_it_says(page: str) -> None:
    result = doctest.testfile(str(DOCS / page), module_relative=False)
    assert result.attempted > 10
    assert result.failed == 0


def test_every_name_that_the_page_takes_is_promised() -> None:
    line = next(line for line in PAGE.read_text().splitlines() if "from patchkit.port" in line)
    taken = {name.strip() for name in line.partition(" import ")[2].split(",")}
    assert taken <= set(patchkit.port.__all__)
