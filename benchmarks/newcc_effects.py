"""What newcc's rules do to a whole release: places, and tokens gone and come, as docs/newcc.md has.

    benchmarks/newcc_effects.py VERSION [BUILD]

VERSION is a fetched snapshot. Every C and assembler file counts, whatever a configuration reads,
without those of other architectures. BUILD is the output of a ``patchkit build`` of it, for a
second column. Fails where a token differs and no rule says so.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections import Counter
from pathlib import Path

from patchkit.kbuild.arch import ARCHITECTURES
from patchkit.kbuild.newcc.effect import Untold, summed
from patchkit.kbuild.newcc.memo import Memo
from patchkit.kbuild.newcc.prepare import rewritten_files
from patchkit.kbuild.newcc.rewrite import rules_for
from patchkit.kbuild.newcc.table import BUILD_RULES, SOURCE_RULES
from patchkit.kbuild.workspace import wanted
from patchkit.snapshots.open import open_tree


def main() -> int:
    tree = open_tree(tree=None, snapshot=sys.argv[1])
    arch = ARCHITECTURES["i386"]
    paths = [path for path in tree.paths() if wanted(path, arch)]
    sources = [path for path in paths if path.suffix in (".c", ".S")]
    others = [path for path in paths if path.suffix not in (".c", ".h", ".S") and rules_for(path)]
    jobs = len(os.sched_getaffinity(0))
    done = rewritten_files(sources, others, tree.read, arch.headers, jobs, Memo("", {}))
    children, own = os.times().children_user, time.process_time()
    print(f"{len(done)} files; rewriting took {children + own:.1f} CPU s", file=sys.stderr)
    untold = [one.effects for one in done if isinstance(one.effects, Untold)]
    if untold:
        print(f"no rule says so: {untold[0]}", file=sys.stderr)
        return 1
    found = summed(one.effects for one in done if not isinstance(one.effects, Untold))
    places = Counter(place.rule for one in done for place in one.places)
    files = Counter(rule for one in done for rule in {place.rule for place in one.places})
    small = json.loads((Path(sys.argv[2]) / "metadata.json").read_text())["rewrites"]
    print("| rule | places, of that build | places, all | files, all |\n|---|---|---|---|")
    for rule in sorted((*SOURCE_RULES, *BUILD_RULES), key=lambda rule: -places[rule.name]):
        name = rule.name
        print(f"| {name} | {small.get(name, 0)} | {places[name]} | {files[name]} |")
    gone, come = (sum(getattr(row, which) for row in found) for which in ("gone", "come"))
    print(f"\n{gone} tokens went, {come} came; {sum(row.idle for row in found)} places are idle.")
    for row in found:
        if row.idle:
            print(f"idle: {row}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
