"""Modules of Debian's linux-source-6.1: built in a container, loaded and unloaded in QEMU."""

from __future__ import annotations

import io
import re
import tarfile
from pathlib import Path

import pytest

from tests.integration.test_modern_kernel import SOURCE, pytestmark  # noqa: F401
from tests.integration.test_real_kernel import needed
from tests.integration.test_real_modules import build, loaded


@pytest.mark.container
@pytest.mark.qemu
def test_modules_of_today_are_made_loaded_and_unloaded(tmp_path: Path) -> None:
    needed("podman", "mmdebstrap")
    done = build(tmp_path / "out", "--tree", str(SOURCE), home=tmp_path, history=Path())
    assert done.returncode == 0, done.stdout + done.stderr
    said = re.search(r"modules: (\d+) of (\d+) made", done.stdout)
    assert said is not None
    assert said[1] == said[2] != "0"
    rows = loaded(tmp_path / "out", home=tmp_path, history=Path())
    assert rows["load", "loop"] == rows["unload", "loop"] == "-"
    packed = (tmp_path / "out" / "modules.tar.xz").read_bytes()
    with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
        assert any(name.endswith("/modules.order") for name in tar.getnames())
