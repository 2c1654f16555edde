#!/usr/bin/env python3
"""How fast, and in how much memory, ``patchkit extract`` goes through a large mbox.

    python benchmarks/mbox_throughput.py [--size MB] [--patches SHARE]

The mbox is made up: letters of a mailing list, SHARE of them with a patch of one to three files
(0.15 is about a month of linux-kernel; 1 is a tree's ``git format-patch``). Sizes are those of
linux-kernel around 2002: letters of 10 to 100 lines, patches of 1 to 8 hunks a file.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
POSTMARK = "From list@example.org Mon Oct 14 12:00:00 2002\n"
HEAD = """Return-Path: <owner@lists.example.org>
Received: from mail.example.org (mail.example.org [192.0.2.1])
\tby lists.example.org (8.9.3/8.9.3) with ESMTP id FAA01234
\tfor <list@example.org>; Mon, 14 Oct 2002 12:00:00 -0400
Date: Mon, 14 Oct 2002 12:00:{second:02} +0200
From: Ada Lamplighter <ada@example.org>
To: list@lists.example.org
Subject: {subject}
Message-ID: <{number}.lamp@example.org>
MIME-Version: 1.0
Content-Type: text/plain; charset=us-ascii
X-Mailing-List: list@lists.example.org

"""
WORDS = ("the", "lamp", "takes", "any", "level", "and", "then", "it", "is", "too", "bright")
CODE = (
    "\tspin_lock(&lamp->lock);",
    "\tif (level > lamp->most)",
    "\t\treturn -EINVAL;",
    "",
    "\tfor (i = 0; i < lamp->count; i++) {",
    "\t}",
    "static int lamp_set(struct lamp *lamp)",
    "{",
)


def letter(dice: random.Random) -> Iterator[str]:
    for _ in range(dice.choice((10, 30, 60, 100))):
        yield ("> " if dice.random() < 0.3 else "") + " ".join(dice.choices(WORDS, k=12))


def patch(dice: random.Random) -> Iterator[str]:
    yield from ("The lamp is too bright.", "", "Signed-off-by: Ada <ada@example.org>", "---", "")
    for _ in range(dice.choice((1, 1, 2, 3))):
        name = f"drivers/lamp/lamp{dice.randrange(1000)}.c"
        yield from (f"diff --git a/{name} b/{name}", f"--- a/{name}", f"+++ b/{name}")
        line = 1
        for _ in range(dice.choice((1, 2, 3, 8))):
            old, new = dice.choices(CODE, k=dice.randrange(8)), dice.choices(CODE, k=6)
            context = dice.choices(CODE, k=6)
            line += 40
            yield f"@@ -{line},{6 + len(old)} +{line},{6 + len(new)} @@"
            yield from (" " + text for text in context[:3])
            yield from ("-" + text for text in old)
            yield from ("+" + text for text in new)
            yield from (" " + text for text in context[3:])
    yield from ("-- ", "Ada")


def write_mbox(path: Path, size: int, share: float) -> None:
    dice = random.Random(20021014)
    with path.open("w") as file:
        number = 0
        while file.tell() < size:
            number += 1
            is_patch = dice.random() < share
            subject = f"[PATCH] lamp {number}" if is_patch else f"Re: lamp {number}"
            file.write(POSTMARK + HEAD.format(second=number % 60, subject=subject, number=number))
            file.write("\n".join(patch(dice) if is_patch else letter(dice)) + "\n\n")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--size", type=int, default=50, help="MB (default 50)")
    options.add_argument("--patches", type=float, default=0.15, help="share (default 0.15)")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        mbox = Path(folder) / "mbox"
        write_mbox(mbox, chosen.size << 20, chosen.patches)
        command = [sys.executable, "-m", "patchkit", "extract", str(mbox)]
        start = time.monotonic()
        with (Path(folder) / "patches").open("wb") as out:
            done = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=subprocess.DEVNULL)
            _, status, used = os.wait4(done.pid, 0)
        wall = time.monotonic() - start
        patches = (Path(folder) / "patches").read_bytes().count(b"\nFrom 0000") + 1
        cpu = used.ru_utime + used.ru_stime
        size = mbox.stat().st_size / 1e6
        print(f"{size:.0f} MB, {patches} patches, exit {os.waitstatus_to_exitcode(status)}")
        print(f"{wall:.2f} s wall, {cpu:.2f} s CPU: {size / cpu:.1f} MB per CPU second")
        print(f"{used.ru_maxrss / 1024:.0f} MB at most")


if __name__ == "__main__":
    main()
