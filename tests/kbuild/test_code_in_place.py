"""A function stays in its own section, where the exception table has it in order."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from patchkit.kbuild.arch import ARCHITECTURES
from patchkit.kbuild.generation import Generation
from patchkit.kbuild.toolchain import TOOLCHAINS, make_variables

SOURCE = """\
static int light(void);
int __attribute__((__section__(".init.text"))) begin(void) { return light(); }
int __attribute__((__section__(".init.text"))) again(void) { return light() + 1; }
static int once(void);
int __attribute__((__section__(".init.text"))) end(int left) { return left ? once() : 0; }
static int light(void) { int flag; __asm__ __volatile__("1: nop" : "=r" (flag)); return flag; }
static int once(void)
{
	int flag, other;
	__asm__ __volatile__("2: nop" : "=r" (flag));
	for (other = 0; other < flag; other++)
		__asm__ __volatile__("nop" : : "r" (other), "r" (flag));
	return flag * other;
}
"""


def compiler() -> list[str]:
    """CC as make gets it for an old tree."""
    variables = make_variables(
        TOOLCHAINS["debian-gcc"], Generation.CONFIG_IN, ARCHITECTURES["i386"],
        top="/build", makefile=b"",
    )  # fmt: skip
    return next(word for word in variables if word.startswith("CC="))[3:].split()


@pytest.mark.skipif(shutil.which("gcc") is None, reason="gcc is not installed")
def test_a_function_is_not_merged_into_its_caller_in_another_section(tmp_path: Path) -> None:
    source = tmp_path / "lamp.c"
    source.write_text(SOURCE)
    done = subprocess.run(
        (*compiler(), "-O2", "-S", "-o", "-", str(source)),
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    section, found = "", set()
    for line in done.stdout.split("\n"):
        word = line.strip()
        if word.startswith((".section", ".text")):
            section = word.removeprefix(".section").strip().split(",")[0]
        if word.startswith(("1:", "2:")):
            found.add((word[:2], section))
    assert found == {("1:", ".text"), ("2:", ".text")}
