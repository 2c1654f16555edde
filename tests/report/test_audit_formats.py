"""An audit for machines: SARIF, GitHub, GitLab."""

from __future__ import annotations

import json
import os
from pathlib import Path, PurePosixPath

import pytest

from patchkit.audit.report import AuditReport
from patchkit.audit.site import Unreadable
from patchkit.flows.audit.audit_tree import audit_tree
from patchkit.report.audit_annotations import as_github, as_gitlab
from patchkit.report.audit_sarif import log
from patchkit.report.audit_text import as_text
from patchkit.tree.overlay import File, MemoryTree

SOURCE = b"static x = { @@ ) };\nvoid f(void)\n{\n\tmem_map_reserve(p);\n}\n"


@pytest.fixture
def report() -> AuditReport:
    tree = MemoryTree({PurePosixPath("drivers/a b,c.c"): File(SOURCE)})
    return audit_tree(tree, [PurePosixPath(".")])


def test_sarif_has_rules_places_fingerprints_and_unparsed_spans(report: AuditReport) -> None:
    found = log(report)
    assert found["version"] == "2.1.0"
    (run,) = found["runs"]
    ids = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert len(ids) == len(set(ids))
    site, verdict = run["results"]
    assert (site["ruleId"], site["level"]) == ("page-reserve", "note")
    assert ids[site["ruleIndex"]] == "page-reserve"
    place = site["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "drivers/a%20b%2Cc.c", "uriBaseId": "SRCROOT"}
    assert place["region"] == {"startLine": 4, "startColumn": 2}
    assert site["partialFingerprints"] != verdict["partialFingerprints"]
    (note,) = run["invocations"][0]["toolExecutionNotifications"]
    region = note["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 1, "endLine": 1}


def test_sarif_is_what_the_published_schema_wants(report: AuditReport) -> None:
    """The schema is OASIS's, and not copied here: SARIF_SCHEMA names a sarif-schema-2.1.0.json."""
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    place = os.environ.get("SARIF_SCHEMA")
    if place is None:
        pytest.skip("SARIF_SCHEMA names no sarif-schema-2.1.0.json")
    missed = Unreadable(PurePosixPath("a b.c"), "a b.c: can't be read")
    schema = json.loads(Path(place).read_bytes())
    for each in (report, AuditReport("t", (), (missed,))):
        jsonschema.validate(log(each), schema)


def test_fingerprints_do_not_move_with_the_lines(report: AuditReport) -> None:
    moved = MemoryTree({PurePosixPath("drivers/a b,c.c"): File(b"/* */\n\n" + SOURCE)})
    again = audit_tree(moved, [PurePosixPath(".")])
    prints = [
        [result["partialFingerprints"] for result in log(each)["runs"][0]["results"]]
        for each in (report, again)
    ]
    assert prints[0] == prints[1]


def test_a_file_that_was_not_read_makes_the_run_unsuccessful() -> None:
    missed = Unreadable(PurePosixPath("a.c"), "a.c: can't be read")
    (run,) = log(AuditReport("t", (), (missed,)))["runs"]
    assert run["invocations"][0]["executionSuccessful"] is False


def test_github_gets_one_command_a_line_with_its_own_escapes(report: AuditReport) -> None:
    first = as_github(report).splitlines()[0]
    assert first == (
        "::notice file=drivers/a b%2Cc.c,line=4,col=2,title=page-reserve::"
        "mem_map_reserve reserves a page in f()"
    )


def test_gitlab_gets_a_code_quality_report(report: AuditReport) -> None:
    first = json.loads(as_gitlab(report))[0]
    assert first["location"] == {"path": "drivers/a b,c.c", "lines": {"begin": 4}}
    assert first["severity"] == "info"


def test_text_groups_drivers_by_verdict_and_shows_evidence_when_asked(report: AuditReport) -> None:
    plain = as_text(report)
    assert "\nnot-mapped: These pages are never shown to user space" in plain
    assert "In this tree:" not in plain
    assert "In this tree:" in as_text(report, verbose=True)
    assert "\x1b[" in as_text(report, color=True)
    assert "\x1b[" not in plain
