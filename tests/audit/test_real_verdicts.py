"""Verdicts on 2.4.0-test10 that were worked out by hand, driver by driver."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from patchkit.audit.report import AuditReport
from patchkit.flows.audit.audit_tree import audit_tree
from patchkit.snapshots.open import HISTORY, open_tree

pytestmark = pytest.mark.history

KEEP = "add-vma_reserve-keep-pages"
VIDEO = ("drivers/media/video/videodev.c:video_mmap",)
EXPECTED: dict[str, tuple[str, tuple[str, ...]]] = {
    "drivers/media/video/bttv-driver.c": (KEEP, VIDEO),
    "drivers/media/video/planb.c": (KEEP, VIDEO),
    "drivers/usb/ov511.c": (KEEP, VIDEO),
    "drivers/ieee1394/video1394.c": (KEEP, ("drivers/ieee1394/video1394.c:video1394_mmap",)),
    "drivers/char/drm/memory.c": (
        KEEP,
        (
            "drivers/char/drm/ffb_drv.c:ffb_mmap",
            "drivers/char/drm/vm.c:drm_mmap",
            "drivers/char/drm/vm.c:drm_mmap_dma",
        ),
    ),
    "drivers/char/agp/agpgart_be.c": ("not-mapped", ()),
    "drivers/sound/dmabuf.c": (KEEP, ("drivers/sound/soundcard.c:sound_mmap",)),
    "drivers/sound/sscape.c": ("not-mapped", ()),
    "drivers/sound/es1370.c": (
        KEEP,
        ("drivers/sound/es1370.c:es1370_mmap", "drivers/sound/es1370.c:es1370_mmap_dac"),
    ),
    "drivers/video/acornfb.c": (KEEP, ("drivers/video/fbmem.c:fb_mmap",)),
    "drivers/sound/via82cxxx_audio.c": (
        "convert-full",
        ("drivers/sound/via82cxxx_audio.c:via_dsp_mmap",),
    ),
    "drivers/char/drm/mga_dma.c": ("not-mapped", ()),
    "drivers/char/ftape/lowlevel/ftape-buffer.c": (
        KEEP,
        ("drivers/char/ftape/lowlevel/ftape-ctl.c:ftape_mmap",),
    ),
    "drivers/media/video/buz.c": (KEEP, VIDEO),
    "drivers/media/video/cpia.c": (KEEP, VIDEO),
    "drivers/media/video/zr36120_mem.c": (KEEP, VIDEO),
    "drivers/sound/cmpci.c": (KEEP, ("drivers/sound/cmpci.c:cm_mmap",)),
    "drivers/sound/cs4281.c": (KEEP, ("drivers/sound/cs4281.c:cs4281_mmap",)),
    # Its undo paths reserve again: nothing ever ends the reservation.
    "drivers/sound/emu10k1/audio.c": (
        "needs-nopage-conversion-to-drop-pages",
        ("drivers/sound/emu10k1/audio.c:emu10k1_audio_mmap",),
    ),
    "drivers/sound/es1371.c": (
        KEEP,
        ("drivers/sound/es1371.c:es1371_mmap", "drivers/sound/es1371.c:es1371_mmap_dac"),
    ),
    "drivers/sound/esssolo1.c": (KEEP, ("drivers/sound/esssolo1.c:solo1_mmap",)),
    "drivers/sound/i810_audio.c": (KEEP, ("drivers/sound/i810_audio.c:i810_mmap",)),
    "drivers/sound/maestro.c": (KEEP, ("drivers/sound/maestro.c:ess_mmap",)),
    "drivers/sound/sonicvibes.c": (KEEP, ("drivers/sound/sonicvibes.c:sv_mmap",)),
    "drivers/sound/trident.c": (KEEP, ("drivers/sound/trident.c:trident_mmap",)),
    "drivers/usb/audio.c": (KEEP, ("drivers/usb/audio.c:usb_audio_mmap",)),
    "drivers/usb/ibmcam.c": (KEEP, VIDEO),
    "drivers/video/sa1100fb.c": (KEEP, ("drivers/video/fbmem.c:fb_mmap",)),
    "net/packet/af_packet.c": (KEEP, ("net/packet/af_packet.c:packet_mmap",)),
    # Its remap_page_range() stands in #if 0, after a return.
    "drivers/sound/cs46xx.c": ("not-mapped", ()),
}


@pytest.fixture(scope="module")
def report(history: Path) -> AuditReport:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(HISTORY, str(history))
        tree = open_tree(tree=None, snapshot="2.4.0-test10")
        return audit_tree(tree, [PurePosixPath("drivers"), PurePosixPath("net")])


@pytest.mark.parametrize("file", sorted(EXPECTED))
def test_the_verdict_and_the_places_are_right(report: AuditReport, file: str) -> None:
    driver = next(driver for driver in report.drivers if str(driver.file) == file)
    places = tuple(sorted(f"{place.file}:{place.function}" for place in driver.places))
    assert (driver.verdict.value, places) == EXPECTED[file]


def test_the_rules_of_the_tree_come_with_their_lines(report: AuditReport) -> None:
    rules = {rule.name: rule for rule in report.tree_rules}
    assert rules["remap-requires-PageReserved"].where == "mm/memory.c:718"
    assert rules["munmap-skips-reserved-pages"].where == "mm/memory.c:266"
    assert rules["swap_out-tests-VM_RESERVED"].where == "mm/vmscan.c:304"
    assert not rules["vma_reserve-defined"].holds


def test_bugs_known_from_reading_are_found(report: AuditReport) -> None:
    found = {(f.kind, f"{f.file}:{f.line}") for d in report.drivers for f in d.findings}
    assert {
        ("page-loop-off-by-one", "drivers/sound/dmabuf.c:138"),
        ("page-loop-off-by-one", "drivers/sound/sscape.c:868"),
        ("unwind-skips-first", "drivers/media/video/planb.c:143"),
        ("leaked-on-error", "drivers/sound/dmabuf.c:112"),
        ("freed-while-reserved", "drivers/sound/trident.c:1032"),
        ("undo-reserves-again", "drivers/sound/emu10k1/audio.c:1190"),
        ("virtual-taken-for-physical", "drivers/media/video/zr36120_mem.c:53"),
        ("page-of-block-freed", "drivers/video/acornfb.c:1650"),
        ("leaked-on-error", "drivers/sound/sscape.c:846"),
        ("unwind-skips-first", "drivers/usb/ov511.c:1984"),
        ("sleeps-in-timer", "drivers/usb/ov511.c:2037"),
        ("used-before-null-test", "drivers/ieee1394/video1394.c:301"),
        ("never-given-back", "drivers/sound/es1370.c:1763"),
        ("dummy-swapout", "drivers/sound/via82cxxx_audio.c:1731"),
        ("freed-by-other-family", "drivers/sound/trident.c:984"),
        ("kept-after-free", "drivers/media/video/planb.c:147"),
        ("stale-copy", "drivers/char/agp/agpgart_be.c:568"),
        ("mapping-not-limited", "drivers/sound/soundcard.c:481"),
        ("other-direction-kept", "drivers/sound/cs4281.c:2081"),
        ("freed-while-mapped", "drivers/ieee1394/video1394.c:809"),
        ("kept-after-free", "drivers/media/video/zr36120.c:773"),
        ("leaked-on-error", "drivers/usb/ibmcam.c:2435"),
        ("other-buffer-mapped", "drivers/sound/cmpci.c:1409"),
        ("other-buffer-mapped", "drivers/sound/maestro.c:2432"),
        ("other-buffer-mapped", "drivers/sound/sonicvibes.c:1520"),
        ("counted-though-failed", "net/packet/af_packet.c:1752"),
        ("counted-though-failed", "drivers/usb/audio.c:492"),
        ("lock-kept", "drivers/sound/emu10k1/audio.c:971"),
    } <= found


def test_the_memory_is_that_of_the_reserved_pages(report: AuditReport) -> None:
    memory = {str(driver.file): str(driver.memory) for driver in report.drivers}
    # Their pages are kept in vectors that kmalloc() gave; cardwi.c has another member "addr".
    assert memory["drivers/media/video/planb.c"] == "__get_free_pages (order 0)"
    assert memory["net/packet/af_packet.c"] == "__get_free_pages (order 0 or more)"
    assert memory["drivers/sound/emu10k1/audio.c"] == "pci_alloc_consistent (order 0)"
    assert memory["drivers/sound/es1370.c"] == "pci_alloc_consistent (order 1 or more)"
    assert memory["drivers/media/video/bttv-driver.c"] == "vmalloc_32 (order 0)"


def test_pages_made_at_the_fault_are_no_drivers_memory(history: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(HISTORY, str(history))
        tree = open_tree(tree=None, snapshot="2.4.0-test10")
        assert audit_tree(tree, [PurePosixPath("fs")]).drivers == ()
