"""Does what ``audit --fix`` writes compile? Each driver before and after, by patchkit's own build.

python benchmarks/compile_conversions.py SNAPSHOT [--fix FORM] [--no-container]

Prints one row for each C file that the patches change. A file that does not compile before is not
part of a build for i386, or not of one with this compiler; its row says why.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

# What the drivers' files ask for. Objects are made one by one: nothing has to link.
OPTIONS = (
    "X86 ISA UID16 EXPERIMENTAL M386 NOHIGHMEM PCI PCI_GODIRECT PCI_DIRECT SYSVIPC BINFMT_ELF "
    "PROC_FS NET INET PACKET PACKET_MMAP IPX NCP_FS SOUND SOUND_OSS SOUND_TRACEINIT USB USB_AUDIO "
    "VIDEO_DEV VIDEO_BT848 I2C I2C_ALGOBIT IEEE1394 IEEE1394_VIDEO1394 DRM AGP VT VT_CONSOLE FB "
    "FTAPE ZFTAPE"
)


def patchkit(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "patchkit", *arguments], capture_output=True, text=True, check=False
    )


def compiled(made: str, series: list[Path], common: list[str], folder: Path) -> str:
    """``yes``, or the first cause why not."""
    patches = [word for patch in series for word in ("--patch", str(patch))]
    done = patchkit(
        "build", *common, "--objects", made, *patches, "-o", str(folder / "o"), "--format", "json"
    )
    try:
        report = json.loads(done.stdout)
    except ValueError:
        return done.stderr.strip().splitlines()[-1]
    results = report["results"]
    if done.returncode == 0:
        return "yes"
    if not results["errors"]:
        return f"no: {report['reason']}"
    first = results["errors"][0]
    return f"no: {first['path']}:{first['line']}: {first['text']}"


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("snapshot")
    asked.add_argument("--fix", default="safe")
    asked.add_argument("--no-container", action="store_true")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        config = folder / "drivers.config"
        config.write_text("".join(f"CONFIG_{name}=y\n" for name in OPTIONS.split()))
        common = ["--snapshot", options.snapshot, "--config", str(config), "--no-probes"]
        common += ["--no-container"] * options.no_container
        fix = ["--fix", options.fix, "--snapshot", options.snapshot, "-o", str(folder / "fix")]
        patchkit("audit", ".", *fix)
        series = sorted((folder / "fix").glob("*.patch"))
        changed = {
            name
            for patch in series
            for name in re.findall(r"^\+\+\+ b/(\S+\.c)$", patch.read_text("latin-1"), re.MULTILINE)
        }
        print("| file | before | after |\n|---|---|---|")
        for name in sorted(changed):
            made = name.removesuffix(".c") + ".o"
            before = compiled(made, [], common, folder)
            after = compiled(made, series, common, folder) if before == "yes" else "-"
            print(f"| `{name}` | {before} | {after} |", flush=True)


if __name__ == "__main__":
    main()
