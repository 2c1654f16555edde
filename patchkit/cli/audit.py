"""``patchkit audit``."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import click

from patchkit.cli import complete, leave, one_line
from patchkit.errors import Exit, InputError

if TYPE_CHECKING:
    from patchkit.audit.report import AuditReport
    from patchkit.flows.audit.convert_drivers import Converted
    from patchkit.tree.base import Tree

FOLDER = click.Path(path_type=Path, file_okay=False)
FORMATS = ["text", "json", "sarif", "github", "gitlab"]
FORMS = ["safe", "as-posted", "nopage"]


class _WithForms(click.Command):
    """``--fix`` without a form is ``--fix=safe``, whatever path comes behind it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        options = args[: args.index("--")] if "--" in args else args
        for index, word in enumerate(options):
            if word == "--fix" and args[index + 1 : index + 2] not in [[form] for form in FORMS]:
                args[index] = "--fix=safe"
        return super().parse_args(ctx, args)


@click.command(cls=_WithForms)
@click.argument("paths", nargs=-1, metavar="PATH...")
@click.option("--tree", type=FOLDER, metavar="DIR", help="The kernel; default: this directory.")
@click.option("--snapshot", metavar="VERSION", shell_complete=complete.snapshot,
              help="A fetched kernel instead of a folder.")  # fmt: skip
@click.option("--sites", is_flag=True, help="Only list the sites; judge nothing.")
@click.option(
    "--rule",
    "rules",
    multiple=True,
    metavar="NAME|FILE",
    help="Look for this old API instead; a rule's name, or your own .toml or .py.",
)
@click.option("--diff", metavar="REV", help="Only files that differ from this git revision.")
@click.option("-v", "--verbose", is_flag=True, help="Show the evidence for every verdict.")
@click.option(
    "--baseline",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="JSON of an earlier audit; what it has does not fail.",
)
@click.option(
    "--fail-on",
    "level",
    type=click.Choice(["note", "warning", "error", "never"]),
    default="note",
    help="Exit 1 only on this level or above.",
)
@click.option(
    "--fix",
    metavar="[=FORM]",
    type=click.Choice(FORMS),
    help="Print a patch for every driver: safe, as-posted (pages dropped too), or nopage.",
)
@click.option("-o", "--output", type=FOLDER, metavar="DIR", help="Write the patches here.")
@click.option(
    "--idiom",
    type=click.Choice(["macro", "flag"]),
    help="vma_reserve(vma), or vm_flags |= VM_RESERVED; default: what the tree has.",
)
@click.option("--only", multiple=True, metavar="PATH", help="Convert only this driver.")
@click.option("--unsafe", is_flag=True, help="With --fix=as-posted: even where it breaks mmap.")
@click.option(
    "-j",
    "--jobs",
    type=click.IntRange(1, 64),
    default=1,
    metavar="N",
    help="Judge with so many processes.",
)
@click.option(
    "--no-cache",
    "cache",
    is_flag=True,
    default=True,
    flag_value=False,
    help="Judge again what was judged before.",
)
@click.option("--format", "form", type=click.Choice(FORMATS), default="text")
def audit(paths: tuple[str, ...], **options: object) -> None:
    """List every place at or below PATH that reserves pages, and what should become of it.

    PATHs are relative to the tree.

    \b
    Examples:
      patchkit audit drivers/ --tree linux/
      patchkit audit drivers/sound --snapshot 2.4.0-test10 -v
      patchkit audit . --format sarif > audit.sarif
      patchkit audit . --diff origin/master --fail-on warning
      patchkit audit drivers/ --fix -o patches/
      patchkit audit sound/ --rule remap-pfn-range --fix
    """
    from patchkit.flows.audit.fail_on import known_before
    from patchkit.snapshots.open import open_tree

    asked = Asked(**options)  # type: ignore[arg-type]  # click has checked every one
    known = known_before(asked.baseline)  # before the work: a wrong name is soon said
    tree = open_tree(tree=asked.tree, snapshot=asked.snapshot)
    if asked.rules:
        leave(_by_rules(asked, tree, asked.paths(paths), known))
    if asked.fix is not None:
        leave(_convert(asked, tree, asked.paths(paths)))
    leave(_shown(asked, _audited(asked, tree, asked.paths(paths)), known))


def _audited(asked: Asked, tree: Tree, paths: list[PurePosixPath]) -> AuditReport:
    if asked.sites:
        from patchkit.flows.audit.audit_sites import audit_sites

        return audit_sites(tree, paths)
    if asked.cache:
        from patchkit.flows.audit.cached_audit import cached_audit

        return cached_audit(tree, paths, jobs=asked.jobs)
    from patchkit.flows.audit.audit_tree import audit_tree

    return audit_tree(tree, paths, jobs=asked.jobs)


def _shown(asked: Asked, report: AuditReport, known: frozenset[str]) -> Exit:
    for missed in report.unreadable:
        click.echo(f"patchkit: {one_line(missed.reason)}", err=True)
    printed = asked.rendered(report)
    if printed:
        click.echo(printed)
    return asked.exit(report, known)


def _by_rules(asked: Asked, tree: Tree, paths: list[PurePosixPath], known: frozenset[str]) -> Exit:
    from patchkit.flows.audit.apply_rules import apply_rules

    ruled = apply_rules(tree, paths, asked.rules)
    for broken in ruled.broken:
        click.echo(f"patchkit: {one_line(broken)}", err=True)
    if asked.fix is not None:
        code = _written(asked, ruled.converted)
    else:
        code = _shown(asked, ruled.report, known)
    return Exit.INCOMPLETE if ruled.broken else code


def _convert(asked: Asked, tree: Tree, paths: list[PurePosixPath]) -> Exit:
    from patchkit.flows.audit.convert_drivers import Wanted, convert_drivers

    only = tuple(PurePosixPath(path) for path in asked.only)
    wanted = Wanted(asked.fix or "", asked.idiom, only, asked.unsafe)
    return _written(asked, convert_drivers(tree, paths, wanted))


def _written(asked: Asked, converted: Converted) -> Exit:
    from patchkit.flows.audit.convert_drivers import write_series

    for left in converted.left:
        click.echo(one_line(f"{left.file}: not converted: {left.reason}"), err=True)
    if asked.output is not None:
        write_series(converted, asked.output)
    else:
        for _, patch in converted.patches:
            click.echo(patch, nl=False)
    return Exit.CLEAN if converted.complete else Exit.FINDINGS


@dataclass(frozen=True, slots=True)
class Asked:
    """The options of one call."""

    tree: Path | None
    snapshot: str | None
    sites: bool
    rules: tuple[str, ...]
    diff: str | None
    verbose: bool
    baseline: Path | None
    level: str
    fix: str | None
    output: Path | None
    idiom: str | None
    only: tuple[str, ...]
    unsafe: bool
    jobs: int
    cache: bool
    form: str

    def paths(self, named: tuple[str, ...]) -> list[PurePosixPath]:
        """What to audit: the *named* paths, or those of them that ``--diff`` leaves."""
        if "" in named:
            raise InputError("an empty PATH; write . for the whole tree")
        paths = [PurePosixPath(path) for path in named]
        if self.diff is None:
            if not paths:
                raise InputError("say what to audit: a PATH in the tree, or . for all of it")
            return paths
        from patchkit.flows.audit.changed_paths import changed_paths

        if self.snapshot is not None:
            raise InputError("--diff needs a git work tree; leave --snapshot out")
        changed = changed_paths(self.tree or Path(), self.diff)
        below = paths or [PurePosixPath()]
        return [path for path in changed if any(path.is_relative_to(top) for top in below)]

    def rendered(self, report: AuditReport) -> str:
        from patchkit.report import audit_annotations, audit_json, audit_sarif, audit_text

        machine = {
            "json": audit_json.as_json,
            "sarif": audit_sarif.as_sarif,
            "github": audit_annotations.as_github,
            "gitlab": audit_annotations.as_gitlab,
        }
        if self.form in machine:
            return machine[self.form](report)
        terminal = sys.stdout.isatty()
        width = shutil.get_terminal_size().columns if terminal else 120
        return audit_text.as_text(
            report,
            verbose=self.verbose,
            color=terminal and not os.environ.get("NO_COLOR"),
            width=width,
        )

    def exit(self, report: AuditReport, known: frozenset[str]) -> Exit:
        from patchkit.flows.audit.fail_on import failed

        if report.unreadable:
            return Exit.INCOMPLETE
        return Exit.FINDINGS if failed(report, self.level, known) else Exit.CLEAN
