"""The catalogue that is shipped: every rule, every fact."""

from __future__ import annotations

from pathlib import Path

import pytest

from patchkit.snapshots.catalog import Pin, near, open_catalog
from patchkit.snapshots.git_tree import release_tree
from patchkit.snapshots.manifest import contents, differences
from patchkit.snapshots.version import canonical, makefile_version, means

CATALOG = open_catalog()


@pytest.mark.parametrize(
    ("version", "first", "number"),
    [
        ("0.01", "Historic/linux-0.01.tar.gz", 1),
        ("0.95a", "Historic/old-versions/linux-0.95a.tar.gz", 1),
        ("0.99.15j", "Historic/old-versions/linux-0.99.15j.tar.gz", 2),
        ("1.0", "v1.0/linux-1.0.tar.xz", 3),
        ("1.3.100", "v1.3/linux-1.3.100.tar.xz", 3),
        ("2.0.40", "v2.0/linux-2.0.40.tar.xz", 3),
        ("2.2.18-pre27", "v2.2/testing/old/patch-2.2.18-pre27.xz", 12),
        ("2.4.0-test10", "v2.4/old-test-kernels/linux-2.4.0-test10.tar.xz", 12),
        ("2.4.0-test10-pre4", "testing/old/v2.4-test/test10-pre4.gz", 8),
        ("2.4.18", "v2.4/linux-2.4.18.tar.xz", 3),
        ("2.4.22-rc2", "v2.4/testing/old/patch-2.4.22-rc2.xz", 12),
        ("2.4.37.11", "v2.4/linux-2.4.37.11.tar.xz", 3),
        ("2.6.0-test11", "v2.6/linux-2.6.0-test11.tar.xz", 9),
        ("2.6.9", "v2.6/linux-2.6.9.tar.xz", 3),
        ("2.6.12-rc1", "v2.6/testing/v2.6.12/linux-2.6.12-rc1.tar.xz", 12),
        ("2.6.32.71", "v2.6/linux-2.6.32.71.tar.xz", 6),
        ("3.19", "v3.x/linux-3.19.tar.xz", 3),
        ("5.18-rc5", "v5.x/testing/linux-5.18-rc5.tar.xz", 4),
        ("6.1.25", "v6.x/linux-6.1.25.tar.xz", 3),
    ],
)
def test_where_a_version_lies(version: str, first: str, number: int) -> None:
    places = CATALOG.places(version)
    assert places is not None
    assert places[0] == first
    assert len(places) == len(set(places)) == number


@pytest.mark.parametrize("version", ["2.4.18-ac3", "2.6.0-mm1", "2.7", "0.5"])
def test_no_rule_is_no_guess(version: str) -> None:
    assert CATALOG.places(version) is None


@pytest.mark.parametrize(
    ("version", "base"),
    [
        ("2.4.0-test10-pre4", "2.4.0-test9"),
        ("2.4.0-test10", "2.4.0-test9"),
        ("2.4.18-pre1", "2.4.17"),
        ("2.4.1-pre1", "2.4.0"),
        ("2.6.9-rc4", "2.6.8"),
        ("2.6.12-rc1", "2.6.11"),
        ("3.0-rc1", "2.6.39"),
        ("4.0-rc1", "3.19"),
        ("5.1-rc2", "5.0"),
        ("2.4.0-test1", ""),
        ("2.4.0-prerelease", ""),
        ("2.2.0-pre1", ""),
    ],
)
def test_what_a_prepatch_goes_onto(version: str, base: str) -> None:
    assert CATALOG.base(version) == base


def test_every_test10_version_is_pinned() -> None:
    pinned = {pin.version for pin in CATALOG.pins}
    assert {"2.4.0-test10", *(f"2.4.0-test10-pre{n}" for n in range(1, 8))} <= pinned


@pytest.mark.parametrize("pin", CATALOG.pins, ids=lambda pin: pin.manifest_file)
def test_a_pin_has_its_files(pin: Pin) -> None:
    manifest = CATALOG.manifest(pin)
    assert len(manifest) == pin.files
    assert "Makefile" in manifest
    assert canonical(pin.version) == pin.version
    assert len(pin.identity) == 64


@pytest.mark.history
@pytest.mark.parametrize("pin", CATALOG.pins, ids=lambda pin: pin.manifest_file)
def test_a_pin_is_true_of_the_history(history: Path, pin: Pin) -> None:
    tree = release_tree(history, pin.version)
    assert tree is not None
    if tree.commit != pin.commit:
        pytest.skip("another conversion than the one that was pinned")
    found = contents(tree)
    assert found.identity == pin.identity
    assert differences(CATALOG.manifest(pin), found.manifest) == ()


def test_near_names_help_and_far_ones_do_not() -> None:
    assert near("2.4.81", ("2.4.18", "2.6.9")) == "near it: 2.4.18"
    assert near("zzz", ("2.4.18",)) == "nothing near it is known"


@pytest.mark.parametrize(
    ("makefile", "version"),
    [
        (b"VERSION = 2\nPATCHLEVEL = 4\nSUBLEVEL = 0\nEXTRAVERSION = -test10\n", "2.4.0-test10"),
        (b"VERSION=2\nPATCHLEVEL=6\nSUBLEVEL=9\nEXTRAVERSION=\nNAME=Zonked\n", "2.6.9"),
        (b"VERSION = 1\nPATCHLEVEL = 0\n", "1.0"),
        (b"all:\n\techo VERSION = 3\n", ""),
        (b"", ""),
    ],
)
def test_what_a_makefile_says(makefile: bytes, version: str) -> None:
    assert makefile_version(makefile) == version


@pytest.mark.parametrize(
    ("says", "version", "agree"),
    [
        ("2.4.0-test10", "2.4.0-test10", True),
        ("2.4.0-test10", "2.4.0-test10-pre4", True),
        ("2.4.0-test1", "2.4.0-test10", False),
        ("2.4.18-pre1", "2.4.18", False),
        ("2.4.18pre1", "2.4.18-pre1", True),
        ("6.1.0", "6.1", True),
        ("6.1.0-rc3", "6.1-rc3", True),
        ("6.1.0", "6.1.1", False),
        ("", "0.01", True),
    ],
)
def test_whether_a_makefile_means_a_version(says: str, version: str, agree: bool) -> None:
    assert means(says, version) is agree
