"""Series written for 2.4.0-test10 land on it exactly, and are written once."""

from __future__ import annotations

import hashlib
from io import BytesIO
from pathlib import Path, PurePosixPath

import pytest

from patchkit.errors import InputError
from patchkit.flows.apply.apply_series import apply_series
from patchkit.flows.audit.convert_drivers import Converted, Wanted, convert_drivers
from patchkit.flows.intake.extract_mail import extract_mail
from patchkit.flows.intake.read_mail import read_mail
from patchkit.port.outcome import How
from patchkit.snapshots.open import HISTORY, open_tree
from patchkit.tree.base import Tree
from patchkit.tree.overlay import Overlay

pytestmark = pytest.mark.history

BTTV = PurePosixPath("drivers/media/video/bttv-driver.c")
VIDEODEV = PurePosixPath("drivers/media/video/videodev.c")
# bttv-driver.c with the founding mail's hunks, worked out by hand from the mail.
AS_POSTED = "a83ab204ed02f82aebbd35be115ed2537ba82135f4442c3720e549d0afd3902a"


@pytest.fixture(params=["2.4.0-test10-pre4", "2.4.0-test10"])
def kernel(request: pytest.FixtureRequest, history: Path, monkeypatch: pytest.MonkeyPatch) -> Tree:
    monkeypatch.setenv(HISTORY, str(history))
    return open_tree(tree=None, snapshot=request.param)


def landed(converted: Converted, tree: Tree, folder: Path) -> Overlay:
    files = []
    for name, patch in converted.patches:
        (folder / name).write_bytes(patch)
        files.append(str(folder / name))
    with read_mail(files, BytesIO()) as mailing:
        report = apply_series(extract_mail(mailing), tree)
    hunks = [hunk for patch in report.patches for file in patch.files for hunk in file.hunks]
    assert {hunk.how for hunk in hunks} == {How.EXACT}
    return Overlay(tree, report.changes)


def test_as_posted_is_refused_with_the_line_that_forbids_it(kernel: Tree) -> None:
    converted = convert_drivers(kernel, [BTTV], Wanted(form="as-posted"))
    assert converted.patches == ()
    assert "(mm/memory.c:718)" in converted.left[0].reason
    assert not converted.complete


def test_unsafe_writes_the_hunks_of_the_founding_mail(kernel: Tree, tmp_path: Path) -> None:
    converted = convert_drivers(kernel, [BTTV], Wanted(form="as-posted", unsafe=True))
    ((_, patch),) = converted.patches
    assert b"\nUNSAFE in this tree: " in patch
    result = landed(converted, kernel, tmp_path).read(BTTV)
    assert result is not None
    assert hashlib.sha256(result).hexdigest() == AS_POSTED


def test_the_safe_form_marks_the_vma_once_for_all_video_drivers(
    history: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(HISTORY, str(history))
    tree = open_tree(tree=None, snapshot="2.4.0-test10")
    media = [PurePosixPath("drivers/media")]
    converted = convert_drivers(tree, media, Wanted(idiom="macro"))
    assert len(converted.patches) == 2  # vma_reserve() itself, then video_mmap()
    assert converted.complete
    result = landed(converted, tree, tmp_path)
    text = result.read(VIDEODEV)
    assert text is not None
    assert text.count(b"\t\tif (!ret)\n\t\t\tvma_reserve(vma);\n") == 1
    assert convert_drivers(result, media, Wanted(idiom="macro")).patches == ()


@pytest.mark.parametrize(("form", "count"), [("safe", 18), ("nopage", 1)])
def test_every_patch_lands_and_leaves_nothing_to_convert(
    form: str, count: int, history: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(HISTORY, str(history))
    tree = open_tree(tree=None, snapshot="2.4.0-test10")
    asked = [PurePosixPath(name) for name in ("drivers", "net", "fs")]
    converted = convert_drivers(tree, asked, Wanted(form=form))
    assert len(converted.patches) == count
    result = landed(converted, tree, tmp_path)
    assert convert_drivers(result, asked, Wanted(form=form)).patches == ()


def test_a_driver_that_is_none_is_an_input_error(kernel: Tree) -> None:
    with pytest.raises(InputError, match="--only"):
        convert_drivers(kernel, [BTTV], Wanted(only=(VIDEODEV,)))
