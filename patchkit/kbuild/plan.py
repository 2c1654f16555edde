"""The make commands of a build, in order, as tuples."""

from __future__ import annotations

from dataclasses import dataclass

from patchkit.kbuild.declared import MAKEFILE, TARGET
from patchkit.kbuild.generation import Generation

# Enough empty answers for every question of a 2.4 configuration.
ANSWERS = b"\n" * 20000

OBJECTS_MAKEFILE = ".patchkit-objects.mk"
# what modules_install takes for the root of a file system
INSTALLED = ".patchkit-installed"
# What a Kconfig tree of today enters first: its Makefiles give these folders no name of their own.
FOLDERS = (
    "init usr arch/x86 kernel certs mm fs ipc security crypto block io_uring lib drivers sound "
    "samples net virt"
)
HEADERS_MAKEFILE = ".patchkit-headers.mk"
# 2.2.0 keeps no options apart
MARKER = "$(shell grep -sho -m1 include/config/MARKER Makefile)"

# A header that includes a newer one is touched by 2.4's dependencies. Every make below a folder
# does that for itself: under -j two of them touch a header one after the other, and what the first
# compiled in between is compiled again by the next build, nearly the whole kernel.
SETTLED = f"""\
include Makefile
patchkit-headers: include/linux/version.h {MARKER}
\t@$(MAKE) -f {HEADERS_MAKEFILE} patchkit-settled
patchkit-settled: $(shell sed -n 's/^\\(\\/[^ ]*\\.h\\):.*/\\1/p' .hdepend)
"""


def objects_makefile(names: tuple[str, ...], *, modules: bool = False) -> str:
    """The tree's own Makefile and a target for the objects *names*, of the kernel or of
    *modules*: one make in each folder."""
    flags = 'CFLAGS="$(CFLAGS) $(CFLAGS_KERNEL)"'
    if modules:
        flags = 'CFLAGS="$(CFLAGS) $(MODFLAGS)" MAKING_MODULES=1'
    folders: dict[str, list[str]] = {}
    for name in names:
        folder, _, file = name.rpartition("/")
        folders.setdefault(folder or ".", []).append(file)
    lines = ["include Makefile", "patchkit-objects:" + "".join(f" patchkit@{f}" for f in folders)]
    for folder, files in folders.items():
        lines.append(f"patchkit@{folder}: include/linux/version.h {MARKER}")
        lines.append(f"\t$(MAKE) -C {folder} {flags} {' '.join(files)}")
    return "\n".join(lines) + "\n"


@dataclass(frozen=True, slots=True)
class Step:
    """One command of a build, run in the tree's top folder."""

    name: str
    command: tuple[str, ...]
    stdin: bytes = b""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run: ``variables`` are those of make, ``jobs`` how many commands at once."""

    generation: Generation
    variables: tuple[str, ...]
    jobs: int

    def _make(self, *words: str) -> tuple[str, ...]:
        return ("make", *self.variables, *words)

    def base_config(self) -> Step | None:
        """Writes the smallest .config, where the tree knows how; the fragment goes on top."""
        if self.generation is Generation.TODAY:
            return Step("tinyconfig", self._make("tinyconfig"))
        return None

    def configure(self) -> Step:
        """Completes .config."""
        if self.generation is Generation.TODAY:
            return Step("olddefconfig", self._make("olddefconfig"))
        return Step("oldconfig", self._make("oldconfig"), ANSWERS)

    def listing(self) -> Step | None:
        """Prints the commands of the build without running them."""
        if self.generation is Generation.CONFIG_IN:
            return Step("list", self._make("-k", "-n", "bzImage"))
        if self.generation is Generation.EARLY_KCONFIG:
            return Step("list", self._make("-f", str(MAKEFILE), TARGET))
        return None

    def list_modules(self) -> Step:
        """Prints what `modules` will make, without making it."""
        if self.generation is Generation.CONFIG_IN:
            return Step("list modules", self._make("-k", "-n", "modules"))
        words = (f"patchkit-folders={FOLDERS}", "SRCARCH=x86")
        given = words if self.generation is Generation.TODAY else ()
        return Step("list modules", self._make("-f", str(MAKEFILE), *given, TARGET))

    def find_genksyms(self) -> Step:
        """Succeeds where the program is that 2.4 makes symbols' checksums with."""
        return Step("genksyms", ("test", "-x", "/sbin/genksyms"))

    def depend(self) -> Step | None:
        """Writes the dependencies, which Kconfig trees find by themselves."""
        if self.generation is Generation.CONFIG_IN:
            return Step("dep", self._make("dep"))
        return None

    def headers(self) -> Step:
        """Settles which headers are newer than what includes them, by HEADERS_MAKEFILE."""
        return Step("headers", self._make("-f", HEADERS_MAKEFILE, "patchkit-headers"))

    def objects(self, names: tuple[str, ...], *, keep_going: bool = False) -> Step:
        """Builds single objects. 2.4 has no such target at its top; OBJECTS_MAKEFILE adds one."""
        if self.generation is Generation.CONFIG_IN:
            names = ("-f", OBJECTS_MAKEFILE, "patchkit-objects")
        return Step(
            "objects", self._make(f"-j{self.jobs}", "-Otarget", *_going(keep_going), *names)
        )

    def left(self, step: Step) -> Step:
        """Prints what *step* would still make."""
        return Step("left", (*step.command, "-k", "-n"))

    def image(self, *, keep_going: bool) -> Step:
        """Builds the kernel; -O keeps each command's words together with its folder's name."""
        going = _going(keep_going)
        return Step("bzImage", self._make(f"-j{self.jobs}", "-Otarget", *going, "bzImage"))

    def modules(self, *, keep_going: bool) -> Step:
        """Builds the modules, behind the kernel: in 2.4 both write to the same files."""
        going = _going(keep_going)
        return Step("modules", self._make(f"-j{self.jobs}", "-Otarget", *going, "modules"))

    def install_modules(self, *, top: str) -> Step:
        """Puts them where a user's system would have them, below INSTALLED in *top*; depmod, for
        which a tree and its image would have to be of one time, is left out."""
        return Step(
            "modules_install",
            self._make(f"INSTALL_MOD_PATH={top}/{INSTALLED}", "DEPMOD=true", "modules_install"),
        )


def _going(keep_going: bool) -> tuple[str, ...]:
    return ("-k",) if keep_going else ()
