"""One index of the real history for all tests of a run: it takes seconds to make."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def index_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("indexed")


@pytest.fixture
def indexed(history: Path, index_cache: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The real history, with a cache that other tests have filled."""
    monkeypatch.setenv("PATCHKIT_CACHE", str(index_cache))
    return history
