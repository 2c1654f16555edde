"""What became of a build."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from patchkit.kbuild.compiler_cache import Reused
from patchkit.kbuild.kconfig import Refused
from patchkit.kbuild.log import Diagnostic
from patchkit.kbuild.newcc.effect import Effect
from patchkit.kbuild.newcc.rewrite import Place
from patchkit.kbuild.objects import NotMade


@dataclass(frozen=True, slots=True)
class Built:
    """The kernel is there, or, where ``image`` is None, the objects that were asked for.

    ``warnings`` are those in files that the user's patches touch that were not there before.
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
    """Errors, the first cause first; ``blame`` says which hunk of which patch is at it, and
    ``warnings`` are as for `Built`, of what was compiled."""

    errors: tuple[Diagnostic, ...]
    blame: tuple[str, ...] = ()
    warnings: tuple[Diagnostic, ...] = ()


Verdict = Built | ConfigRefused | CompileFailed


@dataclass(frozen=True, slots=True)
class Modules:
    """The modules of a build: ``made`` of those ``asked`` for, or why there are ``none``.

    ``not_made`` are those that failed, or that nobody could load; ``files`` the installed ones by
    their path below ``lib/modules/RELEASE``, with their sha256; ``aboard`` those that the guest
    has; ``archive`` is all of it, packed.
    """

    asked: int = 0
    made: int = 0
    not_made: tuple[NotMade, ...] = ()
    release: str = ""
    files: tuple[tuple[str, str], ...] = ()
    aboard: tuple[str, ...] = ()
    none: str = ""
    archive: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class BuildReport:
    """A build: its verdict and what a reader needs to judge and repeat it.

    ``seconds`` maps a step to the wall time it took; a step that was not needed is not in it. Of a
    kernel that was there already (``cached``) they are those of the build that made it.
    ``objects`` are those made and those there were to make, ``not_made`` the others where
    make listed them. ``reused`` is what ccache had. ``modules`` is None where none were asked for.
    ``rewrites`` counts places by rule, ``effects`` the tokens that differ.
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
    modules: Modules | None = None
    seconds: Mapping[str, float] = field(default_factory=dict)
    cached: bool = False
    repeat: str = ""
    reused: Reused = field(default_factory=Reused)
