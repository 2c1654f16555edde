"""Every spelling of a version is one version."""

from __future__ import annotations

import pytest

from patchkit.errors import InputError
from patchkit.snapshots.version import canonical, tag_names


@pytest.mark.parametrize(
    ("spelling", "version"),
    [
        ("2.4.0-test10-pre4", "2.4.0-test10-pre4"),
        ("2.4.0-test10pre4", "2.4.0-test10-pre4"),
        ("v2.4.0-test10pre4", "2.4.0-test10-pre4"),
        ("2.4.0test10pre4", "2.4.0-test10-pre4"),
        ("v2.6.9", "2.6.9"),
        ("2.6.12-rc1", "2.6.12-rc1"),
        ("2.6.12rc1", "2.6.12-rc1"),
        ("0.01", "0.01"),
        ("0.99.15j", "0.99.15j"),
        ("1.0", "1.0"),
        ("2.6.16.62", "2.6.16.62"),
        ("2.2.18pre27", "2.2.18-pre27"),
        ("2.3.99pre7-9", "2.3.99-pre7-9"),
        ("2.4.18-ac3", "2.4.18-ac3"),
        ("2.4.0-prerelease", "2.4.0-prerelease"),
        ("2.6.9-final", "2.6.9-final"),
        (" v6.1 ", "6.1"),
    ],
)
def test_canonical(spelling: str, version: str) -> None:
    assert canonical(spelling) == version
    assert canonical(version) == version


@pytest.mark.parametrize(
    "spelling",
    [
        "",
        "v",
        "linux",
        "2",
        "2.4.",
        "2.4/../x",
        "../2.4",
        "2.4.18/..",
        "2.4.18-..",
        "-2.4",
    ],
)
def test_what_is_no_version_is_refused(spelling: str) -> None:
    with pytest.raises(InputError, match="not a kernel version"):
        canonical(spelling)


def test_tag_names_hold_both_spellings_with_and_without_v() -> None:
    assert tag_names("2.4.0-test10-pre4") == (
        "v2.4.0-test10-pre4", "v2.4.0-test10pre4", "2.4.0-test10-pre4", "2.4.0-test10pre4",
    )  # fmt: skip
    assert tag_names("2.6.9") == ("v2.6.9", "2.6.9")
