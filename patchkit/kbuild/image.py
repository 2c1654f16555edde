"""Toolchain images: from a registry's base by Containerfile, or without one by mmdebstrap."""

from __future__ import annotations

import shutil
from pathlib import Path

from patchkit.errors import HostError
from patchkit.host.files import scratch
from patchkit.host.process import run
from patchkit.kbuild.container import Engine, has_image, last_line
from patchkit.kbuild.toolchain import Toolchain

MINUTES = 60.0


def containerfile(toolchain: Toolchain) -> str:
    """The recipe for people with a registry."""
    base = (
        f"docker.io/debian/eol:{toolchain.suite}"
        if toolchain.suite == "potato"
        else (f"docker.io/library/debian:{toolchain.suite}-slim")
    )
    return (
        f"FROM {base}\n"
        "RUN apt-get update && apt-get install -y --no-install-recommends \\\n"
        f"    {' '.join(toolchain.packages)} && rm -rf /var/lib/apt/lists/*\n"
    )


def bootstrap_command(toolchain: Toolchain, archive: Path) -> tuple[str, ...]:
    """The line that makes the image's files from Debian packages alone."""
    return (
        "mmdebstrap",
        "--variant=minbase",
        f"--include={','.join(toolchain.packages)}",
        "--aptopt=APT::Install-Recommends false",
        toolchain.suite,
        str(archive),
    )


def ensure_image(engine: Engine, toolchain: Toolchain) -> None:
    """Make the image of *toolchain* unless it is there: by mmdebstrap where that is installed,
    else from a registry.

    Raises:
        HostError: it can't be made; the message's end is the tool's own.
    """
    if has_image(engine, toolchain.tag):
        return
    with scratch() as folder:
        if shutil.which("mmdebstrap") and toolchain.suite != "potato":
            archive = folder / "image.tar"
            _must(bootstrap_command(toolchain, archive), toolchain)
            _must((engine.program, "import", str(archive), toolchain.tag), toolchain)
        else:
            (folder / "Containerfile").write_text(containerfile(toolchain))
            _must((engine.program, "build", "--tag", toolchain.tag, str(folder)), toolchain)


def _must(command: tuple[str, ...], toolchain: Toolchain) -> None:
    done = run(command, timeout=15 * MINUTES)
    if done.returncode != 0:
        raise HostError(
            f"{toolchain.name}: its image can't be made: {command[0]}: {last_line(done.stderr)}; "
            "install mmdebstrap, or reach a registry"
        )
