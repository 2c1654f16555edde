"""What a Kconfig tree declares that it compiles, read by make itself out of a small tree."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path, PurePosixPath

import pytest

from patchkit.kbuild.declared import TARGET, listing_files
from patchkit.kbuild.newcc.listing import compiled_sources
from patchkit.kbuild.objects import asked_for

TREE = {
    ".config": "CONFIG_LAMP=y\n# CONFIG_BELL is not set\n",
    "Makefile": "SUBDIRS := init drivers\ninclude .config\n",
    "init/Makefile": "obj-y := main.o version.o\nversion-objs := about.o\n",
    "init/main.c": "",
    "init/about.c": "",
    "drivers/Makefile": "obj-$(CONFIG_LAMP) += lamp/\nobj-$(CONFIG_BELL) += bell/\n",
    "drivers/lamp/Makefile": "extra-y := start.o\nlib-y := $(if $(srctree),lamp.o)\n",
    "drivers/lamp/start.S": "",
    "drivers/lamp/lamp.c": "",
    "drivers/bell/Makefile": "obj-y := bell.o\n",
    "drivers/bell/bell.c": "",
    "arch/i386/boot/tools/build.c": "",
    "arch/i386/boot/setup.S": "",
    "arch/arm/boot/setup.S": "",
}


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_only_what_the_configuration_enters_is_listed(tmp_path: Path) -> None:
    files = {**{PurePosixPath(n): t.encode() for n, t in TREE.items()}, **listing_files()}
    for path, data in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    makefile = next(iter(listing_files()))
    done = subprocess.run(
        ("make", "ARCH=i386", "-f", str(makefile), TARGET),
        cwd=tmp_path,
        capture_output=True,
        check=True,
    )
    found = compiled_sources(done.stdout, top=str(tmp_path))
    assert sorted(map(str, found)) == [
        "arch/i386/boot/setup.S",
        "arch/i386/boot/tools/build.c",
        "drivers/lamp/lamp.c",
        "drivers/lamp/start.S",
        "init/about.c",
        "init/main.c",
    ]
    assert len(asked_for(done.stdout, top=str(tmp_path)).objects) == 6
