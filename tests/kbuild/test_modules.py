"""Modules: what make is to make, what each needs and gives, their order, their archive."""

from __future__ import annotations

import io
import shutil
import struct
import subprocess
import tarfile
from pathlib import Path, PurePosixPath

import pytest

from patchkit.kbuild.generation import Generation
from patchkit.kbuild.modules.aboard import aboard, ramdisk_files
from patchkit.kbuild.modules.archive import archive
from patchkit.kbuild.modules.asked import Module, as_json, asked_modules, from_json
from patchkit.kbuild.modules.elf import Symbols, symbols
from patchkit.kbuild.modules.order import exported, load_order, modules_dep, needs, unresolved

P = PurePosixPath
LISTING = b"""\
make -C lamps modules
make[1]: Entering directory '/build/lamps'
gcc -m32 -DMODULE -c -o wick.o wick.c
gcc -m32 -DMODULE -DEXPORT_SYMTAB -c oil.c
rm -f lamp.o
ld -m elf_i386 -z noexecstack  -r -o lamp.o wick.o oil.o
gcc -m32 -DMODULE -c -o bell.o bell.c
make[1]: *** No rule to make target 'whistle.c', needed by 'whistle.o'.
make[1]: Leaving directory '/build/lamps'
"""


def test_an_object_that_is_linked_into_another_is_no_module_of_its_own() -> None:
    found = asked_modules(LISTING, top="/build")
    assert found.modules == (
        Module("lamps/bell.o", ()),
        Module("lamps/lamp.o", ("lamps/wick.o", "lamps/oil.o")),
        Module("lamps/whistle.o", ()),
    )
    assert found.objects.objects == ("lamps/wick.o", "lamps/oil.o", "lamps/bell.o")
    assert found.sources == {P("lamps/wick.c"), P("lamps/oil.c"), P("lamps/bell.c")}
    assert from_json(as_json(found)) == found


def test_a_kconfig_tree_declares_its_modules() -> None:
    listing = (
        b"gcc -c a/b.c -o a/b.o\npatchkit-module a/b.o :\npatchkit-module a/c.o : a/d.o a/e.o\n"
    )
    assert asked_modules(listing, top="/build").modules == (
        Module("a/b.ko", ("a/b.o",)),
        Module("a/c.ko", ("a/d.o", "a/e.o")),
    )


SOURCE = """\
extern int lamp_light(void), maybe(void) __attribute__((weak));
extern int __this_module;
static int hidden(void) { return maybe(); }
int own(void) { return lamp_light() + hidden() + __this_module; }
"""
MAYBE = frozenset({"maybe"})
TABLE = '__asm__(".section __ksymtab,\\"a\\"\\n__ksymtab_own: .long 0\\n.previous");\n'


@pytest.mark.skipif(shutil.which("gcc") is None, reason="gcc is not installed")
@pytest.mark.parametrize("bits", ["-m32", "-m64"])
def test_the_symbols_of_a_real_object(tmp_path: Path, bits: str) -> None:
    def compiled(text: str) -> Symbols | None:
        (tmp_path / "a.c").write_text(text)
        line = ("gcc", bits, "-fno-pic", "-O1", "-c", "a.c")
        subprocess.run(line, cwd=tmp_path, check=True)
        return symbols((tmp_path / "a.o").read_bytes())

    assert compiled(SOURCE) == Symbols(frozenset({"lamp_light"}), frozenset({"own"}), MAYBE)
    more = SOURCE + TABLE + "int also(void) { return 1; }\n"
    assert compiled(more) == Symbols(frozenset({"lamp_light"}), frozenset({"own"}), MAYBE)
    none = SOURCE + '__asm__(".section __ksymtab,\\"a\\"\\n.previous");\n'
    assert compiled(none) == Symbols(frozenset({"lamp_light"}), frozenset(), MAYBE)


@pytest.mark.parametrize(
    "data", [b"", b"text", b"\x7fELF", b"\x7fELF\x01\x01" + bytes(60), b"\x7fELF\x02\x01" * 20]
)
def test_what_is_no_object_has_no_symbols(data: bytes) -> None:
    assert symbols(data) in (None, Symbols(frozenset(), frozenset()))


def object_of(*sections: tuple[int, ...], rest: bytes = b"", start: int = 64) -> bytes:
    """An ELF of 64 bits: its header, the headers of its sections, and the *rest*."""
    head = b"\x7fELF\x02\x01" + bytes(34) + struct.pack("<Q", start) + bytes(10)
    headers = b"".join(struct.pack("<IIQQQQIIQQ", *section) for section in sections)
    return head + struct.pack("<HHH", 64, len(sections), 0) + headers + rest


@pytest.mark.parametrize(("length", "readable"), [(4, True), (4000, False), (5_000_000, False)])
def test_an_object_that_is_made_to_fill_the_memory_is_none(length: int, readable: bool) -> None:
    strings = 64 + 2 * 64
    name, symbol = b"l" * length + b"\0", struct.pack("<IBBHQQ", 0, 16, 0, 1, 0, 0)
    # a thousand symbols, whose name is the same
    table = (0, 2, 0, 0, strings + len(name), 1000 * len(symbol), 0, 0, 0, 0)
    found = symbols(
        object_of((0, 3, 0, 0, strings, 0, 0, 0, 0, 0), table, rest=name + symbol * 1000)
    )
    assert found == (Symbols(frozenset(), frozenset({"llll"})) if readable else None)


@pytest.mark.parametrize("start", [2**63, 2**64 - 1, 2**63 - 10])
def test_an_object_whose_sections_are_nowhere_is_none(start: int) -> None:
    assert symbols(object_of((0,) * 10, start=start)) is None


def one(needed: str = "", given: str = "") -> Symbols:
    return Symbols(frozenset(needed.split()), frozenset(given.split()))


MODULES = {
    P("kernel/a/bttv.o"): one("video_register i2c_add printk"),
    P("kernel/b/i2c.o"): one("printk", "i2c_add"),
    P("kernel/c/videodev.o"): one("", "video_register"),
    P("kernel/d/tuner.o"): one("i2c_add bttv_gone"),
}


def test_a_module_is_loaded_behind_those_that_it_needs() -> None:
    names = [path.stem for path in load_order(needs(MODULES))]
    assert names == ["i2c", "videodev", "bttv", "tuner"]


def test_what_is_taken_if_it_is_there_orders_too_and_is_never_missing() -> None:
    weak = {P("a.o"): Symbols(frozenset(), frozenset(), frozenset({"z"})), P("z.o"): one("", "z")}
    assert load_order(needs(weak)) == (P("z.o"), P("a.o"))
    assert unresolved({P("a.o"): weak[P("a.o")]}, ()) == {}


def test_modules_that_need_each_other_are_both_there() -> None:
    loop = {P("a.ko"): one("b", "a"), P("b.ko"): one("a", "b")}
    assert sorted(load_order(needs(loop))) == [P("a.ko"), P("b.ko")]


def test_modules_dep_has_all_that_a_module_needs_nearest_first() -> None:
    chain = {P("a.ko"): one("b"), P("b.ko"): one("c", "b"), P("c.ko"): one("", "c")}
    assert modules_dep(needs(chain), "/lib/") == (
        b"/lib/a.ko: /lib/b.ko /lib/c.ko\n/lib/b.ko: /lib/c.ko\n/lib/c.ko:\n"
    )


def test_what_no_one_exports_is_unresolved() -> None:
    kernel = exported(b"c0100000 T printk\nc0200000 r __ksymtab_printk\nc0200008 ? __ksymtab_x\n")
    assert kernel == {"printk", "x"}
    assert unresolved(MODULES, kernel) == {P("kernel/d/tuner.o"): ("bttv_gone",)}


def test_the_archive_is_the_same_whatever_the_order() -> None:
    files = {P("lib/b"): b"2", P("lib/a/x.ko"): b"1"}
    packed = archive(files)
    assert packed == archive(dict(reversed(files.items())))
    with tarfile.open(fileobj=io.BytesIO(packed), mode="r:xz") as tar:
        entries = tar.getmembers()
        assert [entry.name for entry in entries] == ["lib", "lib/a", "lib/a/x.ko", "lib/b"]
        assert {(entry.uid, entry.gid, entry.mtime) for entry in entries} == {(0, 0, 0)}
        assert {entry.mode for entry in entries if entry.isfile()} == {0o644}


def test_a_name_may_be_of_any_length_and_bytes() -> None:
    names = ["lib/" + "x" * 300 + "/" + "y" * 200 + ".ko", "lib/a\nb\x1b\udcff"]
    packed = archive({P(name): b"1" for name in names})
    with tarfile.open(fileobj=io.BytesIO(packed), mode="r:xz") as tar:
        assert [entry.name for entry in tar if entry.isfile()] == sorted(names)


def test_only_what_fits_with_all_it_needs_goes_aboard() -> None:
    data = {path: bytes(10) for path in MODULES} | {P("kernel/b/i2c.o"): bytes(100)}
    needed = needs(MODULES)
    assert [path.stem for path in aboard(data, needed, 200)] == ["i2c", "videodev", "bttv", "tuner"]
    assert [path.stem for path in aboard(data, needed, 50)] == ["videodev"]


def test_a_name_that_is_none_or_twice_there_stays_ashore() -> None:
    data = {P("a/x.o"): b"", P("b/x.o"): b"", P("c/a b.o"): b"", P("c/-rf;.o"): b""}
    assert aboard(data, dict.fromkeys(data, ()), 9) == (P("a/x.o"),)


def test_the_guests_list_calls_a_module_as_its_kernel_does() -> None:
    data = {P("a/snd-pcm.ko"): b"1"}
    (listed, file) = ramdisk_files(data, data, Generation.TODAY).items()
    assert listed == ("list", b"snd_pcm m000\n")
    assert file == ("m000", b"1")
    old = ramdisk_files({P("a/i2c-dev.o"): b"1"}, (P("a/i2c-dev.o"),), Generation.CONFIG_IN)
    assert old["list"] == b"i2c-dev m000\n"
    assert ramdisk_files({}, (), Generation.TODAY) == {}
