"""Objects of 2.4.0-test10 that took a rewrite rule of their own, from the wide configuration."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.integration.test_real_kernel import needed, patchkit

OBJECTS = {
    "drivers/atm/ambassador.o": "pasted-arguments",
    "drivers/atm/fore200e_pca_fw.o": "header-probes",
    "drivers/atm/iphase.o": "libc-headers",
    "drivers/char/ftape/zftape/zftape-eof.o": "cast-lvalues",
    "drivers/char/tpqic02.o": "block-declarations",
    "drivers/ide/ide-cd.o": "mixed-types",
    "drivers/net/hamradio/baycom_epp.o": "label-macros",
    "drivers/scsi/53c7,8xx.o": "idle-pasting",
    "drivers/scsi/advansys.o": "accessor-macros",
    "drivers/scsi/t128.o": "init-constants",
    "drivers/scsi/u14-34f.o": "assigned-arguments",
    "drivers/video/matrox/matroxfb_base.o": "init-variables",
    "fs/affs/super.o": "conditional-lvalues",
    "fs/ufs/super.o": "static-definitions",
    "net/econet/af_econet.o": "exit-externs",
    "net/khttpd/main.o": "early-arrays",
    "net/unix/sysctl_net_unix.o": "static-then-plain",
}


@pytest.mark.container
@pytest.mark.history
def test_every_one_compiles_and_has_its_rule(tmp_path: Path, history: Path) -> None:
    needed("podman", "mmdebstrap")
    names = [f"--objects={name}" for name in OBJECTS]
    done = patchkit(
        "build", "--snapshot", "2.4.0-test10", "--config", "wide", "--keep-going", *names,
        "-o", str(tmp_path / "out"),
        home=tmp_path, history=history,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads((tmp_path / "out" / "metadata.json").read_bytes())
    assert (found["objects"], found["not_made"]) == ([len(OBJECTS), len(OBJECTS)], [])
    assert set(OBJECTS.values()) <= found["rewrites"].keys()
    assert found["refused"] == []
