"""The command line: the group, and the border where errors become one line and an exit code."""

from __future__ import annotations

import importlib
import os
import signal
import sys
from typing import NoReturn

import click

from patchkit import __version__
from patchkit.errors import Exit, PatchkitError

# As the shell reports a death by SIGPIPE.
CLOSED_PIPE = 128 + 13

UNCONFINED = "patchkit: no container: the tree's Makefiles run as you, unconfined"

# Command → the module here that has it, as a function of the same name. A module is imported
# when its command is used: patchkit --version must not pay for GitPython.
COMMANDS: dict[str, str] = {
    "extract": "extract",
    "apply": "apply",
    "inspect": "inspect",
    "audit": "audit",
    "explain": "explain",
    "fetch": "fetch",
    "snapshots": "snapshots",
    "build": "build",
    "boot": "boot",
    "toolchains": "toolchains",
    "ci": "ci",
}


class Commands(click.Group):
    """A group that looks its commands up in the table."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"patchkit.cli.{COMMANDS[cmd_name]}")
        command = getattr(module, cmd_name)
        assert isinstance(command, click.Command)
        return command


@click.group(
    cls=Commands,
    no_args_is_help=False,  # a usage error, like any other: one line, on stderr
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="patchkit")
@click.pass_context
def cli(context: click.Context) -> None:
    """Carry Linux kernel patches to other trees, with evidence for every hunk.

    \b
    Examples:
      patchkit extract mail.txt -o patches/
      patchkit apply mail.txt --tree linux/ --check
      patchkit audit drivers/ --tree linux/
    """
    from patchkit.cli.config import configured

    name = str(context.invoked_subcommand)
    command = cli.get_command(context, name)
    if command is not None:
        context.default_map = {name: configured(command, context)}


def one_line(message: str) -> str:
    """*message* safe for a terminal: hostile input may be quoted in it."""
    return "".join(c if c.isprintable() else " " for c in message)


def leave(code: int) -> NoReturn:
    """Flush and exit; a reader that closed the pipe early (``| head``) is no error."""
    try:
        if sys.stdout is not None:  # closed by the caller: >&-
            sys.stdout.flush()
    except OSError as error:
        give_up_output(error)
    raise SystemExit(code)


def give_up_output(error: OSError) -> NoReturn:
    """Exit because standard output takes no more; what Python still holds of it is dropped."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if isinstance(error, BrokenPipeError):
        raise SystemExit(CLOSED_PIPE)
    from patchkit.host.files import reason

    click.echo(f"patchkit: standard output: can't be written: {reason(error)}", err=True)
    raise SystemExit(Exit.CANNOT)


def invoke(arguments: list[str]) -> object:
    """Run one command line; what it returns is its exit code, unless it left before.

    Instead of click's own ``main``, which answers a closed pipe with exit 1 ("findings", here)
    and an interrupt with a blank line.
    """
    asked = os.environ.get("_PATCHKIT_COMPLETE")
    if asked:
        from click.shell_completion import shell_complete

        return shell_complete(cli, {}, "patchkit", "_PATCHKIT_COMPLETE", asked)
    with cli.make_context("patchkit", arguments) as context:
        return cli.invoke(context)


def run() -> NoReturn:
    """Run the command line of this process."""
    # CI ends jobs with SIGTERM: leave as after Ctrl-C, so that no container stays behind
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        code = invoke(sys.argv[1:])
    except click.exceptions.Exit as done:
        leave(done.exit_code)
    except PatchkitError as error:
        click.echo(f"patchkit: {one_line(str(error))}", err=True)
        leave(error.exit_code)
    except click.UsageError as error:
        hint = f" (see '{error.ctx.command_path} --help')" if error.ctx else ""
        click.echo(f"patchkit: {one_line(error.format_message()).rstrip('.')}{hint}", err=True)
        leave(Exit.CANNOT)
    except click.ClickException as error:
        click.echo(f"patchkit: {one_line(error.format_message())}", err=True)
        leave(Exit.CANNOT)
    except (KeyboardInterrupt, click.Abort):
        # A count may stand in the line still.
        click.echo(("\n" if sys.stderr.isatty() else "") + "patchkit: interrupted", err=True)
        leave(Exit.INTERRUPTED)
    except OSError as error:
        if error.filename is not None:  # no stream, but a file that no HostError speaks for
            raise
        give_up_output(error)
    leave(code if isinstance(code, int) else Exit.CLEAN)
