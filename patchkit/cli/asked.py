"""The options of ``patchkit apply``, and which of them go together."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from patchkit.history.version import History


@dataclass(frozen=True, slots=True)
class Asked:
    """The options, as given."""

    tree: Path | None
    snapshot: str | None
    folder: Path | None
    check: bool
    diff: bool
    output: Path | None
    partial: bool
    reverse: bool
    adapt: bool
    history: Path | None
    history_rev: str | None
    strict: bool
    commit: bool
    interdiff: bool
    stops: bool
    markers: bool
    reject: bool
    go_on: bool
    skip: bool
    abort: bool
    quit: bool
    memory: bool
    compile: bool
    config: str | None
    write_series: Path | None
    form: str

    @property
    def series_form(self) -> str:
        """The form in which the ported patches are wanted; empty where they are not."""
        if self.form in ("mbox", "quilt"):
            return self.form
        if self.write_series is None:
            return ""
        return "mbox" if self.write_series.suffix == ".mbox" else "quilt"

    @property
    def resumes(self) -> bool:
        """Is it about a stack that was begun before?"""
        return self.go_on or self.skip or self.abort or self.quit

    @property
    def stacks(self) -> bool:
        """Is it a stack that stops at a conflict, or goes on?"""
        return self.resumes or self.stops or self.markers or self.reject

    def past(self) -> History | None:
        """Where bases are looked for: as named, or the tree's own past."""
        if not self.adapt:
            return None
        from patchkit.cli.progress import counter
        from patchkit.flows.apply.past import past_of

        return past_of(
            self.tree or Path(),
            self.snapshot,
            repository=self.history,
            revision=self.history_rev,
            progress=counter(),
        )

    def check_together(self, patches: tuple[str, ...]) -> None:
        """Refuse options that contradict each other, or the *patches* named."""
        reads_only = self.check or self.diff
        self._check_series()
        if self.stacks:
            self._check_stack(patches)
        elif not patches:
            raise click.UsageError("Missing argument 'PATCH|SERIES|MAIL...'")
        if self.snapshot is not None and not (reads_only or self.output or self.series_form):
            raise click.UsageError("a snapshot is never changed: add --output, --diff or --check")
        if reads_only and (self.output or self.commit):
            raise click.UsageError("--check and --diff write nothing: leave out --output, --commit")
        if self.history is not None and not self.adapt:
            raise click.UsageError("--history is for adapting hunks: leave out --exact-only")
        if self.history_rev is not None and self.history is None:
            raise click.UsageError("--history-rev names a commit of --history REPO")
        if self.config is not None and not self.compile:
            raise click.UsageError("--config is the configuration that --compile uses")
        if self.commit and (self.output or self.partial or self.snapshot is not None):
            raise click.UsageError("--commit is for a whole result in a git tree (--tree)")

    def _check_series(self) -> None:
        if not self.series_form:
            return
        if str(self.write_series) == "-":
            raise click.UsageError(
                "--write-series names a file or folder; mails go to standard output with "
                "--format mbox alone"
            )
        if self.form == "quilt" and self.write_series is None and not self.resumes:
            raise click.UsageError("a quilt series is a folder: name it with --write-series DIR")
        if self.stacks and not self.resumes and self.write_series is None:
            raise click.UsageError("a stack that stops needs --write-series FILE for its series")
        if self.check or self.diff or self.output or self.partial:
            raise click.UsageError(
                "the ported series is a result of its own: leave out --check, --diff, --output, "
                "--partial"
            )
        if self.commit and not self.stacks:
            raise click.UsageError("--write-series leaves the tree as it is: leave out --commit")

    def _check_stack(self, patches: tuple[str, ...]) -> None:
        ways = [self.go_on, self.skip, self.abort, self.quit]
        begins = self.stops or self.markers or self.reject
        if sum(ways) > 1:
            raise click.UsageError("of these options only one can be meant")
        if self.compile:
            raise click.UsageError("--compile is for a whole result: leave out the stop's options")
        if self.resumes and (patches or begins):
            raise click.UsageError("--continue, --skip, --abort and --quit take no patches")
        if begins and not patches:
            raise click.UsageError("Missing argument 'PATCH|SERIES|MAIL...'")
        if self.check or self.diff or self.output or self.partial or self.snapshot is not None:
            raise click.UsageError("a stack that stops is written into a tree: name it with --tree")

    def refuse_under_way(self) -> None:
        """Nothing is written into a tree whose stack is not finished."""
        if not (self.check or self.diff or self.output or self.series_form):
            from patchkit.flows.apply.apply_stack import refuse_under_way

            refuse_under_way(self.tree or Path())
