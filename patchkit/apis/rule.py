"""What a rule is: the old form of an API, found in a file, with the edits that make it new.

A user's own rule is a Python file with an object named ``rule`` that fits :class:`Rule`, or a TOML
file (see :mod:`patchkit.apis.declared`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import NamedTuple, Protocol

from patchkit.csource.edit import Edit
from patchkit.csource.unit import Unit


class OldForm(NamedTuple):
    """One place with the old form.

    ``edits`` rewrite it; none where a person must look, as *message* then says.
    """

    start: int
    message: str
    edits: tuple[Edit, ...] = ()


class Rule(Protocol):
    """An old API. ``needles`` are bytes without which a file can't have it."""

    @property
    def name(self) -> str:
        """The stable id, in findings and commit messages."""
        ...

    @property
    def title(self) -> str:
        """What the conversion does, for the subject line of a commit."""
        ...

    @property
    def needles(self) -> tuple[bytes, ...]: ...

    def prepared(self, texts: Mapping[PurePosixPath, bytes]) -> Rule:
        """The rule with what it must know of other files; *texts* are those with a needle."""
        ...

    def old_forms(self, unit: Unit) -> Iterator[OldForm]:
        """Every place of *unit* with the old form, in order."""
        ...
