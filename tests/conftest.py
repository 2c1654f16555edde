"""Tests see no user: their own HOME, cache and git identity, and a fixed clock for commits."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from hypothesis import settings

# A job in the background of a shell inherits an ignored SIGINT, and so would every command under
# test; Ctrl-C is tested as if a person had pressed it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# A machine that is busy elsewhere must not fail a property: speed is measured in benchmarks/.
# CI tries the same examples every time: what fails there fails for everyone.
settings.register_profile("patchkit", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("patchkit")


@pytest.fixture(autouse=True)
def _hermetic(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path_factory.mktemp("home")
    for name in [name for name in os.environ if name.startswith(("GIT_", "XDG_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("PATCHKIT_CACHE", str(home / "cache"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "A Tester")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "tester@example.org")
        monkeypatch.setenv(f"GIT_{role}_DATE", "2000-10-20T12:00:00+0000")


@pytest.fixture(scope="session")
def history() -> Path:
    """A git repository with real kernels; skips, saying so, where there is none."""
    named = os.environ.get("PATCHKIT_LINUX_HISTORY")
    if not named:
        pytest.skip("PATCHKIT_LINUX_HISTORY names no git repository with the kernel's history")
    if not Path(named).is_dir():
        pytest.skip(f"PATCHKIT_LINUX_HISTORY: {named} is not there")
    return Path(named)


@pytest.fixture(scope="session")
def index_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("indexed")


@pytest.fixture
def indexed(history: Path, index_cache: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The real history, with a cache that other tests have filled: its index takes seconds."""
    monkeypatch.setenv("PATCHKIT_CACHE", str(index_cache))
    return history
