"""Pin versions: write kernel-snapshots/pins/VERSION.git, print what belongs into snapshots.toml.

    python tools/pin.py REPOSITORY 2.4.0-test10
    python tools/pin.py REPOSITORY --like 2.4.0-test10 2.4.0-test10-pre4 2.4.0-test10-pre5

With --like only the difference to that version's pin is written; use it where most files are the
same.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from patchkit.snapshots.git_tree import GitTree, release_tree
from patchkit.snapshots.manifest import contents, render
from patchkit.snapshots.version import canonical

PINS = Path(__file__).parent.parent / "kernel-snapshots/pins"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("repository", type=Path)
    parser.add_argument("--like", metavar="VERSION")
    parser.add_argument("versions", nargs="+", metavar="VERSION")
    asked = parser.parse_args()
    like = None
    if asked.like:
        like = contents(release(asked.repository, asked.like)).manifest
    for version in map(canonical, asked.versions):
        tree = release(asked.repository, version)
        found = contents(tree)
        (PINS / f"{version}.git").write_text(render(found.manifest, like))
        print(f'\n[[snapshot]]\nversion = "{version}"\n\n[[snapshot.pin]]\nkind = "git"')
        print(f'commit = "{tree.commit}"')
        print(f'identity = "{found.identity}"\nfiles = {len(found.manifest)}')
        if asked.like:
            print(f'like = "{canonical(asked.like)}"')


def release(repository: Path, version: str) -> GitTree:
    tree = release_tree(repository, canonical(version))
    if tree is None:
        raise SystemExit(f"{repository}: has no tag for {version}")
    return tree


if __name__ == "__main__":
    main()
