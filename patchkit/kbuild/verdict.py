"""What became of a build."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from patchkit.kbuild.kconfig import Refused
from patchkit.kbuild.log import Diagnostic
from patchkit.kbuild.newcc.effect import Effect
from patchkit.kbuild.newcc.rewrite import Place
from patchkit.kbuild.objects import NotMade


@dataclass(frozen=True, slots=True)
class Built:
    """The kernel is there, or, where ``image`` is None, the objects that were asked for.

    ``warnings`` are those in files that the user's patches touch.
    """

    image: Path | None
    warnings: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class ConfigRefused:
    """The tree could not be configured; ``blame`` says which hunk of which patch is at it."""

    reason: str
    blame: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CompileFailed:
    """Errors, the first cause first; ``blame`` says which hunk of which patch is at them."""

    errors: tuple[Diagnostic, ...]
    blame: tuple[str, ...] = ()


Verdict = Built | ConfigRefused | CompileFailed


@dataclass(frozen=True, slots=True)
class BuildReport:
    """A build: its verdict and what a reader needs to judge and repeat it.

    ``seconds`` maps a step to the wall time it took; a step that was not needed is not in it. Of a
    kernel that was there already (``cached``) they are those of the build that made it.
    ``objects`` are those made and those there were to make, ``not_made`` the others where
    make listed them. ``rewrites`` counts places by rule, ``effects`` the tokens that differ.
    """

    kernel: str
    arch: str
    config: str
    toolchain: str
    engine: str
    output: Path
    verdict: Verdict
    refused: tuple[Refused, ...] = ()
    places: tuple[Place, ...] = ()
    rewrites: Mapping[str, int] = field(default_factory=dict)
    effects: tuple[Effect, ...] = ()
    objects: tuple[int, ...] = (0, 0)
    not_made: tuple[NotMade, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)
    cached: bool = False
    repeat: str = ""
