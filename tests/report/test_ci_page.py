"""The page of a recipe's run in a real browser: narrow, dark, and with hostile texts in it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import zlib
from html import escape
from pathlib import Path

import pytest

from patchkit.cli.ci_documents import documents
from patchkit.flows.ci.matrix import CellReport, CiReport
from patchkit.flows.ci.recipe import Cell, Recipe
from patchkit.flows.ci.steps import Runner, Step
from patchkit.report.ci_html import as_html

NARROW = 360
HOSTILE = "</pre></style><script>document.title='owned'</script><img src=x onerror=alert(1)>"
LONG = "an-endless-name-without-a-blank" * 20
MAIL = f"""From: {HOSTILE} <someone@example.org>
Subject: [PATCH] {HOSTILE} {LONG}

A change.
---
--- a/file.c
+++ b/file.c
@@ -1,2 +1,3 @@
 one {LONG}
+{HOSTILE}
 two
"""
MEASURE = """
<!doctype html><body style="margin:0"><iframe style="border:0;width:360px;height:3000px;%s"
srcdoc="%s"></iframe><pre id="found"></pre><script>
onload = () => {
  const page = document.querySelector("iframe").contentDocument;
  page.querySelectorAll("details").forEach(one => one.open = true);
  const parts = [...page.querySelectorAll("h1,h2,h3,li,.hunk,figure,table,pre,details")];
  const empty = parts.filter(one => !one.textContent.trim() || !one.getBoundingClientRect().height);
  const cells = [...page.querySelectorAll(".listed td")];
  document.getElementById("found").textContent = [
    "width=" + page.documentElement.scrollWidth, "parts=" + parts.length,
    "empty=" + empty.length, "cells=" + cells.length,
    "beyond=" + cells.filter(one => one.getBoundingClientRect().right > 360).length,
    "title=" + page.title,
    "scripts=" + page.querySelectorAll("script,img").length,
    "paper=" + page.defaultView.getComputedStyle(page.body).backgroundColor,
  ].join("\\n");
};
</script></body>
"""


@pytest.fixture
def browser() -> str:
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("no chromium here: the page is not looked at (apt install chromium)")
    return program


@pytest.fixture
def page(tmp_path: Path) -> str:
    """A page with every section, its hunks from a real run and its texts hostile."""
    tree = tmp_path / "linux"
    tree.mkdir()
    (tree / "file.c").write_text(f"one {LONG}\ntwo\n")
    (tmp_path / "fix.mbox").write_text(MAIL)
    cell = Cell("", tree, (str(tmp_path / "fix.mbox"),), "tiny", "debian-gcc")
    (tmp_path / "console.log").write_text(f"{HOSTILE}\n{LONG}\n")
    ran = NoKernel(Recipe("r", tmp_path, (cell,)), cell, tmp_path, documents(), print).run()
    driver = {"file": f"{LONG}.c", "verdict": "keep", "reason": HOSTILE,
              "chain": [{"file": "a.c", "line": 1, "what": HOSTILE}]}  # fmt: skip
    finding = {"file": LONG, "line": 3, "kind": HOSTILE, "message": LONG}
    audit = {"drivers": [driver], "findings": [finding]}
    error = {"path": LONG, "line": 1, "text": HOSTILE}
    build = {"duration": {"image": 9.5, "dep": 1},
             "results": {"errors": [error], "warnings": [error]},
             "modules": {"made": 3, "asked": 4, "none": "",
                         "not_made": [{"name": LONG, "cause": HOSTILE}]},
             "blame": [HOSTILE], "rewrites": {LONG: 4},
             "refused": [[LONG, HOSTILE, "n"]]}  # fmt: skip
    rows = [
        {"vm_reserved": "0", "vm_locked": LONG, "nopage_after_pressure": "256"},
        {"vm_reserved": "1", "nopage_after_pressure": "nan", HOSTILE: "-7"},
    ]
    test = {"name": "swap-pressure", "passed": False, "reason": HOSTILE, "rows": rows}
    boot = {"verdict": "Panicked", "reason": HOSTILE, "trace": [LONG], "accel": "tcg",
            "seconds": 1.5, "tests": [test]}  # fmt: skip
    steps = (
        *ran,
        Step("audit", 0, HOSTILE, 2.0, True, audit),
        Step("build", 0, LONG, 9.0, False, build),
        Step("boot", 11, "Panicked", 1.5, False, boot),
    )
    return as_html(CiReport(HOSTILE, (CellReport(cell, tmp_path, steps),), 12.0))


class NoKernel(Runner):
    """The steps that need neither compiler nor machine."""

    def _kernel(self) -> tuple[Step, ...]:
        return ()


def chromium(browser: str, home: Path, *words: str) -> str:
    done = subprocess.run(
        (browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
         "--disable-dev-shm-usage",
         f"--user-data-dir={home / 'profile'}", *words),
        capture_output=True, text=True, timeout=120, check=False,
        env={"HOME": str(home), "PATH": os.environ["PATH"]},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-500:]
    return done.stdout


def pixels(picture: Path) -> bytes:
    """The compressed rows of a PNG, inflated."""
    data, rows = picture.read_bytes(), b""
    at = 8
    while at < len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        if data[at + 4 : at + 8] == b"IDAT":
            rows += data[at + 8 : at + 8 + size]
        at += size + 12
    return zlib.decompress(rows)


@pytest.mark.parametrize(
    ("scheme", "paper"), [("light", "rgb(255, 255, 255)"), ("dark", "rgb(20, 23, 27)")]
)
def test_a_narrow_screen_shows_every_section_and_no_hostile_text_runs(
    browser: str, page: str, tmp_path: Path, scheme: str, paper: str
) -> None:
    frame = tmp_path / "frame.html"
    frame.write_text(MEASURE % (f"color-scheme:{scheme}", escape(page)))
    dom = chromium(browser, tmp_path, "--dump-dom", frame.as_uri())
    shown = re.search(r'<pre id="found">(.*?)</pre>', dom, re.DOTALL)
    assert shown is not None
    found = dict(line.split("=", 1) for line in shown[1].split("\n"))
    assert found["width"] == str(NARROW)
    assert int(found["parts"]) > 20
    assert found["empty"] == "0"
    assert int(found["cells"]) >= 8
    assert found["beyond"] == "0"
    assert found["scripts"] == "0"
    assert found["title"] != "owned"
    assert found["paper"] == paper


def test_the_screenshot_is_not_blank(browser: str, page: str, tmp_path: Path) -> None:
    shots = {}
    for name, text in (("page", page), ("blank", "<!doctype html><title>-</title>")):
        (tmp_path / f"{name}.html").write_text(text)
        picture = tmp_path / f"{name}.png"
        chromium(browser, tmp_path, "--window-size=500,1500", f"--screenshot={picture}",
                 (tmp_path / f"{name}.html").as_uri())  # fmt: skip
        shots[name] = len(set(pixels(picture)))
    assert shots["page"] > 100 > shots["blank"]


def test_modules_are_counted_and_those_that_failed_are_listed(page: str) -> None:
    assert "<p>Modules: 3 of 4 made</p>" in page
    assert "not made because" in page


def test_a_hunk_stands_beside_what_landed(page: str) -> None:
    left, _, right = page.partition("As landed")
    assert "As sent" in left
    assert right.count("<ins>+&lt;/pre&gt;") == 1
    assert left.count("<ins>+&lt;/pre&gt;") == 1
