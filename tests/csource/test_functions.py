"""Function spans in code that a grammar stumbles over."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patchkit.csource.conditions import regions
from patchkit.csource.functions import functions
from patchkit.csource.lexical import lexed


def names(source: bytes) -> list[tuple[bytes, int]]:
    return [(found.name, found.end) for found in functions(lexed(source)).all]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (b"int f(void)\n{\n}\n", [b"f"]),
        (b"static int __init f(int a) __attribute__((unused)) {}", [b"f"]),
        (b"struct a {\n int b;\n};\nint f(void)\n{\n}\n", [b"f"]),
        (b"struct ops o = {\n call(x),\n};\nint g(void) {}", [b"g"]),
        (b"int f(a, b)\n int a;\n char *b;\n{\n}\n", [b"f"]),
        (b"DECLARE(x)\nstruct y {\n int a;\n};\n", []),
        (b"int f(void)\n{\n MACRO_OPENS(\n}\n\nint g(void)\n{\n}\n", [b"f", b"g"]),
        (b"int f(void)\n{\n if (x) {\n}\n\nint g(void)\n{\n}\n", [b"f", b"g"]),
        (b"int f(void)\n{\n#ifdef A\n{\n x();\n}\n#else\n y();\n#endif\n z();\n}\n", [b"f"]),
        (b"int f(void)\n{\n puts(\"}\");\n /* } */ c = '}';\n}\nint g(void)\n{\n}", [b"f", b"g"]),
        (b"int DRM( alloc )( int x )\n{\n}\n", [b"DRM(alloc)"]),
        (b"", []),
    ],
)
def test_functions_are_found(source: bytes, expected: list[bytes]) -> None:
    assert [name for name, _ in names(source)] == expected


def test_a_block_in_the_first_column_does_not_end_its_function() -> None:
    source = b"int f(void)\n{\n if (x)\n{\n a();\n}\n b();\n}\n"
    assert names(source) == [(b"f", len(source) - 1)]


@given(
    st.lists(
        st.sampled_from(
            [
                b"{",
                b"}",
                b"f(a)",
                b"\n",
                b"#if X\n",
                b"#else\n",
                b"#endif\n",
                b";",
                b'"',
                b"'",
                b"/*",
                b"*/",
                b"int a;",
                b"\\",
                b"\0",
            ]
        )
    )
)
def test_any_text_gives_functions_in_order_that_do_not_overlap(pieces: list[bytes]) -> None:
    source = b"".join(pieces)
    end = 0
    for found in functions(lexed(source)).all:
        assert end <= found.start <= found.body < found.end <= len(source)
        end = found.end


@given(st.binary(max_size=300))
def test_blanking_keeps_every_offset_and_newline(source: bytes) -> None:
    code = lexed(source).code
    assert len(code) == len(source)
    assert [i for i, c in enumerate(code) if c == 10] == [
        i for i, c in enumerate(source) if c == 10
    ]


@pytest.mark.parametrize("between", [b"", b"int x;\n"])
def test_a_header_begins_behind_a_function_that_is_never_compiled(between: bytes) -> None:
    source = (
        b"#if 0\nint f(void)\n{ if (x) { y(); } }\n#endif\n" + between + b"int f(int a)\n{\n}\n"
    )
    text = lexed(source)
    (found,) = functions(text, regions(text, {})).all
    assert source[found.start :] == b"int f(int a)\n{\n}\n"
