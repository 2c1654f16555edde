"""A build's report as text and as JSON."""

from __future__ import annotations

import json
from pathlib import Path

from patchkit.errors import Exit
from patchkit.flows.kbuild.build_output import as_metadata
from patchkit.kbuild.log import Diagnostic, place
from patchkit.kbuild.modules.archive import NAME as MODULES
from patchkit.kbuild.verdict import BuildReport, Built, CompileFailed, ConfigRefused, Modules
from patchkit.report.shown import shown

# More errors than this are in the log, more names in metadata.json.
SHOWN = 12


def exit_code(report: BuildReport) -> Exit:
    """0 for a kernel, 10 for none."""
    return Exit.CLEAN if isinstance(report.verdict, Built) else Exit.BUILD_FAILED


def as_json(report: BuildReport) -> str:
    """*report* as one document, under tuxmake's keys where it has one."""
    return json.dumps({**as_metadata(report), "output": str(report.output)}, indent=2)


def as_text(report: BuildReport) -> str:
    """*report* for people."""
    lines = [
        f"{report.kernel}: {report.config} for {report.arch}, {report.toolchain}, "
        f"container {report.engine}"
    ]
    lines += _verdict(report)
    if report.not_made:
        made, asked = report.objects
        lines.append(f"  objects: {made:,} of {asked:,} made; not made:")
        lines += [f"    {one.name}: {one.cause}" for one in report.not_made]
    lines += _modules(report.modules, report.output)
    if report.refused:
        gone = ", ".join(f"{one.option}={one.asked} (is {one.got})" for one in report.refused)
        lines.append(f"  options not kept: {gone}")
    if report.rewrites:
        counts = ", ".join(f"{rule} {count}" for rule, count in report.rewrites.items())
        lines.append(f"  rewritten: {sum(report.rewrites.values())} places ({counts})")
    if report.seconds and not report.cached:
        steps = ", ".join(f"{step} {took:.1f}" for step, took in report.seconds.items())
        lines.append(f"  seconds: {steps}; {sum(report.seconds.values()):.1f} in all")
    if sum(report.reused) and not report.cached:
        found, compiled = report.reused
        lines.append(f"  ccache: {found:,} of {found + compiled:,} objects were compiled before")
    lines.append(f"  again: {report.repeat}")
    return "\n".join(shown(line) for line in lines)


def _modules(modules: Modules | None, output: Path) -> list[str]:
    if modules is None:
        return []
    if modules.none:
        return [f"  modules: none: {modules.none}"]
    lines = [f"  modules: {modules.made:,} of {modules.asked:,} made"]
    if modules.not_made:
        lines[0] += "; not made:"
        return lines + [f"    {one.name}: {one.cause}" for one in modules.not_made]
    if not modules.files:
        return lines
    lines[0] += f": {output / MODULES}; {len(modules.aboard):,} in the guest"
    left = [name for name, _ in modules.files if name not in modules.aboard]
    more = f" and {len(left) - SHOWN:,} more" if len(left) > SHOWN else ""
    return lines + ([f"    not in the guest: {', '.join(left[:SHOWN])}{more}"] if left else [])


def _verdict(report: BuildReport) -> list[str]:
    match report.verdict:
        case Built(image=image, warnings=warnings):
            again = " (nothing had changed)" if report.cached else ""
            found = [f"  built: {image or f'objects in {report.output}'}{again}"]
            return found + _warnings(warnings)
        case ConfigRefused(reason=reason, blame=blame):
            return [f"  not configured: {reason}", *(f"    {line}" for line in blame)]
        case CompileFailed(errors=errors, blame=blame, warnings=warnings):
            many = f"{len(errors)} errors; the first is the cause of others"
            found = [f"  {'1 error' if len(errors) == 1 else many}:"]
            found += [f"    {place(one)}{one.text}" for one in errors[:SHOWN]]
            found += [f"    {line}" for line in blame]
            found += _warnings(warnings)
            return [*found, f"  all of it: {report.output / 'build.log'}"]


def _warnings(warnings: tuple[Diagnostic, ...]) -> list[str]:
    return [f"  new warning: {place(one)}{one.text}" for one in warnings]


def rewrites(report: BuildReport) -> str:
    """What every rule did, and every place, as the build's output folder has it."""
    rows = [
        f"{one.places:6} {one.files:6} {one.gone:8} {one.come:8}  {' and '.join(one.rules)}"
        + (f" ({one.idle} of them change no token)" if one.idle else "")
        for one in report.effects
    ]
    head = [
        "The copy that was built and the tree differ in these tokens, and in no others:",
        "places  files     gone     come  rule",
    ]
    places = (report.output / "rewrites.txt").read_text().rstrip("\n")
    return "\n".join((*head, *rows, "", places))
