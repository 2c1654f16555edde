"""``patchkit apply``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from patchkit.cli import complete, leave
from patchkit.cli.asked import Asked

if TYPE_CHECKING:
    from patchkit.flows.intake.read_mail import Mailing
    from patchkit.port.outcome import SeriesReport
    from patchkit.tree.base import Tree
    from patchkit.tree.recorded import Recorded

FOLDER = click.Path(path_type=Path, file_okay=False)


@click.command()
@click.argument("patches", nargs=-1, metavar="PATCH|SERIES|MAIL...",
                shell_complete=complete.series)  # fmt: skip
@click.option("--tree", type=FOLDER, metavar="DIR", help="The kernel; default: this directory.")
@click.option("--snapshot", metavar="VERSION", shell_complete=complete.snapshot,
              help="A fetched kernel; it is never changed.")  # fmt: skip
@click.option("--patches", "folder", type=FOLDER, metavar="DIR", help="Where series are named.")
@click.option("--check", is_flag=True, help="Only say what would become of every hunk.")
@click.option("--diff", is_flag=True, help="Print the result as a diff; write nothing.")
@click.option("--output", type=FOLDER, metavar="DIR", help="Write the whole patched tree here.")
@click.option("--partial", is_flag=True, help="Write what lands, with .rej files for the rest.")
@click.option("--reverse", is_flag=True, help="Take the patches back.")
@click.option("--adapt/--exact-only", default=True,
              help="May hunks whose context was rewritten be adapted?")  # fmt: skip
@click.option("--history", type=FOLDER, metavar="REPO", help="Where the tree's past is.")
@click.option("--history-rev", metavar="REV", help="The commit that the tree was taken from.")
@click.option("--strict", is_flag=True, help="Exit 3 when anything was other than exact.")
@click.option("--commit", is_flag=True, help="In a git tree: one commit for each patch.")
@click.option("--interdiff", "-v", "--verbose", is_flag=True, help="Show adapted hunks in full.")
@click.option("--stop-at-conflict", "stops", is_flag=True,
              help="Write the patches before the first conflict; wait.")  # fmt: skip
@click.option("--markers", is_flag=True, help="Stop, with conflict markers in the files.")
@click.option("--reject", is_flag=True, help="Stop, with the refused hunks in .rej files.")
@click.option("--continue", "go_on", is_flag=True, help="The conflict is resolved: go on.")
@click.option("--skip", is_flag=True, help="Leave the patch in conflict out, and go on.")
@click.option("--abort", is_flag=True, help="Undo all that the stack has written.")
@click.option("--quit", is_flag=True, help="Forget the stack; the tree stays as it is.")
@click.option("--memory/--no-memory", default=True,
              help="Resolve a conflict as you resolved the same one before?")  # fmt: skip
@click.option(
    "--compile",
    is_flag=True,
    help="Do the touched objects compile before and after? If not, write nothing.",
)
@click.option("--config", metavar="NAME|FILE", help="For --compile; default: tiny.")
@click.option("--write-series", type=click.Path(path_type=Path), metavar="FILE|DIR",
              help="Write the ported patches here; the tree stays as it is.")  # fmt: skip
@click.option("--format", "form", type=click.Choice(["text", "json", "mbox", "quilt"]),
              default="text", help="Of the report; or that of the ported patches.")  # fmt: skip
def apply(patches: tuple[str, ...], **options: object) -> None:
    """Carry patches to a kernel tree, and say what became of every hunk.

    Each argument is a file (a mail as received, an mbox, a diff), - for standard input, or the
    name of a series. Nothing is written unless everything lands; with --stop-at-conflict
    the patches before the first conflict are, and the others wait.

    \b
    Examples:
      patchkit apply fix.mbox --tree linux/ --check
      patchkit apply vm-reserved --snapshot 2.4.0-test10 --partial --output out/
      patchkit apply - --tree linux/ --diff < mail.txt
      patchkit apply stack.mbox --tree linux/ --commit --markers
      patchkit apply --continue --tree linux/
    """
    from patchkit.flows.apply.apply_series import apply_series, exit_of
    from patchkit.flows.intake.extract_mail import extract_mail
    from patchkit.flows.intake.named_series import as_described, named_inputs
    from patchkit.flows.intake.read_mail import read_mail
    from patchkit.port.ladder.table import ADAPTING, EXACT_ONLY
    from patchkit.report import apply_text
    from patchkit.snapshots.open import open_tree
    from patchkit.stack.memory import users_memory
    from patchkit.tree.recorded import Recorded

    asked = Asked(**options)  # type: ignore[arg-type]  # click has checked every one
    asked.check_together(patches)
    if asked.stacks:
        from patchkit.cli.stack import stack

        leave(stack(patches, asked))
    asked.refuse_under_way()
    opened = open_tree(tree=asked.tree, snapshot=asked.snapshot)
    tree = Recorded(opened)
    named = named_inputs(patches, asked.folder)
    history = asked.past()
    with read_mail(named.files, sys.stdin.buffer) as mailing:
        report = apply_series(
            as_described(extract_mail(mailing), named.series),
            tree,
            reverse=asked.reverse,
            ladder=ADAPTING if asked.adapt else EXACT_ONLY,
            history=history,
            memory=users_memory() if asked.memory else None,
        )
    if asked.compile and (report.landed or asked.partial):
        report = _compiled(asked, opened, report)
    if problem := report.past.problem:
        click.echo(apply_text.printable(f"history: {problem}; went on without it"), err=True)
    written, report = _write(asked, tree, report)
    _show(asked, tree, Shown(report, mailing, written))
    leave(exit_of(report, mailing.notes, strict=asked.strict))


def _compiled(asked: Asked, tree: Tree, report: SeriesReport) -> SeriesReport:
    from patchkit.cli.progress import progress_bar
    from patchkit.flows.kbuild.compile_touched import Compiler, with_compiled

    with progress_bar() as show:
        return with_compiled(report, tree, Compiler(asked.config or "tiny"), show)


def _write(asked: Asked, tree: Recorded, report: SeriesReport) -> tuple[str, SeriesReport]:
    """Write what was asked for; where the result is now, in words, and what was written."""
    from patchkit.flows.apply import apply_series, write_result

    if asked.check or asked.diff or asked.series_form:
        told = "nothing was written, as asked"
        return _write_series(asked, tree, report) if asked.series_form else told, report
    if why := _held_back(asked, report):
        return f"nothing was written{why}", report
    if asked.partial:
        report = apply_series.with_rejects(report, tree)
    if asked.output is not None:
        write_result.write_beside(asked.output, tree, report)
        return f"the whole tree is in {asked.output}", report
    folder = asked.tree or Path()
    if asked.commit:
        from patchkit.flows.apply.commit_result import commit_result

        count = commit_result(folder, tree, report)
        return f"{count} commit{'' if count == 1 else 's'} in {folder}", report
    if not report.changes:
        return "nothing to write", report
    write_result.write_into(folder, tree, report)
    return f"written to {folder}", report


def _held_back(asked: Asked, report: SeriesReport) -> str:
    """Why nothing is written; empty if nothing speaks against it."""
    if report.breaks:
        return ": what compiled does not any more"
    return "" if report.landed or asked.partial else " (--partial writes what lands)"


def _write_series(asked: Asked, tree: Recorded, report: SeriesReport) -> str:
    """Write the ported patches; where they are now, in words."""
    from patchkit.flows.apply.write_series import left_out, ported_series, write_series

    if report.breaks:
        return "no series was written: what compiled does not any more"
    if not report.landed:
        return "no series was written (--stop-at-conflict lets you resolve a conflict)"
    patches = ported_series(report, tree, asked.series_form)
    if asked.write_series is None:
        sys.stdout.buffer.write(b"".join(patch.text for patch in patches))
    else:
        write_series(patches, asked.write_series, asked.series_form)
    place = asked.write_series or "standard output"
    there = "".join(f"; left out, for it is there: {title}" for title in left_out(report))
    return f"{len(patches)} patch{'' if len(patches) == 1 else 'es'} in {place}{there}"


class Shown(NamedTuple):
    """What there is to say: of the patches, of mails left out or missing, of where it went."""

    report: SeriesReport
    mailing: Mailing
    written: str


def _show(asked: Asked, tree: Recorded, shown: Shown) -> None:
    from patchkit.flows.apply.write_result import as_diff
    from patchkit.report import apply_json, apply_text

    diff = as_diff(tree, shown.report) if asked.diff else None
    if asked.form == "json":
        click.echo(apply_json.as_json(shown.report, shown.mailing.notes, diff=diff))
        return
    for note in shown.mailing.notes:
        click.echo(apply_text.printable(f"{note.kind}: {note.text}"), err=True)
    detail = apply_text.Detail(asked.interdiff, proposals=asked.diff)
    text = apply_text.as_text(shown.report, written=shown.written, detail=detail)
    piped = asked.series_form == "mbox" and asked.write_series is None
    click.echo(text, err=asked.diff or piped)
    if diff:
        sys.stdout.buffer.write(diff)
