"""The output folder of a build: the kernel and what is needed to boot, judge and repeat it."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

from patchkit.errors import InputError
from patchkit.flows.kbuild.job import Job
from patchkit.host.files import atomic_write
from patchkit.kbuild.compiler_cache import Reused
from patchkit.kbuild.guest import RAMDISK
from patchkit.kbuild.kconfig import Refused
from patchkit.kbuild.log import Diagnostic
from patchkit.kbuild.modules.archive import NAME as MODULES
from patchkit.kbuild.newcc.effect import Effect
from patchkit.kbuild.newcc.rewrite import Place
from patchkit.kbuild.objects import NotMade
from patchkit.kbuild.verdict import BuildReport, Built, CompileFailed, ConfigRefused, Modules

METADATA = "metadata.json"
SCHEMA = "patchkit.build/1"
# what a metadata.json raises that no build wrote
MALFORMED = (ValueError, TypeError, LookupError, AttributeError)
# name in the output folder → place in the workspace
MADE = {"System.map": "System.map", "config": ".config", "ramdisk.gz": RAMDISK}


def put_out(report: BuildReport, job: Job, key: str) -> BuildReport:
    """Write the output of *report* on *job* with the objects that were asked for, and point its
    verdict at the image there.

    Raises:
        InputError: a symlink in the output folder leads out of it.
    """
    output, workspace, objects = report.output, job.workspace, job.request.objects
    written = {"build.log": bytes(job.steps.log), "rewrites.txt": explained(report.places)}
    if isinstance(report.verdict, Built):
        if report.modules and report.modules.archive:
            written[MODULES] = report.modules.archive
        made = MADE if report.verdict.image else {"config": ".config"}
        if report.verdict.image:
            made = {**MADE, "bzImage": str(report.verdict.image)}
            report = replace(report, verdict=replace(report.verdict, image=output / "bzImage"))
        for name, place in {**made, **{name: name for name in objects}}.items():
            written[name] = workspace.read(PurePosixPath(place)) or b""
    # a list that was lost may have had modules, which are none of this kernel's
    for name in {*_listed(output), METADATA, MODULES} - written.keys():
        _inside(output, name).unlink(missing_ok=True)
    for name, data in written.items():
        atomic_write(_inside(output, name), data)
    sums = {name: hashlib.sha256(data).hexdigest() for name, data in written.items()}
    made_from = {"key": key, "compilers": job.compilers}
    document = json.dumps({**as_metadata(report), **made_from, "sha256": sums}, indent=2)
    atomic_write(output / METADATA, document.encode() + b"\n")
    return report


def _inside(output: Path, name: str) -> Path:
    """The place of *name* below *output*, which may be a folder that came with a hostile tree."""
    path = output / name
    if not path.parent.resolve().is_relative_to(output.resolve()):
        raise InputError(f"{path}: a symlink leads out of the output folder; say another one")
    return path


def _listed(output: Path) -> set[str]:
    """What the build before put there: an image of it is none of this one's."""
    try:
        names = json.loads((output / METADATA).read_bytes())["sha256"].keys()
    except (OSError, *MALFORMED):
        return set()
    return {name for name in names if ".." not in PurePosixPath(name).parts and name[:1] != "/"}


def read_back(output: Path, key: str, compilers: str) -> BuildReport | None:
    """The report of an earlier build of the same *key* by the same *compilers*, where these can be
    told now, if all it made is still there."""
    try:
        found = json.loads((output / METADATA).read_bytes())
        if found.get("key") != key or found["build"]["result"] != "pass":
            return None
        if compilers not in ("", found["compilers"]):
            return None
        for name, digest in found["sha256"].items():
            if hashlib.sha256((output / name).read_bytes()).hexdigest() != digest:
                return None
    except (OSError, *MALFORMED):
        return None
    return BuildReport(
        found["source"]["kernel_version"],
        found["build"]["target_arch"],
        found["build"]["kconfig"],
        found["build"]["toolchain"],
        found["build"]["runtime"],
        output,
        Built(
            output / "bzImage" if "bzImage" in found["sha256"] else None,
            tuple(Diagnostic(**one) for one in found["results"]["warnings"]),
        ),
        tuple(Refused(*one) for one in found["refused"]),
        rewrites=found["rewrites"],
        effects=tuple(Effect(**{**one, "rules": tuple(one["rules"])}) for one in found["effects"]),
        objects=tuple(found["objects"]),
        modules=_modules_again(found["modules"]),
        seconds=found["duration"],
        cached=True,
        reused=Reused(**found["ccache"]),
        repeat=found["build"]["reproducer"],
    )


def _modules_again(found: dict[str, Any] | None) -> Modules | None:
    if found is None:
        return None
    files = tuple((one["name"], one["sha256"]) for one in found["files"])
    not_made = tuple(NotMade(**one) for one in found["not_made"])
    aboard = tuple(found["aboard"])
    return Modules(**{**found, "files": files, "not_made": not_made, "aboard": aboard})


def _modules(found: Modules | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "asked": found.asked,
        "made": found.made,
        "none": found.none,
        "release": found.release,
        "not_made": [one._asdict() for one in found.not_made],
        "files": [{"name": name, "sha256": digest} for name, digest in found.files],
        "aboard": list(found.aboard),
    }


def _artifacts(report: BuildReport) -> dict[str, list[str]]:
    if not isinstance(report.verdict, Built):
        return {}
    modules = {"modules": [MODULES]} if report.modules and report.modules.made else {}
    return {"kernel": ["bzImage"], **modules}


def as_metadata(report: BuildReport) -> dict[str, Any]:
    """*report* under the keys that tuxmake uses, where it has one."""
    verdict = report.verdict
    built = isinstance(verdict, Built)
    errors = verdict.errors if isinstance(verdict, CompileFailed) else ()
    warnings = () if isinstance(verdict, ConfigRefused) else verdict.warnings
    result = "pass" if built else "fail"
    return {
        "schema": SCHEMA,
        "build": {
            "result": result,
            "target_arch": report.arch,
            "toolchain": report.toolchain,
            "kconfig": report.config,
            "runtime": report.engine,
            "reproducer": report.repeat,
        },
        "source": {"kernel_version": report.kernel},
        "verdict": type(verdict).__name__,
        "reason": verdict.reason if isinstance(verdict, ConfigRefused) else None,
        "results": {
            "status": result.upper(),
            "artifacts": _artifacts(report),
            "errors": [one._asdict() for one in errors],
            "warnings": [one._asdict() for one in warnings],
        },
        "blame": list(getattr(verdict, "blame", ())),
        "duration": {step: round(seconds, 3) for step, seconds in report.seconds.items()},
        "objects": list(report.objects),
        "not_made": [one._asdict() for one in report.not_made],
        "modules": _modules(report.modules),
        "refused": [list(one) for one in report.refused],
        "rewrites": dict(report.rewrites),
        "effects": [one._asdict() for one in report.effects],
        "ccache": report.reused._asdict(),
        "cached": report.cached,
    }


def explained(places: Iterable[Place]) -> bytes:
    """Every rewritten place, one line each: rule, file, line, before and after."""
    return b"".join(
        b"%s %s:%d: %s -> %s\n"
        % (
            place.rule.encode(),
            os.fsencode(place.path),
            place.line,
            ascii(place.before)[1:].encode(),
            ascii(place.after)[1:].encode(),
        )
        for place in places
    )


def counted(places: Iterable[Place]) -> dict[str, int]:
    """How many places each rule touched."""
    return dict(Counter(place.rule for place in places).most_common())
