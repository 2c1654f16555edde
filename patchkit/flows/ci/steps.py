"""The steps of one cell: fetch, apply, audit, build, boot; each kept with a key of its inputs."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from patchkit.errors import Exit, PatchkitError
from patchkit.flows.apply.apply_series import apply_series, in_order
from patchkit.flows.audit.cached_audit import cached_audit
from patchkit.flows.audit.fail_on import failed, known_before
from patchkit.flows.boot_kernel import boot_kernel, kernel_in
from patchkit.flows.ci.evidence import evidence
from patchkit.flows.ci.recipe import Cell, Recipe
from patchkit.flows.ci.summary import conflicts, summary
from patchkit.flows.intake.extract_mail import extract_mail
from patchkit.flows.intake.named_series import as_described, named_inputs
from patchkit.flows.intake.read_mail import files_of, read_mail
from patchkit.flows.kbuild.build_kernel import build_kernel
from patchkit.flows.kbuild.build_request import Wanted, build_request
from patchkit.flows.kbuild.stamps import stamps
from patchkit.host.aside import aside
from patchkit.host.files import atomic_write
from patchkit.host.shipped import own_digest
from patchkit.mail.series import HOLE
from patchkit.snapshots.open import open_tree
from patchkit.tree.base import Tree
from patchkit.tree.overlay import Overlay

# step → the file that it makes beside its record
MAKES = {"audit": "audit.sarif", "boot": "console.log"}


class Documents(NamedTuple):
    """Reports as values for JSON; the callers' renderers, which flows don't know."""

    apply: Callable[[Any], dict[str, Any]]
    audit: Callable[[Any], dict[str, Any]]
    sarif: Callable[[Any], str]
    build: Callable[[Any], dict[str, Any]]
    boot: Callable[[Any], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Step:
    """What became of a step. ``code`` is the exit code it stands for; ``cached`` that it was not
    run again; ``document`` its report."""

    name: str
    code: int
    summary: str
    seconds: float
    cached: bool
    document: dict[str, Any]

    @property
    def passed(self) -> bool:
        return self.code == Exit.CLEAN


class Outcome(NamedTuple):
    code: int
    summary: str
    document: dict[str, Any]


class Runner:
    """Runs the steps of *cell* into *folder*; *before* is told of each step."""

    def __init__(
        self, recipe: Recipe, cell: Cell, folder: Path, documents: Documents,
        before: Callable[[str], None],
    ) -> None:  # fmt: skip
        self.recipe, self.cell, self.folder = recipe, cell, folder
        self.documents, self.before = documents, before
        # of what the tree was made from, as far as it is made
        self.key = own_digest()

    def run(self) -> tuple[Step, ...]:
        """All steps; after one that leaves nothing to go on with, none of those that need it.

        The audit needs no kernel: it runs beside the build, and is told of before it.
        """
        steps = self._steps()
        for name in {"fetch", "apply", "audit", "boot"} - {step.name for step in steps}:
            self._forget(name)
        return steps

    def _steps(self) -> tuple[Step, ...]:
        found, tree = self._tree()
        if tree is None:
            return found
        if not self.recipe.audit_paths:
            return (*found, *self._kernel())
        with aside(lambda: self._guarded("audit", lambda: self._audit(tree))) as audit:
            kernel = self._kernel()
            return (*found, audit(), *kernel)

    def _forget(self, name: str) -> None:
        """Remove what the step *name* of an earlier run left: it is not this run's."""
        for file in (f"{name}.json", MAKES.get(name)):
            if file is not None:
                (self.folder / file).unlink(missing_ok=True)

    def _tree(self) -> tuple[tuple[Step, ...], Tree | None]:
        """The steps that lead to the tree with the series on it; None where they don't."""
        trees: list[Tree] = []
        steps = [self._guarded("fetch", lambda: self._fetch(trees))]
        if steps[0].passed and self.cell.series:
            steps.append(self._guarded("apply", lambda: self._apply(trees)))
        return tuple(steps), trees[-1] if steps[-1].passed else None

    def _kernel(self) -> tuple[Step, ...]:
        """Build, and boot what was built."""
        build = self._guarded("build", self._build)
        if not build.passed or not self.recipe.tests:
            return (build,)
        return (build, self._guarded("boot", self._boot))

    def _guarded(self, name: str, work: Callable[[], Step]) -> Step:
        """The step *name*, or in its place why it could not be made."""
        self.before(name)
        try:
            return work()
        except PatchkitError as error:
            return Step(name, error.exit_code, str(error), 0.0, False, {})

    def _step(self, name: str, inputs: str, work: Callable[[], Outcome]) -> Step:
        """Run *work*, unless it passed before on the same inputs (*inputs*, and what the tree was
        made from) and the file that it makes is still there."""
        key = hashlib.sha256(f"{self.key}\0{name}\0{inputs}".encode()).hexdigest()
        kept = self.folder / f"{name}.json"
        step = _kept(kept, key) if (self.folder / MAKES.get(name, "")).exists() else None
        if step is None:
            self._forget(name)
            began = time.monotonic()
            code, summary, document = work()
            step = Step(name, code, summary, time.monotonic() - began, False, document)
            found = {"key": key, "code": int(code), "summary": summary}
            found |= {"seconds": step.seconds, "document": document}
            atomic_write(kept, json.dumps(found).encode())
        return step

    def _fetch(self, trees: list[Tree]) -> Step:
        tree = open_tree(tree=self.cell.tree, snapshot=self.cell.version or None)
        identity = tree_identity(tree)
        trees.append(tree)
        self.key += identity
        return self._step("fetch", "", lambda: Outcome(0, tree.name, {"identity": identity}))

    def _apply(self, trees: list[Tree]) -> Step:
        tree = trees[-1]
        names, described = named_inputs(self.cell.series, self.recipe.patches, self.recipe.folder)
        with read_mail(names) as mailing:
            extracted = in_order(as_described(extract_mail(mailing), described), reverse=False)
            report = apply_series(extracted, tree)
            holes = [note.text for note in mailing.notes if note.kind == HOLE]

        def work() -> Outcome:
            document = self.documents.apply(report)
            document["evidence"] = [one._asdict() for one in evidence(extracted, report, tree)]
            if self.recipe.partial or (report.landed and not holes):
                return Outcome(0, report.verdict.value, document)
            code = Exit.INCOMPLETE if report.landed else Exit.FINDINGS
            refused = (f"{report.verdict.value}: {one}" for one in conflicts(report))
            return Outcome(code, "; ".join((next(refused, report.verdict.value), *holes)), document)

        trees.append(Overlay(tree, report.changes))
        read = [Path(path).read_bytes() for name in names for path in files_of(name)]
        self.key += hashlib.sha256(b"\0".join((repr(described).encode(), *read))).hexdigest()
        return self._step("apply", str(self.recipe.partial), work)

    def _audit(self, tree: Tree) -> Step:
        paths = [PurePosixPath(path) for path in self.recipe.audit_paths]
        known = known_before(self.recipe.baseline)

        def work() -> Outcome:
            report = cached_audit(tree, paths)
            atomic_write(self.folder / "audit.sarif", self.documents.sarif(report).encode())
            new = failed(report, self.recipe.fail_on, known)
            words = f"{len(report.sites)} sites, {len(report.drivers)} drivers"
            code = Exit.FINDINGS if new else Exit.INCOMPLETE if report.unreadable else Exit.CLEAN
            if report.unreadable:
                words += f", {len(report.unreadable)} files unread"
            return Outcome(code, words, self.documents.audit(report))

        return self._step("audit", f"{paths} {sorted(known)} {self.recipe.fail_on}", work)

    def _build(self) -> Step:
        cell, recipe = self.cell, self.recipe
        wanted = Wanted(
            output=self.folder / "kernel",
            tree=cell.tree,
            snapshot=cell.version or None,
            series=cell.series,
            patches=recipe.patches,
            partial=recipe.partial,
            probes=recipe.probes,
            modules=recipe.modules,
            config=cell.config,
            folder=recipe.folder,
            toolchain=cell.toolchain,
            arch=recipe.arch,
            no_container=not recipe.container,
            repeat=f"patchkit ci (cell {cell.name})",
        )

        # A build keeps its own key and looks at what it made: an image that was deleted midway is
        # made again.
        began = time.monotonic()
        report = build_kernel(build_request(wanted), lambda *_: None)
        document = self.documents.build(report)
        code = 0 if document["build"]["result"] == "pass" else Exit.BUILD_FAILED
        now = time.monotonic() - began
        seconds = sum(report.seconds.values()) if report.cached else now
        return Step("build", code, summary(document), seconds, report.cached, document)

    def _boot(self) -> Step:
        recipe = self.recipe

        def work() -> Outcome:
            report, console = boot_kernel(
                kernel_in(self.folder / "kernel"),
                recipe.tests,
                timeout=recipe.timeout,
                accel=recipe.accel,
            )
            atomic_write(self.folder / "console.log", console)
            document = self.documents.boot(report)
            return Outcome(document["exit"], summary(document), document)

        kernel = _digest(self.folder / "kernel" / "metadata.json")
        asked = f"{kernel} {recipe.tests} {recipe.accel} {recipe.timeout}"
        return self._step("boot", asked, work)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _kept(path: Path, key: str) -> Step | None:
    try:
        found = json.loads(path.read_bytes())
        if found["key"] != key or found["code"] != 0:
            return None
        return Step(path.stem, 0, found["summary"], found["seconds"], True, found["document"])
    except (OSError, ValueError, KeyError):
        return None


def tree_identity(tree: Tree) -> str:
    """A text that changes when any file of *tree* does."""
    commit = getattr(tree, "commit", None)
    if isinstance(commit, str):
        return commit
    stamp = stamps(tree)
    lines = "\n".join(f"{path} {stamp(path)}" for path in tree.paths())
    return hashlib.sha256(os.fsencode(lines)).hexdigest()
