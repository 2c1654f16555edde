"""Which objects gave a warning, by which command, and how it is run once more."""

from __future__ import annotations

from pathlib import PurePosixPath

from patchkit.kbuild.compile_again import again, makefile, with_warnings
from patchkit.kbuild.log import Diagnostic

FILES = (PurePosixPath("drivers/lamp/lamp.c"), PurePosixPath("include/linux/lamp.h"))
IN_SOURCE = Diagnostic("warning", "drivers/lamp/lamp.c", 3, "unused")
IN_HEADER = Diagnostic("warning", "include/linux/lamp.h", 8, "unused")
OLD = b"""\
make[1]: Entering directory '/build/drivers/lamp'
gcc -I/build/include -DNAME='"$x"' -c -o fan.o fan.c
In file included from fan.c:2:
/build/include/linux/lamp.h:8:1: warning: unused
gcc -I/build/include -c -o lamp.o lamp.c
/build/include/linux/lamp.h:8:1: warning: unused
lamp.c:3:1: warning: unused
make[1]: Leaving directory '/build/drivers/lamp'
"""
NEW = b"""\
  CC      init/main.o
  CC      drivers/lamp/lamp.o
drivers/lamp/lamp.c:3:1: warning: unused
"""
KEPT = b"""\
cmd_drivers/lamp/lamp.o := gcc -Wp,-MMD,drivers/lamp/.lamp.o.d -c -o drivers/lamp/lamp.o \
drivers/lamp/lamp.c ; ./tools/objtool/objtool drivers/lamp/lamp.o

source_drivers/lamp/lamp.o := drivers/lamp/lamp.c
"""


def test_a_warning_is_asked_of_the_first_object_that_gave_it() -> None:
    found = with_warnings(OLD, (IN_SOURCE, IN_HEADER), top="/build", files=FILES)
    assert list(found) == ["drivers/lamp/fan.o", "drivers/lamp/lamp.o"]
    assert list(with_warnings(OLD, (IN_HEADER,), top="/build", files=FILES)) == [
        "drivers/lamp/fan.o"
    ]
    folder, command = found["drivers/lamp/fan.o"]
    assert folder == "/build/drivers/lamp"
    assert again("drivers/lamp/fan.o", folder, command) == (
        b"cd /build/drivers/lamp && gcc -I/build/include -DNAME='\"$$x\"' -c "
        b"-o /tmp/drivers@lamp@fan.o.o fan.c"
    )


def test_where_make_prints_no_commands_the_kept_one_is_taken() -> None:
    found = with_warnings(NEW, (IN_SOURCE,), top="/build", files=FILES)
    assert found == {"drivers/lamp/lamp.o": ("/build", b"")}
    line = again("drivers/lamp/lamp.o", "/build", KEPT)
    assert line == (b"cd /build && gcc -c -o /tmp/drivers@lamp@lamp.o.o drivers/lamp/lamp.c")
    text = makefile({"drivers/lamp/lamp.o": line})
    assert text.startswith(b".PHONY: all again@drivers/lamp/lamp.o\n")
    assert b"\t@echo \"make: Entering directory '/build'\"\n\t@cd /build && gcc" in text


def test_a_command_without_an_output_gets_one() -> None:
    line = b"gcc -DEXPORT_SYMTAB -c lamp.c"
    assert again("drivers/lamp/lamp.o", "/build/drivers/lamp", line) == (
        b"cd /build/drivers/lamp && gcc -DEXPORT_SYMTAB -c lamp.c -o /tmp/drivers@lamp@lamp.o.o"
    )


def test_a_command_that_makes_no_object_is_not_run_again() -> None:
    assert again("lamp.o", "/build", b"gcc -o lamp lamp.c") == b""
    assert again("lamp.o", "/build", b"") == b""
