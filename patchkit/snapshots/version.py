"""How kernel versions are spelt: ``2.4.0-test10pre4``, ``v2.4.0-test10-pre4`` are one version."""

from __future__ import annotations

import re

from patchkit.errors import InputError

# 0.01, 1.0, 2.4.18, 2.6.16.62, 6.1; then test and prerelease numbers, the letters of 0.99.15j,
# and what maintainers hang on (-ac3, -rc1-mm2). No dot may follow, so it can name a folder.
SPELLING = re.compile(r"v?(\d+(?:\.\d+){1,3}(?:[A-Za-z+-][A-Za-z0-9+-]*)?)", re.ASCII)
PRERELEASE = r"(?:test|pre|rc)\d"


def canonical(spelling: str) -> str:
    """The one name of the version that *spelling* means: ``2.4.0-test10-pre4``.

    Raises:
        InputError: it is no kernel version.
    """
    found = SPELLING.fullmatch(spelling.strip())
    if found is None:
        raise InputError(
            f"{spelling}: not a kernel version; they look like 2.4.18, 2.4.0-test10-pre4 or v6.1"
        )
    return re.sub(rf"(?<=\d)-?(?={PRERELEASE})", "-", found[1])


def age(version: str) -> tuple[tuple[int, ...], tuple[tuple[int, str, int], ...]]:
    """Sorts versions, in their canonical spelling, as they were released: 2.4.0-test10-pre4 before
    2.4.0-test10, before 2.4.0-prerelease, before 2.4.0, before 2.4.0-ac1."""
    numbers, _, rest = re.sub(r"(?<=\d)(?=[A-Za-z+-])", " ", version, count=1).partition(" ")
    order = {"test": -3, "pre": -2, "rc": -2, "prerelease": -1}
    words = [(word, int(number or 0)) for word, number in re.findall(r"([A-Za-z]+)(\d*)", rest)]
    parts = [(rank := order.get(word, 1), word if rank > 0 else "", n) for word, n in words]
    return tuple(int(number) for number in numbers.split(".")), (*parts, (0, "", 0))


def tag_names(version: str) -> tuple[str, ...]:
    """How git repositories tag the *version*, given in its canonical spelling, likeliest first:
    ``v2.6.9`` as kernel.org does, ``2.4.0-test10pre4`` as conversions of older releases do.
    """
    glued = re.sub(r"-(?=(?:pre|rc)\d)", "", version)
    spellings = dict.fromkeys((version, glued))
    return (*(f"v{name}" for name in spellings), *spellings)


def makefile_version(makefile: bytes) -> str:
    """What a kernel's top Makefile calls it, ``2.4.0-test10`` or ``6.1.0-rc1``; empty where it
    has no version, as before 0.99."""
    found = {
        name: re.search(rb"^%s[ \t]*=[ \t]*([\w.+-]*)" % name, makefile, re.MULTILINE)
        for name in (b"VERSION", b"PATCHLEVEL", b"SUBLEVEL", b"EXTRAVERSION")
    }
    numbers = [match[1].decode() for match in list(found.values())[:3] if match and match[1]]
    extra = found[b"EXTRAVERSION"]
    return ".".join(numbers) + (extra[1].decode() if extra else "")


def means(says: str, version: str) -> bool:
    """Whether a Makefile that *says* so may be that of *version*: prepatches often keep the name
    of their release, since 3.0 the first release of a line has one number more, and before 1.0
    many Makefiles said nothing."""
    if not says:
        return version.startswith("0.")
    says = canonical(says) if SPELLING.fullmatch(says) else says
    names = {says, re.sub(r"^(\d+\.\d+)\.0(?=-|$)", r"\1", says)}
    return any(version == name or version.startswith(f"{name}-") for name in names)
