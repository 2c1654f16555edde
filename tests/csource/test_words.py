"""The names that a piece of C takes from elsewhere, and those it declares."""

from __future__ import annotations

from patchkit.csource.words import words


def used(source: bytes) -> set[tuple[str, bytes]]:
    return {(word.kind, word.name) for word in words(source) if not word.declared}


def declared(source: bytes) -> set[bytes]:
    return {word.name for word in words(source) if word.declared}


def test_a_piece_from_inside_a_function() -> None:
    piece = b"\tstruct page *p, *q = NULL;\n\tp->count = get(q);\nout:\n\treturn p;\n"
    assert declared(piece) == {b"p", b"q"}
    assert ("type", b"page") in used(piece)
    assert ("member", b"count") in used(piece)
    assert ("call", b"get") in used(piece)
    assert b"out" not in declared(piece) | {name for _, name in used(piece)}


def test_parameters_members_and_enumerators_are_declared() -> None:
    source = b"int f(int a, char *b) { return a; }\nstruct s { int m[2]; };\nenum e { X, Y };\n"
    assert declared(source) == {b"f", b"a", b"b", b"s", b"m", b"e", b"X", b"Y"}


def test_a_struct_that_is_only_named_is_used() -> None:
    assert ("type", b"vma") in used(b"struct vma *v;\n")


def test_the_body_of_a_macro_has_names_too() -> None:
    source = b"#define RESERVE(v) \\\n\tdo { (v)->flags |= VM_RES; flush(v); } while (0)\n"
    assert {("name", b"VM_RES"), ("call", b"flush")} <= used(source)
    assert declared(source) == {b"RESERVE", b"v"}
    assert {word.line for word in words(source) if word.name == b"flush"} == {2}


def test_strings_and_comments_have_no_names() -> None:
    assert words(b'/* a b */ "c d" // e\n') == ()
