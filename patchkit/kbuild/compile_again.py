"""Objects that a build compiled with warnings → a makefile that compiles them once more, with the
same options, for what the compiler says and not for the object."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from patchkit.kbuild.commands import commands, in_tree, object_of
from patchkit.kbuild.log import Diagnostic, diagnostics

MAKEFILE = PurePosixPath(".patchkit-again.mk")
_SHORT = re.compile(rb"  (?:CC|AS) (?:\[M\])?\s+(\S+\.o)\s*$")
_OUTPUT = re.compile(rb"(\s-o[ \t]+)\S+\.o(?=\s|$)")
_KEPT = re.compile(rb"^(?:saved)?cmd_\S+ := (.*)$", re.MULTILINE)
# where the dependencies go, which are not to be written again
_DEPENDENCIES = re.compile(rb"\s-Wp,-MM?D,\S+")


def with_warnings(
    log: bytes, wanted: Iterable[Diagnostic], *, top: str, files: Iterable[PurePosixPath]
) -> Mapping[str, tuple[str, bytes]]:
    """For each of the warnings *wanted* the first object whose compilation gave it: its folder, and
    the command as *log* has it, which is empty where make does not print it."""
    left, paths = set(wanted), tuple(files)
    found: dict[str, tuple[str, bytes]] = {}
    names = {os.fsencode(PurePosixPath(one.path).name) for one in left}
    for name, folder, command, said in _compilations(log, top):
        if left and any(b"warning:" in line and any(n in line for n in names) for line in said):
            head = b"make: Entering directory '%s'" % folder.encode()
            here = left.intersection(diagnostics(b"\n".join((head, *said)), top=top, files=paths))
            if here:
                found[name] = folder, command
                left -= here
    return found


def _compilations(log: bytes, top: str) -> Iterable[tuple[str, str, bytes, list[bytes]]]:
    """Each object with its folder, its command where that is printed, and what was said then."""
    name, where, command = "", top, b""
    said: list[bytes] = []
    for folder, line in commands(log, top=top):
        short, long = _SHORT.match(line), object_of(line)
        if short is None and long is None:
            said.append(line)
            continue
        if name:
            yield name, where, command, said
        made = short[1] if short else long or b""
        name, where = in_tree(top if short else folder, made, top=top) or "", folder
        command, said = b"" if short else line.replace(b"$", b"$$"), []
    if name:
        yield name, where, command, said


def again(name: str, folder: str, command: bytes) -> bytes:
    """The line of a makefile that runs *command* (as make printed or kept it) in *folder* with
    another output than the object *name*; empty where it makes no object."""
    kept = _KEPT.search(command)
    # what stands behind the compiler's own command works on the object
    line = (kept[1] if kept else command).partition(b" ; ")[0]
    output = b"/tmp/%s.o" % name.replace("/", "@").encode()
    changed, count = _OUTPUT.subn(rb"\g<1>" + output, _DEPENDENCIES.sub(b"", line))
    if count == 0 and object_of(line):
        # 2.4 compiles what exports symbols so: gcc ... -DEXPORT_SYMTAB -c videodev.c
        changed, count = b"%s -o %s" % (changed.rstrip(), output), 1
    return b"cd %s && %s" % (folder.encode(), changed.strip()) if count == 1 else b""


def makefile(lines: Mapping[str, bytes]) -> bytes:
    """A makefile with a target for each object; each says in which folder it is."""
    targets = [b"again@" + name.encode() for name in lines]
    rules = [
        b"%s:\n\t@echo \"make: Entering directory '%s'\"\n\t@%s\n"
        % (target, line.partition(b" && ")[0].removeprefix(b"cd "), line)
        for target, line in zip(targets, lines.values(), strict=True)
    ]
    return b"".join((b".PHONY: all %s\nall: %s\n" % ((b" ".join(targets),) * 2), *rules))
