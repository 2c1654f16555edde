"""What a Kconfig tree declares that it compiles, read by make itself out of a small tree."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path, PurePosixPath

import pytest

from patchkit.kbuild.declared import TARGET, listing_files
from patchkit.kbuild.modules.asked import Module, asked_modules
from patchkit.kbuild.newcc.listing import compiled_sources
from patchkit.kbuild.objects import asked_for

TREE = {
    ".config": "CONFIG_LAMP=y\nCONFIG_HORN=m\n# CONFIG_BELL is not set\n",
    "Makefile": "SUBDIRS := init drivers\ninclude .config\n",
    "init/Makefile": "obj-y := main.o version.o\nversion-objs := about.o\n",
    "init/main.c": "",
    "init/about.c": "",
    "drivers/Makefile": "obj-$(CONFIG_LAMP) += lamp/\nobj-$(CONFIG_BELL) += bell/\n"
    "obj-$(CONFIG_HORN) += horn/\n",
    "drivers/horn/Makefile": "obj-$(CONFIG_HORN) += reed.o pipe.o\nreed-objs := a.o b.o\n",
    "drivers/horn/a.c": "",
    "drivers/horn/b.c": "",
    "drivers/horn/pipe.c": "",
    "drivers/lamp/Makefile": "extra-y := start.o\nlib-y := $(if $(srctree),lamp.o)\n",
    "drivers/lamp/start.S": "",
    "drivers/lamp/lamp.c": "",
    "drivers/bell/Makefile": "obj-y := bell.o\n",
    "drivers/bell/bell.c": "",
    "arch/i386/boot/tools/build.c": "",
    "arch/i386/boot/setup.S": "",
    "arch/arm/boot/setup.S": "",
}


@pytest.fixture
def listing(tmp_path: Path, request: pytest.FixtureRequest) -> bytes:
    if shutil.which("make") is None:
        pytest.skip("make is not installed")
    files = {**{PurePosixPath(n): t.encode() for n, t in TREE.items()}, **listing_files()}
    for path, data in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    makefile = next(iter(listing_files()))
    done = subprocess.run(
        ("make", "ARCH=i386", "-f", str(makefile), *getattr(request, "param", ()), TARGET),
        cwd=tmp_path,
        capture_output=True,
        check=True,
        timeout=60,
    )
    return done.stdout


def test_only_what_the_configuration_enters_is_listed(listing: bytes, tmp_path: Path) -> None:
    found = compiled_sources(listing, top=str(tmp_path))
    assert sorted(map(str, found)) == [
        "arch/i386/boot/setup.S",
        "arch/i386/boot/tools/build.c",
        "drivers/horn/a.c",
        "drivers/horn/b.c",
        "drivers/horn/pipe.c",
        "drivers/lamp/lamp.c",
        "drivers/lamp/start.S",
        "init/about.c",
        "init/main.c",
    ]
    assert len(asked_for(listing, top=str(tmp_path)).objects) == 9


MODULES = (
    Module("drivers/horn/pipe.ko", ("drivers/horn/pipe.o",)),
    Module("drivers/horn/reed.ko", ("drivers/horn/a.o", "drivers/horn/b.o")),
)


@pytest.mark.parametrize("listing", [(), ("patchkit-folders=drivers nothing",)], indirect=True)
def test_modules_are_listed_with_their_parts(listing: bytes, tmp_path: Path) -> None:
    """Where the Makefile names its folders, and where it has to be told them."""
    assert asked_modules(listing, top=str(tmp_path)).modules == MODULES
