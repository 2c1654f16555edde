"""The toolchains with the state of their images."""

from __future__ import annotations

from patchkit.errors import HostError
from patchkit.kbuild.container import find_engine, has_image
from patchkit.kbuild.image import containerfile, ensure_image
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


def recipe_of(name: str) -> str:
    """The Containerfile of *name*."""
    return containerfile(toolchain_named(name))
