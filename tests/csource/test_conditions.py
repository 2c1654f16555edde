"""What #if expressions are known to be."""

from __future__ import annotations

import pytest

from patchkit.csource.conditions import evaluated, regions
from patchkit.csource.lexical import lexed

KNOWN = {b"LINUX_VERSION_CODE": 0x020400}


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        (b" 0", False),
        (b" 1", True),
        (b" LINUX_VERSION_CODE >= 0x020400", True),
        (b" LINUX_VERSION_CODE < KERNEL_VERSION(2,3,0)", False),
        (b" defined(MODULE)", None),
        (b" defined(MODULE) && 0", False),
        (b" (CONFIG_X || 1) && !0", True),
        (b" 1 + 1 == 2 && 2 * 3 - 6 == 0", True),
        (b" (1 << 4) > 0xf", True),
        (b" 1 <<", None),
        (b" @", None),
        (b"", None),
        (b" " + b"(" * 5000 + b"1" + b")" * 5000, None),
    ],
)
def test_an_expression_is_true_false_or_unknown(expression: bytes, value: bool | None) -> None:
    assert evaluated(expression, KNOWN) is value


def test_else_is_the_opposite_of_all_branches_before_it() -> None:
    text = b"#if 0\na\n#elif X\nb\n#else\nc\n#endif\n#ifdef LINUX_VERSION_CODE\n#else\nd\n#endif\n"
    found = [(region.condition, region.holds) for region in regions(lexed(text), KNOWN)]
    assert found == [
        ("if 0", False),
        ("elif X", None),
        ("else", None),
        ("ifdef LINUX_VERSION_CODE", True),
        ("else", False),
    ]


def test_an_if_that_is_never_closed_ends_with_the_file() -> None:
    (region,) = regions(lexed(b"x\n#if 0\ny\n"), KNOWN)
    assert (region.end, region.holds) == (10, False)
