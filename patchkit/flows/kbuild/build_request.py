"""What a command line or a recipe asks to be built → a Request, or why it can't be."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from patchkit.errors import InputError
from patchkit.flows.apply.apply_series import apply_series
from patchkit.flows.intake.extract_mail import extract_mail
from patchkit.flows.intake.named_series import as_described, named_inputs
from patchkit.flows.intake.read_mail import read_mail
from patchkit.flows.kbuild.request import Request
from patchkit.kbuild.arch import ARCHITECTURES
from patchkit.kbuild.generation import Generation, generation
from patchkit.kbuild.toolchain import toolchain_named
from patchkit.mail.series import HOLE
from patchkit.port.outcome import Outcome, SeriesReport
from patchkit.snapshots.open import open_tree
from patchkit.tree.base import Tree
from patchkit.tree.overlay import Overlay

CONFIGS = Path(__file__).parents[2] / "kbuild" / "configs"
KINDS = {
    Generation.CONFIG_IN: "old",
    Generation.EARLY_KCONFIG: "early",
    Generation.TODAY: "new",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A build by the names that the command line and recipes use; docs/build.md has each.
    What is a file, of ``series`` or as ``config``, is relative to ``folder``."""

    output: Path
    tree: Path | None = None
    snapshot: str | None = None
    series: tuple[str, ...] = ()
    patches: Path | None = None
    partial: bool = False
    probes: bool = True
    config: str = "tiny"
    folder: Path = Path()
    toolchain: str = "debian-gcc"
    arch: str = "i386"
    objects: tuple[str, ...] = ()
    modules: bool = False
    engine: str | None = None
    no_container: bool = False
    keep_going: bool = False
    jobs: int | None = None
    repeat: str = ""


def build_request(wanted: Wanted) -> Request:
    """Open the tree, carry the series to it, and look up all that is named.

    Raises:
        InputError: something named is not there, or a patch conflicts without ``partial``.
    """
    if wanted.modules and wanted.objects:
        raise InputError("--objects builds these alone, --modules all of them: give one of the two")
    opened = open_tree(tree=wanted.tree, snapshot=wanted.snapshot)
    applied = _applied(opened, wanted) if wanted.series else None
    return Request(
        tree=opened if applied is None else Overlay(opened, applied.changes),
        config=config_text(wanted.config, opened, wanted.folder),
        config_name=wanted.config,
        toolchain=toolchain_named(wanted.toolchain),
        output=wanted.output.absolute(),
        arch=ARCHITECTURES[wanted.arch],
        contained=not wanted.no_container,
        engine=wanted.engine,
        probes=wanted.probes,
        objects=wanted.objects,
        modules=wanted.modules,
        keep_going=wanted.keep_going,
        jobs=wanted.jobs or len(os.sched_getaffinity(0)),
        applied=applied,
        before=opened if applied else None,
        repeat=wanted.repeat,
    )


def _applied(tree: Tree, wanted: Wanted) -> SeriesReport:
    named = named_inputs(wanted.series, wanted.patches, wanted.folder)
    with read_mail(named.files, sys.stdin.buffer) as mailing:
        report = apply_series(as_described(extract_mail(mailing), named.series), tree)
    holes = [note.text for note in mailing.notes if note.kind == HOLE]
    if holes and not wanted.partial:
        raise InputError(f"{holes[0]}; give it too, or build without it with --partial")
    if report.verdict is Outcome.CONFLICT and not wanted.partial:
        names = " ".join(wanted.series)
        raise InputError(
            f"{names}: does not land on {tree.name}; see 'patchkit apply {names} --check', or "
            "build what lands with --partial"
        )
    return report


def config_text(name: str, tree: Tree, folder: Path) -> str:
    """The text of the fragment *name*: one of the project's for this kind of tree, or a file,
    relative to *folder*.

    Raises:
        InputError: there is neither.
    """
    kind = KINDS[generation(tree)]
    shipped = CONFIGS / kind / f"{name}.config"
    path = shipped if shipped.is_file() else folder / name
    try:
        return path.read_text()
    except (OSError, UnicodeDecodeError) as error:
        known = ", ".join(sorted(at.stem for at in (CONFIGS / kind).glob("*.config")))
        raise InputError(
            f"{name}: no such configuration for this tree, and no file; known: {known}"
        ) from error
