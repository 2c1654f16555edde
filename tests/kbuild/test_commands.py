"""make's and the container engine's command lines."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from patchkit.errors import InputError
from patchkit.kbuild.arch import ARCHITECTURES
from patchkit.kbuild.container import Engine, find_engine, last_line, run_command
from patchkit.kbuild.generation import Generation
from patchkit.kbuild.image import bootstrap_command, containerfile
from patchkit.kbuild.plan import Plan, objects_makefile
from patchkit.kbuild.room import Bare, Contained
from patchkit.kbuild.toolchain import TOOLCHAINS, make_variables, toolchain_named

ENGINE = Engine("podman", ("--runtime", "runc"), 4096, 2048)
DEBIAN = TOOLCHAINS["debian-gcc"]
I386 = ARCHITECTURES["i386"]


def contained(*words: str) -> tuple[str, ...]:
    mounts = ((Path("/w/tree"), "/build", "rw"), (Path("/w/bin"), "/opt/bin", "ro"))
    return run_command(ENGINE, "image", words, name="n", user=1000, mounts=mounts)


def test_a_container_has_no_network_no_privilege_and_a_read_only_root() -> None:
    line = contained("make", "bzImage")
    assert {"--network=none", "--cap-drop=all", "--read-only"} <= set(line)
    assert "--security-opt=no-new-privileges" in line
    assert line[line.index("--user") + 1] == "1000:1000"
    assert line[-3:] == ("image", "make", "bzImage")
    assert [word for word in line if word.startswith("--volume")] == [
        "--volume=/w/tree:/build:rw",
        "--volume=/w/bin:/opt/bin:ro",
    ]


def test_without_root_podmans_users_are_those_of_this_machine() -> None:
    mounts = ((Path("/w/tree"), "/build", "rw"),)
    ours = ENGINE._replace(own_users=True)
    line = run_command(ours, "image", ("true",), name="n", user=1001, mounts=mounts)
    assert "--userns=keep-id" in line
    assert line[line.index("--user") + 1] == "1001:1001"
    assert "--userns=keep-id" not in contained("true")


def test_limits_stay_within_the_hard_ones_of_this_process() -> None:
    line = contained("true")
    assert "nofile=4096:4096" in line
    assert "nproc=2048:2048" in line


def test_the_options_of_the_engine_come_before_run() -> None:
    assert contained("true")[:4] == ("podman", "--runtime", "runc", "run")


def test_an_unknown_engine_or_toolchain_is_the_users_error() -> None:
    with pytest.raises(InputError, match=r"lxc: no such engine; known: podman, docker"):
        find_engine("lxc")
    with pytest.raises(InputError, match=r"gcc-99: no such toolchain"):
        toolchain_named("gcc-99")


def test_an_image_is_named_by_the_hash_of_its_recipe() -> None:
    changed = DEBIAN._replace(packages=(*DEBIAN.packages, "ccache"))
    assert DEBIAN.tag != changed.tag
    assert DEBIAN.tag.startswith("localhost/patchkit-debian-gcc:")


def test_both_recipes_name_the_same_packages() -> None:
    file, line = containerfile(DEBIAN), bootstrap_command(DEBIAN, Path("x.tar"))
    assert all(name in file and name in line[2] for name in DEBIAN.packages)


def variables(age: Generation, makefile: bytes = b"") -> str:
    return "\n".join(make_variables(DEBIAN, age, I386, top="/build", makefile=makefile))


def test_an_old_tree_gets_a_tame_compiler_and_a_tree_of_today_its_own() -> None:
    old = variables(Generation.CONFIG_IN)
    assert "-march=i386" in old
    assert "-fno-strict-aliasing" in old
    assert "HOSTCFLAGS=-O2 -w -DLE_MACHINE" in old
    assert variables(Generation.TODAY) == "ARCH=i386"


def test_an_include_path_in_cc_is_given_back() -> None:
    makefile = b"CC\t=$(CROSS_COMPILE)gcc -D__KERNEL__ -I$(HPATH)\n"
    assert "-I/build/include" in variables(Generation.CONFIG_IN, makefile)
    assert "-I/build/include" not in variables(Generation.CONFIG_IN)


def test_old_trees_are_listed_and_depended_new_ones_are_not() -> None:
    old, new = Plan(Generation.CONFIG_IN, (), 2), Plan(Generation.TODAY, (), 2)
    assert old.configure().stdin.startswith(b"\n\n")
    assert old.listing() is not None
    assert old.depend() is not None
    assert (new.listing(), new.depend()) == (None, None)
    assert old.base_config() is None
    assert new.base_config() is not None
    assert new.image(keep_going=True).command == ("make", "-j2", "-Otarget", "-k", "bzImage")


def test_single_objects_of_2_4_are_made_in_their_folder() -> None:
    text = objects_makefile(("drivers/media/video/videodev.o",))
    assert "-C drivers/media/video" in text
    assert text.rstrip().endswith("videodev.o")


def test_modules_of_2_4_are_made_in_their_folder_with_their_flags() -> None:
    text = objects_makefile(("fs/fat/fat.o",), modules=True)
    assert 'CFLAGS="$(CFLAGS) $(MODFLAGS)" MAKING_MODULES=1 fat.o' in text


def test_modules_are_installed_without_a_depmod() -> None:
    plan = Plan(Generation.CONFIG_IN, (), 2)
    line = plan.install_modules(top="/build").command
    assert line[-3:] == (
        "INSTALL_MOD_PATH=/build/.patchkit-installed",
        "DEPMOD=true",
        "modules_install",
    )
    assert plan.list_modules().command == ("make", "-k", "-n", "modules")
    assert "SRCARCH=x86" in Plan(Generation.TODAY, (), 2).list_modules().command
    assert plan.modules(keep_going=True).command[-2:] == ("-k", "modules")


def test_without_a_container_the_environment_is_ours_alone() -> None:
    line = Bare(Path("/w")).command(("make",))
    assert line[:4] == ("env", "-i", "-C", "/w/tree")
    assert line[-1] == "make"
    assert "LC_ALL=C" in line


def test_in_a_container_both_outputs_are_one_from_the_start() -> None:
    room = Contained(ENGINE, "image", Path("/w"), 1000, Path("/c"))
    line = room.command(("sh", "-c", "echo one; echo two >&2; echo three; exit 7"))
    inside = line[line.index("image") + 1 :]
    done = subprocess.run(inside, capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (7, b"one\ntwo\nthree\n", b"")


def test_the_last_line_of_a_tool_is_safe_to_print() -> None:
    assert last_line(b"a\n\x1b[31mError: no\n\n") == " [31mError: no"
    assert last_line(b"") == "it says nothing"


def test_the_image_of_patchkit_itself_can_build_without_another() -> None:
    """A compiler cache is only used in containers."""
    recipe = (Path(__file__).parent.parent.parent / "Containerfile").read_text().split()
    assert set(DEBIAN.packages) - {"ccache"} <= set(recipe)
