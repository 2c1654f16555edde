"""The user's own folders, by the XDG rules through platformdirs."""

from __future__ import annotations

import os
from pathlib import Path


def cache_folder() -> Path:
    """Where fetched trees and other things that can be made again are kept.

    ``PATCHKIT_CACHE`` names another place, for tests and for CI jobs that keep a cache.
    """
    named = os.environ.get("PATCHKIT_CACHE")
    if named:
        return Path(named)
    import platformdirs

    return Path(platformdirs.user_cache_dir("patchkit"))


def config_file() -> Path:
    """The user's own patchkit.toml; it need not exist."""
    import platformdirs

    return Path(platformdirs.user_config_dir("patchkit")) / "patchkit.toml"


def today() -> str:
    """The date in UTC, YYYY-MM-DD; ``SOURCE_DATE_EPOCH`` decides it for builds that must come out
    alike (reproducible-builds.org)."""
    from datetime import UTC, datetime

    named = os.environ.get("SOURCE_DATE_EPOCH", "")
    now = datetime.fromtimestamp(int(named), UTC) if named.isdecimal() else datetime.now(UTC)
    return now.date().isoformat()
