"""Sources that no person wrote: the audit ends, soon, and still finds the site in them."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from patchkit.flows.audit.audit_tree import audit_tree
from patchkit.tree.overlay import File, MemoryTree

SITE = b"int f(void)\n{\n\tmem_map_reserve(page);\n}\n"
HOSTILE = {
    "a long chain of macros": b"".join(
        b"#define M%d(x) mem_map_unreserve(x) + M%d(x)\n" % (i, i + 1) for i in range(3000)
    )
    + SITE,
    "deep blocks": SITE.replace(b"\tmem", b"{" * 20000 + b"mem").replace(
        b");", b");" + b"}" * 20000
    ),
    "deep brackets": b"int g(void)\n{\n\tx = "
    + b"(" * 9000
    + b"y"
    + b")" * 9000
    + b";\n}\n"
    + SITE,
    "conditionals never closed": b"#if A\n" * 9000 + SITE,
    "conditionals closed too often": b"#endif\n#else\n" * 9000 + SITE,
    "strings never closed": b'char *s = "unterminated;\n' * 3000 + SITE,
    "a comment never closed": SITE + b"/* int g(void) {",
    "NULs": b"\0" * 500 + SITE + b"\0",
    "Latin-1": b'char *caf\xe9 = "\xfc";\n' + SITE,
    "C++": b"namespace a { template<class T> class B { T f() { return T{}; } }; }\n" + SITE,
    "carriage returns": SITE.replace(b"\n", b"\r\n"),
    "a macro of megabytes": b"#define BIG(p) do { "
    + b"p = p + 1; \\\n " * 250_000
    + b"} while (0)\n"
    + SITE,
    "a string of megabytes": b'char *s = "' + b"x" * 3_000_000 + b'";\n' + SITE,
    "brackets that no person wrote": SITE.replace(b"page", b"(" * 90_000 + b"page" + b")" * 90_000),
    "one long line": b"int g(void) { " + b"a = b + c; " * 20000 + b"}\n" + SITE,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_the_site_is_found(name: str) -> None:
    tree = MemoryTree({PurePosixPath("drivers/a.c"): File(HOSTILE[name])})
    report = audit_tree(tree, [PurePosixPath(".")])
    found = [site for site in report.sites if site.primitive == "mem_map_reserve" and site.live]
    assert len(found) == 1
    assert found[0].function == "f"
    assert [driver.file for driver in report.drivers] == [PurePosixPath("drivers/a.c")]
