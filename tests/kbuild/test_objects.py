"""What make is to make is its own list; why something is missing is in the log of its command."""

from __future__ import annotations

from pathlib import PurePosixPath

from patchkit.kbuild.commands import object_of
from patchkit.kbuild.objects import Asked, NotMade, as_json, asked_for, causes, from_json

TOP = "/build"
LISTING = b"""\
gcc -Wall -o scripts/tool scripts/tool.c
gcc -D__KERNEL__ -c -o init/main.o init/main.c
make[1]: Entering directory '/build/drivers/lamp'
gcc -D__KERNEL__ -c -o oil.o oil.c
gcc -D__KERNEL__ -c -o 53c7,8xx.o 53c7,8xx.c
gcc -D__KERNEL__ -c -o oil.o oil.c
ld -m elf_i386 -r -o lamp.o oil.o 53c7,8xx.o
make[1]: *** No rule to make target '/etc/lamp/glass.bin', needed by 'glass.h'.
make[1]: Leaving directory '/build/drivers/lamp'
as --32 -o boot.o boot.s
gcc -traditional -c arch/i386/head.S
gcc -c -o /tmp/elsewhere.o x.c
"""


def test_every_object_counts_once_and_what_is_linked_does_not() -> None:
    asked = asked_for(LISTING, top=TOP)
    assert asked.objects == (
        "init/main.o", "drivers/lamp/oil.o", "drivers/lamp/53c7,8xx.o", "boot.o", "head.o",
    )  # fmt: skip


def test_what_make_can_not_list_is_asked_for_too() -> None:
    assert asked_for(LISTING, top=TOP).impossible == (
        NotMade("drivers/lamp/glass.h", "No rule to make target '/etc/lamp/glass.bin'"),
    )


def test_what_was_asked_for_comes_back_as_it_was_kept() -> None:
    asked = asked_for(LISTING, top=TOP)
    assert from_json(as_json(asked)) == asked
    assert from_json(as_json(Asked(()))) == Asked(())


def test_a_command_that_makes_no_object_has_none() -> None:
    assert object_of(b"gcc -E -o boot.s boot.S") is None
    assert object_of(b"ld -r -o all.o a.o b.o") is None
    assert object_of(b"gcc -c -o tool tool.c") is None
    assert object_of(b"echo as -o x.o") is None


LOG = b"""\
make[1]: Entering directory '/build/drivers/lamp'
gcc -c -o oil.o oil.c
oil.c: In function 'burn':
oil.c:7:9: warning: unused variable 'wick'
oil.c:9:3: error: 'flame' undeclared (first use in this function)
oil.c:10:3: error: 'smoke' undeclared (first use in this function)
make[1]: *** [Makefile:3: oil.o] Error 1
make[1]: Leaving directory '/build/drivers/lamp'
make[1]: Entering directory '/build/drivers/lamp'
gcc -c -o glass.o glass.c
glass.c:1:1: warning: data definition has no type
make[1]: Leaving directory '/build/drivers/lamp'
"""


def test_the_first_error_after_an_objects_own_command_is_its_cause() -> None:
    files = [PurePosixPath("drivers/lamp/oil.c"), PurePosixPath("fs/oil.c")]
    names = ("drivers/lamp/oil.o", "drivers/lamp/glass.o", "drivers/lamp/wick.o")
    assert causes(LOG, names, top=TOP, files=files) == {
        "drivers/lamp/oil.o": "drivers/lamp/oil.c:9: 'flame' undeclared (first use in this "
        "function)"
    }


KBUILD = b"""\
  CC [M]  drivers/lamp/oil.o
drivers/lamp/oil.c:9:3: error: 'flame' undeclared (first use in this function)
make[2]: *** [scripts/Makefile.build:250: drivers/lamp/oil.o] Error 1
  CC      init/main.o
init/main.c:2:1: error: expected ';'
  LD [M]  drivers/lamp/lamp.o
"""


def test_the_short_commands_of_kbuild_name_their_objects_from_the_top() -> None:
    assert causes(KBUILD, ("drivers/lamp/oil.o", "init/main.o"), top=TOP, files=()) == {
        "drivers/lamp/oil.o": "drivers/lamp/oil.c:9: 'flame' undeclared (first use in this "
        "function)",
        "init/main.o": "init/main.c:2: expected ';'",
    }
