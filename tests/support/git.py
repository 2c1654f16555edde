"""Small git repositories for tests, made with git itself."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path


def git(repository: Path, *arguments: str, stdin: bytes = b"") -> str:
    """What git prints, without its last newline."""
    done = subprocess.run(
        ["git", *arguments], cwd=repository, input=stdin, capture_output=True, check=True
    )
    return done.stdout.decode().rstrip("\n")


def commit(repository: Path, files: Mapping[str, bytes], *, tag: str) -> str:
    """Add a commit with exactly *files* to the repository, which is made if need be, and *tag*
    it; the commit's name."""
    if not (repository / ".git").exists():
        repository.mkdir(parents=True, exist_ok=True)
        git(repository, "init", "-q", "-b", "main")
    git(repository, "rm", "-r", "-q", "--ignore-unmatch", ".")
    for name, content in files.items():
        (repository / name).parent.mkdir(parents=True, exist_ok=True)
        (repository / name).write_bytes(content)
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "--allow-empty", "-m", tag)
    git(repository, "tag", tag)
    return git(repository, "rev-parse", "HEAD")
