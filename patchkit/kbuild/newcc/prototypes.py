"""What a prototype looks like that says neither extern nor static."""

from __future__ import annotations

import re

PROTOTYPE = re.compile(
    rb"^(?!extern\b|typedef\b|return\b|else\b|asmlinkage\b)"
    rb"(?:(?!static\b)[A-Za-z_]\w*[ \t*]+)+?(?P<name>\w+)[ \t]*"
    rb"\([^;{}()]*(?:\([^()]*\)[^;{}()]*)*\)[ \t]*;",
    re.MULTILINE,
)
