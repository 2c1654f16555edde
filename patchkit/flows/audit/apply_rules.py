"""Tree → the old forms that rules find → patches that make them new."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from patchkit.apis.rule import OldForm, Rule
from patchkit.apis.table import named_rule, run_as_rule
from patchkit.audit.driver import Finding
from patchkit.audit.report import AuditReport
from patchkit.audit.site import Unreadable
from patchkit.audit.version_code import known_macros
from patchkit.convert.conversion import Conversion, NotConverted, file_names, is_sound, patch_bytes
from patchkit.csource.edit import apply_edits
from patchkit.csource.unit import Unit
from patchkit.errors import InputError
from patchkit.flows.audit.audit_sites import audited_files, audited_texts
from patchkit.flows.audit.convert_drivers import Converted
from patchkit.tree.base import Tree
from patchkit.tree.overlay import File, Overlay


@dataclass(frozen=True, slots=True)
class Ruled:
    """What rules found, their patches, and the rules that could not be used."""

    report: AuditReport
    converted: Converted
    broken: tuple[str, ...]


def apply_rules(tree: Tree, asked: Sequence[PurePosixPath], names: Sequence[str]) -> Ruled:
    """Look for the old forms of the rules *names* at or below the *asked* paths of *tree*.

    Raises:
        InputError: the tree has no such path.
    """
    files = audited_files(tree, asked)
    unreadable: list[Unreadable] = []
    findings: list[Finding] = []
    made: list[Conversion] = []
    left: list[NotConverted] = []
    broken: list[str] = []
    now = Overlay(tree)
    for name in names:
        try:
            rule = named_rule(name)
            for unit, forms in _found(name, rule, now, files, unreadable):
                findings += [_finding(rule, unit, form) for form in forms]
                outcome = _converted(rule, unit, forms)
                if isinstance(outcome, NotConverted):
                    left.append(outcome)
                else:
                    made.append(outcome)
                    new = {path: File(text) for path, (_, text) in outcome.files.items()}
                    now = now.with_changes(new)
        except InputError as error:
            broken.append(str(error))
    count = len(made)
    patches = [patch_bytes(each, number, count) for number, each in enumerate(made, 1)]
    converted = Converted(tuple(zip(file_names(tuple(made)), patches, strict=True)), tuple(left))
    report = AuditReport(tree.name, (), tuple(dict.fromkeys(unreadable)), findings=tuple(findings))
    return Ruled(report, converted, tuple(broken))


def _found(
    name: str,
    rule: Rule,
    tree: Tree,
    files: Sequence[PurePosixPath],
    unreadable: list[Unreadable],
) -> Iterator[tuple[Unit, tuple[OldForm, ...]]]:
    known = known_macros(tree)
    texts = _having(tree, files, rule.needles, unreadable)
    with run_as_rule(name):
        prepared = rule.prepared(texts)
    if set(prepared.needles) - set(rule.needles):
        texts = _having(tree, files, prepared.needles, [])
    for path, text in sorted(texts.items()):
        unit = Unit(path, text, known)
        with run_as_rule(name, path):
            forms = tuple(prepared.old_forms(unit))
            apply_edits(text, [edit for form in forms for edit in form.edits])
        if forms:
            yield unit, forms


def _having(
    tree: Tree,
    files: Sequence[PurePosixPath],
    needles: Sequence[bytes],
    unreadable: list[Unreadable],
) -> dict[PurePosixPath, bytes]:
    """The files with one of the *needles*; no other is kept in memory."""

    def holds(text: bytes) -> bool:
        return any(needle in text for needle in needles)

    read = audited_texts(tree, files, unreadable, holds)
    return {path: text for path, text in read if holds(text)}


def _finding(rule: Rule, unit: Unit, form: OldForm) -> Finding:
    text = unit.text
    return Finding(
        rule.name, unit.path, text.line(form.start), form.message, text.column(form.start)
    )


def _converted(rule: Rule, unit: Unit, forms: tuple[OldForm, ...]) -> Conversion | NotConverted:
    edits = [edit for form in forms for edit in form.edits]
    if not edits:
        return NotConverted(unit.path, f"{rule.name}: every place needs a look by hand")
    new = apply_edits(unit.source, edits)
    if not is_sound(unit.source, new):
        return NotConverted(unit.path, f"{rule.name}: the result would not parse")
    by_hand = [unit.line(form.start) for form in forms if not form.edits]
    message = f"{len(forms) - len(by_hand)} places converted by rule {rule.name}."
    if by_hand:
        lines = ", ".join(map(str, by_hand))
        message += f"\n\nNot converted, to be looked at by hand: lines {lines}."
    message += "\n\nChecked by the parser only; not compiled, not run."
    return Conversion(f"{unit.path.stem}: {rule.title}", message, {unit.path: (unit.source, new)})
