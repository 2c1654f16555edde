"""Toolchains: what is in their image, and the make variables that a tree needs with them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import NamedTuple

from patchkit.errors import InputError
from patchkit.kbuild.arch import Architecture
from patchkit.kbuild.generation import Generation


class Toolchain(NamedTuple):
    """A compiler and what it needs around it.

    ``suite`` and ``packages`` are the recipe of its image; ``newcc`` says that trees older than
    the compiler are rewritten for it; ``verified`` that this project's tests have built with it.
    """

    name: str
    suite: str
    packages: tuple[str, ...]
    newcc: bool
    verified: bool
    note: str

    @property
    def tag(self) -> str:
        """The image's name, with the hash of its recipe."""
        recipe = "\n".join((self.suite, *self.packages)).encode()
        return f"localhost/patchkit-{self.name}:{hashlib.sha256(recipe).hexdigest()[:12]}"


TOOLCHAINS: Mapping[str, Toolchain] = {
    "debian-gcc": Toolchain(
        "debian-gcc",
        "bookworm",
        ("bc", "bin86", "bison", "ccache", "cpio", "e2fsprogs", "flex", "gcc", "kmod",
         "libc6-dev", "libelf-dev",
         "make", "perl", "xz-utils"),
        newcc=True,
        verified=True,
        note="gcc 12; trees older than it are rewritten (docs/newcc.md)",
    ),
    "period": Toolchain(
        "period",
        "potato",
        ("bin86", "e2fsprogs", "gcc", "libc6-dev", "make"),
        newcc=False,
        verified=False,
        note="gcc 2.95 for 2.2 and 2.4; for people with a registry; not verified here",
    ),
}  # fmt: skip


def toolchain_named(name: str) -> Toolchain:
    """The toolchain called *name*.

    Raises:
        InputError: there is none.
    """
    if name not in TOOLCHAINS:
        raise InputError(f"{name}: no such toolchain; known: {', '.join(TOOLCHAINS)}")
    return TOOLCHAINS[name]


# gcc's own optimisations that read more into C than the kernel's authors wrote: each one broke,
# or may break, a tree of 2000.
_TAME = (
    "-std=gnu89 -fno-pic -fno-pie -no-pie -fno-stack-protector -fcf-protection=none "
    "-fno-asynchronous-unwind-tables -fno-unwind-tables -fno-strict-aliasing "
    "-fno-delete-null-pointer-checks -fwrapv -fno-aggressive-loop-optimizations -fno-ipa-ra "
    "-fno-ipa-sra -fno-ipa-cp -fno-ipa-icf -fno-optimize-sibling-calls -fno-toplevel-reorder "
    "-fno-reorder-functions -fno-tree-loop-distribute-patterns -fno-tree-vectorize -mno-sse "
    "-mno-mmx -fcommon"
)
# What is not declared inline is a function, as with gcc 2.95. 2.6.1 tests the WP bit in one that
# "cannot be __init, since exceptions don't work in that section": merged into its __init caller,
# its entry is out of order in the exception table, which nothing sorts before 2.6.2.
_NOT_MERGED = "-fno-inline-functions-called-once -fno-inline-small-functions"
# The kernel's own functions of these names are not libc's; -fno-builtin for all breaks string.h.
_NO_BUILTIN = (
    "printf sprintf vsprintf snprintf vsnprintf puts putchar strcat strchr strcmp strcpy strcspn "
    "strdup strlen strncasecmp strncat strncmp strncpy strndup strpbrk strrchr strspn strstr "
    "strcasecmp stpcpy stpncpy memchr memcmp bcmp bcopy bzero index rindex exp log isdigit toupper "
    "tolower"
)
_ARCH_OPTIONS = {
    # compressed/ ignores CFLAGS, so that -march must be in CC
    "i386": ("-m32", "-march=i386", "-mpreferred-stack-boundary=2"),
    "x86_64": ("-m64",),
}


# 2.2 has its include path in CC itself, which a CC on make's command line takes away.
_PATH_IN_CC = re.compile(rb"^CC[ \t]*:?=.*-I[ \t]*\$\(HPATH\)", re.MULTILINE)


def make_variables(
    toolchain: Toolchain,
    generation: Generation,
    arch: Architecture,
    *,
    top: str,
    makefile: bytes,
) -> tuple[str, ...]:
    """What goes on make's command line; *top* is the tree's folder as make will see it, and
    *makefile* the text of the Makefile there."""
    variables: tuple[str, ...] = (f"ARCH={arch.name}",)
    if not (toolchain.newcc and generation.needs_newcc):
        return variables
    # __FILE__ in BUG() would carry the build folder into the kernel
    options = (
        *_ARCH_OPTIONS[arch.name],
        *_TAME.split(),
        *_NOT_MERGED.split(),
        *(f"-fno-builtin-{name}" for name in _NO_BUILTIN.split()),
        f"-fmacro-prefix-map={top}/=",
        *(
            ("-D__KERNEL__", f"-I{top}/include")
            if _PATH_IN_CC.search(makefile.replace(b"\\\n", b" "))
            else ()
        ),
    )
    bits, emulation = ("32", "elf_i386") if arch.name == "i386" else ("64", "elf_x86_64")
    linker = f"ld -m {emulation} -z noexecstack --no-warn-rwx-segments"
    if generation is Generation.CONFIG_IN:
        # scripts/mkdep.c takes a host it does not know for big-endian, finds no dependency at all,
        # and a changed header builds nothing again. <sys/time.h> no longer brings <time.h>: what
        # ctime() returns would be an int, half of a pointer.
        variables = (*variables, "HOSTCFLAGS=-O2 -w -DLE_MACHINE -include time.h")
        # CURRENT writes the root device of the machine that builds into the image
        variables = (*variables, "ROOT_DEV=FLOPPY")
    return (*variables, f"CC=gcc {' '.join(options)}", f"AS=as --{bits}", f"LD={linker}")
