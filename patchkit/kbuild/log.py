"""Build output → errors and warnings with file, line and first cause."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import NamedTuple


class Diagnostic(NamedTuple):
    """One complaint of a compiler, an assembler, a linker, make, or of what reads a file that
    says how to build ("recipe").

    ``path`` is relative to the tree where it is in the tree, ``line`` 0 where none was said.
    """

    kind: str
    path: str
    line: int
    text: str


def place(one: Diagnostic) -> str:
    """Where *one* is, as it stands in front of a message; empty where nothing was said."""
    line = f":{one.line}" if one.line else ""
    return f"{one.path}{line}: " if one.path else ""


# more folders at once are no kernel's, and would make reading a hostile log slow
DEEPEST = 64
# Of a longer line, which no compiler writes, both ends are read: a hostile one could take hours.
LONGEST_LINE = 4096
# not only at a line's start: a command whose last line does not end has make's words behind it
_MOVING = re.compile(r"make(?:\[\d+\])?: (?P<how>Entering|Leaving) directory [`'](?P<folder>.*)'")
_COMPILER = re.compile(
    r"(?P<path>[^\s:]+):(?P<line>\d+):(?:\d+:)? "
    r"(?P<kind>fatal error|error|warning|Error|Warning): (?P<text>.*)"
)
_LINKER = re.compile(
    r"(?:\S*ld: )?(?:(?P<path>[^\s:(]+):?)?(?:\(\.[^)]*\)|(?<=:)(?P<line>\d+)): "
    r"(?P<text>(?:undefined reference to|multiple definition of) .*)"
)
# modpost, of a module that uses what nobody exports
_MODPOST = re.compile(r'ERROR: (?:modpost: )?"(?P<symbol>\w+)" \[(?P<path>\S+)\] undefined!')
# what else is wrong with a module: "missing MODULE_LICENSE() in fs/fat/vfat.o"
_UNFIT = re.compile(r"(?:ERROR|FATAL): modpost: (?P<text>(?:missing \S+ in (?P<path>\S+)\.o$)?.*)")
_DRIVER = re.compile(
    r"(?:\S*/)?(?:gcc|cc1|as|ld|collect2): "
    r"(?:(?P<kind>fatal error|error|warning): (?P<text>.*)|(?P<missing>cannot find .*))"
)
# arch/*/boot/tools/build.c, of a kernel that is more than a boot loader will load
_TOO_BIG = re.compile(r"System is too big\..*")
# a target's "Error N" has been explained above it; that a program was killed by a signal has not
_MAKE = re.compile(
    r"make(?:\[\d+\])?: \*\*\* "
    r"(?P<text>(?!\[|Deleting file|Waiting for unfinished).*|\[.*\] (?!Error ).+)"
)
# what is wrong with a file that tells how to build: make's word, Kconfig's, and that of the shell
# that reads a Config.in, behind a question without a newline
_RECIPE = (
    re.compile(r"(?P<path>[^\s:]+):(?P<line>\d+): \*\*\* (?P<text>.*)"),
    re.compile(r"(?P<path>(?:[^\s:]*/)?Kconfig[^\s:/]*):(?P<line>\d+): (?P<text>(?!warning:).*)"),
    re.compile(r"(?:.* )?(?P<path>[^\s:]+): line (?P<line>\d+): (?P<text>syntax error.*)"),
)
# Not where gcc shows a source line, which may be about full disks ("  12 | printk(...)").
_KILLED = re.compile(
    r"(?!\s*\d* \|)(?P<text>.*(?:No space left on device|Killed signal terminated"
    r"|Cannot allocate memory|: \*\*\* \[.*\] Killed).*)"
)


def diagnostics(
    log: bytes, *, top: str, files: Iterable[PurePosixPath] = ()
) -> tuple[Diagnostic, ...]:
    """Every complaint in *log*, in order, each once; *top* is the tree's folder in the log.

    *files*, those of the tree, settle where a name is when several folders are open at once, as
    they are under ``make -j``.
    """
    found: dict[Diagnostic, None] = {}
    open_folders: list[str] = []
    # make says of a Makefile that it can't read that it leaves its folder, and then why
    just_left: list[str] = []
    homes = _Homes(top, files)
    for whole in log.decode("utf-8", errors="replace").split("\n"):
        line = whole if len(whole) <= LONGEST_LINE else whole[:2000] + " ... " + whole[-2000:]
        moving = _MOVING.search(line)
        for one in _complaints(line[: moving.start()] if moving else line):
            inside = [*open_folders, *just_left] if one.kind == "recipe" else open_folders
            path = homes.of(one.path, inside) if one.path else one.path
            found.setdefault(one._replace(path=path))
        just_left = [moving["folder"]] if moving and moving["how"] == "Leaving" else []
        if moving and moving["how"] == "Entering":
            open_folders = [*open_folders[-DEEPEST:], moving["folder"]]
        elif moving and moving["folder"] in open_folders:
            # make[2] may leave after another make[2] has entered: the one that is named closes
            last = open_folders[::-1].index(moving["folder"])
            del open_folders[len(open_folders) - 1 - last]
    return tuple(found)


def _complaints(line: str) -> Iterable[Diagnostic]:
    if match := _KILLED.match(line):
        yield Diagnostic("host", "", 0, match["text"].strip())
    elif match := _COMPILER.match(line):
        kind = "warning" if match["kind"].lower() == "warning" else "error"
        yield Diagnostic(kind, match["path"], int(match["line"]), match["text"])
    elif match := _DRIVER.match(line):
        kind = "warning" if match["kind"] == "warning" else "error"
        yield Diagnostic(kind, "", 0, match["text"] or match["missing"])
    elif match := _LINKER.match(line):
        yield Diagnostic("link", match["path"] or "", int(match["line"] or 0), match["text"])
    elif match := _TOO_BIG.match(line):
        yield Diagnostic("error", "", 0, match[0])
    elif match := _MODPOST.match(line):
        yield Diagnostic("link", match["path"], 0, f"undefined reference to `{match['symbol']}'")
    elif match := _UNFIT.match(line):
        path = f"{match['path']}.ko" if match["path"] else ""
        yield Diagnostic("link", path, 0, match["text"])
    elif match := _MAKE.match(line):
        yield Diagnostic("make", "", 0, match["text"])
    elif match := next(filter(None, (form.match(line) for form in _RECIPE)), None):
        yield Diagnostic("recipe", match["path"], int(match["line"]), match["text"])


class _Homes:
    """Where in the tree a name of the log is."""

    def __init__(self, top: str, files: Iterable[PurePosixPath]) -> None:
        self.top = top
        self.called: dict[str, list[str]] = {}
        for path in files:
            self.called.setdefault(path.name, []).append(str(path))

    def of(self, path: str, open_folders: list[str]) -> str:
        """*path* from the tree's top: in the innermost open folder that has it, else the only
        file of the tree whose path ends so, else as the innermost folder says."""
        seen = [self._under(folder, path) for folder in (*open_folders[::-1], self.top)]
        known = self.called.get(PurePosixPath(path).name, [])
        ends = [one for one in known if f"/{one}".endswith(f"/{path}")]
        there = [one for one in seen if one in known]
        return (there or (ends if len(ends) == 1 else seen))[0]

    def _under(self, folder: str, path: str) -> str:
        whole = posixpath.normpath(posixpath.join(folder, path))
        inside = PurePosixPath(whole).is_relative_to(self.top)
        return posixpath.relpath(whole, self.top) if inside else path


def first_cause(found: Iterable[Diagnostic]) -> Diagnostic | None:
    """What to look at first: the disk or memory that gave out, else the first error."""
    complaints = [one for one in found if one.kind != "warning"]
    host = [one for one in complaints if one.kind == "host"]
    return next(iter((*host, *complaints)), None)
