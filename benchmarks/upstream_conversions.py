"""How much of upstream's own conversions patchkit's rules make, call site by call site.

    PATCHKIT_LINUX_HISTORY=REPO python benchmarks/upstream_conversions.py

The tree before each of upstream's commits is converted; a call site counts when its tokens are the
ones that upstream committed. Those that differ are listed.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections import Counter
from pathlib import PurePosixPath

from patchkit.apis.table import named_rule
from patchkit.csource.edit import apply_edits
from patchkit.csource.expression import tokens
from patchkit.csource.lexical import lexed
from patchkit.csource.unit import Unit

REMAP = (b"remap_pfn_range",)
RESERVED = (b"SetPageReserved", b"ClearPageReserved", b"cs4x_ClearPageReserved")
COMMITS = (
    ("remap-pfn-range", "6e3eac7406", REMAP),  # sound/
    ("remap-pfn-range", "cddb7e266c", REMAP),  # drivers/, net/
    ("remap-pfn-range", "9455b56ea6", REMAP),  # arch/
    ("remap-pfn-range", "57fcd1440f", REMAP),  # include/
    ("set-page-reserved", "a7fe32f7a9", RESERVED),
)


def git(*arguments: str) -> bytes:
    history = os.environ["PATCHKIT_LINUX_HISTORY"]
    done = subprocess.run(["git", "-C", history, *arguments], capture_output=True, check=False)
    return done.stdout


def call_sites(text: bytes, names: tuple[bytes, ...]) -> Counter[tuple[bytes, ...]]:
    code = lexed(text).code
    found: Counter[tuple[bytes, ...]] = Counter()
    for start in re.finditer(rb"\b(?:" + b"|".join(names) + rb")\s*\(", code):
        depth = 0
        for at in range(start.end() - 1, len(code)):
            depth += (code[at] == 0x28) - (code[at] == 0x29)
            if depth == 0:
                found[tuple(tokens(code[start.start() : at + 1]))] += 1
                break
    return found


def judged(rule_name: str, commit: str, names: tuple[bytes, ...]) -> tuple[int, int]:
    changed = git("diff", "--name-only", f"{commit}^", commit).decode().split()
    texts = {PurePosixPath(path): git("show", f"{commit}^:{path}") for path in changed}
    rule = named_rule(rule_name)
    needles = rule.needles
    rule = rule.prepared({p: t for p, t in texts.items() if any(n in t for n in needles)})
    equal = total = 0
    for path, text in texts.items():
        forms = rule.old_forms(Unit(path, text, {}))
        ours = apply_edits(text, [edit for form in forms for edit in form.edits])
        before = call_sites(text, names)
        wanted = call_sites(git("show", f"{commit}:{path}"), names) - before
        made = call_sites(ours, names) - before
        equal += (wanted & made).total()
        total += wanted.total()
        for site in (wanted - made).elements():
            print(f"    {path}: upstream has {b' '.join(site).decode('latin-1')}")
    return equal, total


def main() -> None:
    sums: dict[str, tuple[int, int]] = {}
    for rule, commit, names in COMMITS:
        equal, total = judged(rule, commit, names)
        print(f"{rule} {commit}: {equal} of {total}")
        so_far = sums.get(rule, (0, 0))
        sums[rule] = (so_far[0] + equal, so_far[1] + total)
    for rule, (equal, total) in sums.items():
        print(f"{rule}: {equal} of {total}, {100 * equal / total:.1f} %")


if __name__ == "__main__":
    main()
