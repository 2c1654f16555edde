"""One tag of a repository elsewhere, fetched into a bare repository of our own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from patchkit.errors import HostError
from patchkit.snapshots.version import tag_names

if TYPE_CHECKING:
    from git.cmd import Git

# No ext::, which runs a command, wherever an address or a redirect comes from.
PROTOCOLS = "file:git:http:https:ssh"


def fetch_tag(url: str, version: str, into: Path) -> tuple[str, ...]:
    """Fetch the *version* (in its canonical spelling) from *url*, without its history, into the
    folder *into*, which is made; the names of all tags there.

    If none of them is the version, nothing is fetched.

    Raises:
        HostError: git is not installed, no repository is there, or the connection broke.
    """
    from git.cmd import Git
    from git.exc import GitCommandError

    into.mkdir()
    git = Git(str(into))
    git.update_environment(
        GIT_ALLOW_PROTOCOL=PROTOCOLS, GIT_TERMINAL_PROMPT="0", GIT_DIR=str(into), LC_ALL="C"
    )
    try:
        git.init("--quiet", "--bare")
        tags = _tags(git, url)
        tag = next((name for name in tag_names(version) if name in tags), None)
        if tag is not None:
            refspec = f"refs/tags/{tag}:refs/tags/{tag}"
            git.fetch("--quiet", "--depth=1", "--no-tags", "--end-of-options", url, refspec)
    except GitCommandError as error:
        # GitPython has it as: stderr: '...'
        why = str(error.stderr).strip().removeprefix("stderr:").strip(" '").splitlines()
        raise HostError(
            f"{url}: git can't fetch from it: {why[0] if why else 'no reason given'}"
        ) from error
    return tags


def _tags(git: Git, url: str) -> tuple[str, ...]:
    listing = str(git.ls_remote("--tags", "--refs", "--end-of-options", url))
    names = (line.partition("\t")[2] for line in listing.splitlines())
    return tuple(name.removeprefix("refs/tags/") for name in names)
