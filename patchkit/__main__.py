"""``python -m patchkit``, and the ``patchkit`` command."""

from __future__ import annotations

import os
import signal
from typing import NoReturn


def main() -> None:
    """Run the command line; never returns."""
    # A KeyboardInterrupt in the middle of an import may get lost in Python's own import hooks.
    # A shell that starts us in the background has SIGINT ignored, and so it stays.
    is_ours = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if is_ours:
        signal.signal(signal.SIGINT, _interrupted)
    from patchkit.cli import run

    if is_ours:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    run()


def _interrupted(*_: object) -> NoReturn:
    """Leave at once: before the first import is done there is nothing to tidy up."""
    os.write(2, b"patchkit: interrupted\n")
    os._exit(130)


if __name__ == "__main__":
    main()
