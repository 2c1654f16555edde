"""Which compilers a build is made with: a kernel of others is not the same kernel."""

from __future__ import annotations

from patchkit.errors import HostError
from patchkit.flows.kbuild.request import Request
from patchkit.host.process import run
from patchkit.kbuild.container import find_engine, image_id
from patchkit.kbuild.room import PATH

# of this machine, where no container is wanted; each says its version in its first line
PROGRAMS = ("gcc", "as", "ld", "make")


def compilers(request: Request) -> str:
    """A text that changes when the compilers do: the image, which may have been made again of
    newer packages, or the versions of this machine's. Empty where that can't be told now, because
    there is no engine or no image."""
    try:
        if request.contained:
            return image_id(find_engine(request.engine), request.toolchain.tag)
        asked = (("env", "-i", f"PATH={PATH}", program, "--version") for program in PROGRAMS)
        said = (run(words, timeout=60).stdout for words in asked)
        return "; ".join(each.split(b"\n")[0].decode("latin-1") for each in said)
    except HostError:
        return ""
