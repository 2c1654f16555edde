"""``python -m patchkit``, and the ``patchkit`` command."""

from __future__ import annotations


def main() -> None:
    """Run the command line; never returns."""
    from patchkit.cli import run

    run()


if __name__ == "__main__":
    main()
