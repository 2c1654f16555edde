"""What newcc's rewrites cost a build, in CPU seconds: with nothing kept, and with all of it kept.

    benchmarks/newcc_speed.py VERSION MANIFEST [JOBS]

VERSION is a fetched snapshot, MANIFEST that of the workspace of a build of it, which lists what it
compiles: ~/.cache/patchkit/kbuild/*/manifest.json. All processes count; make is not run.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path, PurePosixPath

from patchkit.flows.kbuild.sources_read import NOTE
from patchkit.flows.kbuild.stamps import rules_digest
from patchkit.kbuild.arch import ARCHITECTURES
from patchkit.kbuild.newcc.memo import Memo, from_json
from patchkit.kbuild.newcc.prepare import dependencies, memo_of, rewritten_files
from patchkit.kbuild.newcc.rewrite import rules_for
from patchkit.kbuild.workspace import wanted
from patchkit.snapshots.open import open_tree


def main() -> None:
    tree = open_tree(tree=None, snapshot=sys.argv[1])
    arch = ARCHITECTURES["i386"]
    notes = json.loads(Path(sys.argv[2]).read_bytes())["notes"]
    sources = [PurePosixPath(name) for name in notes[NOTE].split("\n")]
    jobs = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    paths = [path for path in tree.paths() if wanted(path, arch)]
    others = [path for path in paths if path.suffix not in (".c", ".h", ".S") and rules_for(path)]
    kept = b""
    for what in ("nothing kept", "all kept"):
        began = sum(os.times()[:4])
        memo = Memo(rules_digest(), from_json(kept))
        done = rewritten_files(sources, others, tree.read, arch.headers, jobs, memo)
        kept = memo_of(done)
        dependencies(done)
        spent, places = sum(os.times()[:4]) - began, sum(len(one.places) for one in done)
        print(f"{what}: {spent:.1f} CPU s for {len(done)} files, {places} places")


if __name__ == "__main__":
    main()
