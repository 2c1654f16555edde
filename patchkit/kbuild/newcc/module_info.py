"""What a module says of itself, in sections of its own: today's compiler drops statics that
nothing uses, and today's assembler refuses a section that gets flags only later."""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchkit.csource.edit import Edit
from patchkit.kbuild.newcc.rule import Rule, TreeFacts
from patchkit.kbuild.newcc.source import Source

# gcc gives them "a", whatever the first to name them wanted; insmod goes by the name
_BARE_SECTION = re.compile(
    rb'__asm__[ \t]*\([ \t]*"\.section[ \t]+(?:\.modinfo|__ksymtab)(?P<end>)\\n'
)
_STATIC = rb"\bstatic[ \t]+const[ \t]+[^;={}]*?"
_UNUSED = re.compile(_STATIC + rb"\b__module_[^;={}]*?\b(?P<word>unused)\b")
_IN_SECTION = re.compile(
    _STATIC + rb"\b__module_\w+\[\][ \t]*__attribute__\(\(section\(\"[^\"\n]*\"\)(?P<end>)\)\)"
)


def find(source: Source, _: TreeFacts) -> Iterator[Edit]:
    for found in _BARE_SECTION.finditer(source.text):
        if source.code.startswith(b"__asm__", found.start()):
            yield Edit(*found.span("end"), rb",\"a\"")
    for found in _UNUSED.finditer(source.code):
        yield Edit(*found.span("word"), b"used")
    for found in _IN_SECTION.finditer(source.code):
        yield Edit(*found.span("end"), b", used")


RULE = Rule(
    "module-info",
    "what nothing uses is dropped, and a section has its flags from the first",
    re.compile(rb"__module_|modinfo|__ksymtab"),
    find,
)
