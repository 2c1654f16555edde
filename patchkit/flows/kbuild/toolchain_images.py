"""The toolchains with the state of their images."""

from __future__ import annotations

import os

from patchkit.errors import HostError
from patchkit.flows.kbuild.job import BUILDER
from patchkit.host.files import scratch
from patchkit.host.process import run
from patchkit.kbuild.container import find_engine, has_image, last_line
from patchkit.kbuild.image import containerfile, ensure_image
from patchkit.kbuild.room import Contained
from patchkit.kbuild.toolchain import TOOLCHAINS, toolchain_named


def rows(engine: str | None) -> list[tuple[str, str, str]]:
    """Name, state of the image and note of each toolchain."""
    try:
        found = find_engine(engine)
    except HostError as error:
        return [(name, "no engine", str(error)) for name in TOOLCHAINS]
    return [
        (one.name, "made" if has_image(found, one.tag) else "not made", one.note)
        for one in TOOLCHAINS.values()
    ]


def made(name: str, engine: str | None) -> str:
    """Make the image of *name* unless it is there; its tag."""
    toolchain = toolchain_named(name)
    ensure_image(find_engine(engine), toolchain)
    return toolchain.tag


# what a build needs of an image: the compilers, and an object for each architecture
CHECK = """
for tool in gcc ld make; do $tool --version | head -n 1 || exit; done
for bits in 32 64; do
    echo 'int one(void) { return 1; }' | gcc -m$bits -x c -c - -o /tmp/one.o || exit
done
echo 'int main(void) { return 0; }' | gcc -x c - -o one && ./one
"""


def versions(name: str, engine: str | None) -> str:
    """The compilers of *name*, once they have compiled something in a container as a build has it.

    Raises:
        HostError: the image is not there, the container does not run, or the compiler in it fails.
    """
    toolchain, found = toolchain_named(name), find_engine(engine)
    if not has_image(found, toolchain.tag):
        raise HostError(f"{name}: its image is not made; say 'patchkit toolchains --make {name}'")
    user = BUILDER if os.getuid() == 0 else os.getuid()
    with scratch() as folder:
        for part in ("tree", "bin", "ccache"):
            (folder / part).mkdir()
        if user != os.getuid():
            os.chown(folder / "tree", user, user)
        room = Contained(found, toolchain.tag, folder, user, folder / "ccache")
        done = run(room.command(("sh", "-c", CHECK)), timeout=120)
    if done.returncode != 0:
        raise HostError(f"{name}: {last_line(done.stdout + done.stderr)}")
    return done.stdout.decode("utf-8", errors="replace").strip()


def recipe_of(name: str) -> str:
    """The Containerfile of *name*."""
    return containerfile(toolchain_named(name))
