"""Do the objects of the files that patches touch compile, before the patches and after them?"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from patchkit.errors import InputError
from patchkit.flows.kbuild.build_kernel import build_kernel
from patchkit.flows.kbuild.build_request import config_text
from patchkit.flows.kbuild.request import Request
from patchkit.kbuild.log import place
from patchkit.kbuild.toolchain import toolchain_named
from patchkit.kbuild.verdict import Built, CompileFailed, ConfigRefused
from patchkit.port.outcome import Compiled, SeriesReport
from patchkit.snapshots.progress import Progress
from patchkit.tree.base import Tree
from patchkit.tree.overlay import Overlay

SOURCES = frozenset((".c", ".S"))
# Programs of the build itself, and parts of other files.
NO_OBJECTS = frozenset(("include", "scripts", "Documentation", "tools"))


@dataclass(frozen=True, slots=True)
class Compiler:
    """How objects are made; the names are those of ``patchkit build``."""

    config: str = "tiny"
    toolchain: str = "debian-gcc"
    arch: str = "i386"


class _Failure(NamedTuple):
    cause: str
    blame: tuple[str, ...]


def with_compiled(
    report: SeriesReport, tree: Tree, compiler: Compiler, progress: Progress
) -> SeriesReport:
    """*report*, whose changes are to *tree*, with a word on each object that they touch.

    Raises:
        InputError: the tree can't be configured, or has no such configuration.
        HostError: no container engine, no disk space, or a tool is missing.
    """
    after = Overlay(tree, report.changes)
    names = tuple(_touched(report, compiler.arch))
    had, has = (
        tuple(name for name in names if _source(name, side) is not None) for side in (tree, after)
    )
    with tempfile.TemporaryDirectory(prefix="patchkit-") as folder:
        request = Request(
            tree=tree,
            config=config_text(compiler.config, tree, Path()),
            config_name=compiler.config,
            toolchain=toolchain_named(compiler.toolchain),
            output=Path(folder),
            probes=False,
        )
        before = _failures(replace(request, objects=had), progress)
        patched = replace(request, tree=after, applied=report, before=tree, objects=has)
        now = _failures(patched, progress)
    compiled = (_compiled(name, name in had, before, name in has, now) for name in names)
    return replace(report, compiled=tuple(compiled))


def _compiled(
    name: str, had: bool, before: Mapping[str, _Failure], has: bool, now: Mapping[str, _Failure]
) -> Compiled:
    none = _Failure("", ())
    failure = now.get(name, none)
    return Compiled(
        name,
        before.get(name, none).cause if had else None,
        failure.cause if has else None,
        failure.blame,
    )


def _touched(report: SeriesReport, arch: str) -> Iterator[str]:
    for path in sorted(report.changes):
        elsewhere = path.parts[0] in NO_OBJECTS or (
            path.parts[0] == "arch" and len(path.parts) > 1 and path.parts[1] not in (arch, "x86")
        )
        if path.suffix in SOURCES and not elsewhere:
            yield str(path.with_suffix(".o"))


def _source(name: str, tree: Tree) -> PurePosixPath | None:
    paths = (PurePosixPath(name).with_suffix(suffix) for suffix in sorted(SOURCES, reverse=True))
    return next((path for path in paths if tree.mode(path) is not None), None)


def _failures(request: Request, progress: Progress) -> dict[str, _Failure]:
    """Why those of the *request*'s objects that do not compile don't: all at once, and only where
    that fails one by one."""
    if not request.objects:
        return {}
    report = build_kernel(request, progress)
    match report.verdict:
        case Built():
            return {}
        case ConfigRefused(reason=reason):
            raise InputError(f"{request.tree.name}: can't be configured: {reason}")
        case CompileFailed(errors=errors, blame=blame):
            if len(request.objects) == 1:
                cause = f"{place(errors[0])}{errors[0].text}"
                return {request.objects[0]: _Failure(cause, blame)}
    found: dict[str, _Failure] = {}
    for name in request.objects:
        found |= _failures(replace(request, objects=(name,)), progress)
    return found
