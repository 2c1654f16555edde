#!/usr/bin/env python3
"""Fuzz extract and apply with atheris (pip install atheris), from the golden mails:

    python -m tests.fuzz.fuzz_mail [FOLDER] -max_total_time=3600 -timeout=5

FOLDER keeps what was found to reach new code. A crash is written to ./crash-*; make it a folder
in tests/cases/mail/ or a row of tests/mail/test_bad_input.py.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["patchkit", "tests"]):
    from tests.fuzz.carried import CORPUS, carry


def main() -> None:
    with tempfile.TemporaryDirectory() as seeds:
        for path in CORPUS:
            (Path(seeds) / path.parent.name).write_bytes(path.read_bytes())
        atheris.Setup([*sys.argv, seeds, "-max_len=20000"], carry)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
