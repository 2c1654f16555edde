"""A recipe and job files to begin with."""

from __future__ import annotations

from pathlib import Path

from patchkit.errors import InputError
from patchkit.host.files import atomic_write

TEMPLATES = Path(__file__).parent / "templates"
# template → where it goes
PLACES = {
    "patchkit-ci.toml": "patchkit-ci.toml",
    "github.yml": ".github/workflows/patchkit.yml",
    "gitlab.yml": ".gitlab-ci.yml",
    "patchkit-cron.sh": "patchkit-cron.sh",
}


def write_templates(folder: Path) -> tuple[Path, ...]:
    """Write the recipe and the job files below *folder*; what was there already stays.

    Raises:
        InputError: the recipe is there already.
        HostError: one can't be written.
    """
    if (folder / PLACES["patchkit-ci.toml"]).exists():
        raise InputError("patchkit-ci.toml: there already; edit it, or remove it first")
    written = []
    for template, place in PLACES.items():
        path = folder / place
        if not path.exists():
            permissions = 0o755 if path.suffix == ".sh" else 0o644
            atomic_write(path, (TEMPLATES / template).read_bytes(), permissions=permissions)
            written.append(path)
    return tuple(written)
