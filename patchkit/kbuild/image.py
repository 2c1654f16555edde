"""Toolchain images: from a registry's base by Containerfile, or without one by mmdebstrap."""

from __future__ import annotations

import shutil
from pathlib import Path

from patchkit.errors import HostError
from patchkit.host.files import scratch
from patchkit.host.process import run, stream
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
        folder.chmod(0o755)  # apt fetches as a user of its own
        if shutil.which("mmdebstrap") and toolchain.suite != "potato":
            archive = folder / "image.tar"
            command = bootstrap_command(toolchain, archive)
            _must((*_apart(), "env", f"TMPDIR={folder}", *command), toolchain)
            _must((engine.program, "import", str(archive), toolchain.tag), toolchain)
        else:
            (folder / "Containerfile").write_text(containerfile(toolchain))
            _must((engine.program, "build", "--tag", toolchain.tag, str(folder)), toolchain)


def _apart() -> tuple[str, ...]:
    """What keeps mmdebstrap's mounts and processes apart: /proc, /sys and /dev of this machine are
    in the folder that it fills, and when it is killed they must be gone before the folder is."""
    words = ("unshare", "--mount", "--pid", "--fork", "--kill-child")
    # only root mounts; mmdebstrap has namespaces of its own for others
    usable = shutil.which("unshare") and run((*words, "true"), timeout=60).returncode == 0
    return words if usable else ()


def _must(command: tuple[str, ...], toolchain: Toolchain) -> None:
    done = stream(command, lambda line: None, timeout=15 * MINUTES)
    if done.returncode != 0:
        tool = "mmdebstrap" if "mmdebstrap" in command else command[0]
        raise HostError(
            f"{toolchain.name}: its image can't be made: {tool}: {last_line(done.stdout)}; "
            "install mmdebstrap, or reach a registry"
        )
