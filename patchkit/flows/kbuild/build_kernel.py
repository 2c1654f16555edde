"""tree + configuration → workspace → (rewrites) → make → kernel, or the first cause why not."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from patchkit.errors import HostError, InputError
from patchkit.flows.kbuild.build_blame import blame
from patchkit.flows.kbuild.build_output import counted, put_out, read_back
from patchkit.host.files import locked
from patchkit.host.places import cache_folder
from patchkit.host.process import Finished, run, stream
from patchkit.kbuild.arch import ARCHITECTURES, Architecture
from patchkit.kbuild.container import find_engine
from patchkit.kbuild.declared import listing_files
from patchkit.kbuild.generation import Generation, generation
from patchkit.kbuild.guest import guest_files, guest_step
from patchkit.kbuild.image import ensure_image
from patchkit.kbuild.kconfig import Refused, options, refused, rendered
from patchkit.kbuild.log import Diagnostic, diagnostics, first_cause
from patchkit.kbuild.newcc.listing import compiled_sources, compiles, object_count
from patchkit.kbuild.newcc.memo import Memo
from patchkit.kbuild.newcc.prepare import Rewritten, dependencies, memo_of, rewritten_files
from patchkit.kbuild.newcc.rewrite import Place, rules_for
from patchkit.kbuild.plan import OBJECTS_MAKEFILE, Plan, Step, objects_makefile
from patchkit.kbuild.probe import with_probe
from patchkit.kbuild.room import Bare, Contained, Room
from patchkit.kbuild.toolchain import Toolchain, make_variables
from patchkit.kbuild.verdict import BuildReport, Built, CompileFailed, ConfigRefused, Verdict
from patchkit.kbuild.workspace import Workspace, wanted
from patchkit.port.outcome import SeriesReport
from patchkit.snapshots.dir_tree import DirTree
from patchkit.snapshots.git_tree import GitTree
from patchkit.snapshots.progress import Progress
from patchkit.tree.base import Tree
from patchkit.tree.overlay import Overlay

HOUR = 3600.0
# whoever runs as root builds as this user; a container's root is no better than another's
BUILDER = 1000
# in the workspace: the C and assembler files that the build compiles, one a line
SOURCES_READ = PurePosixPath(".patchkit-sources")


@dataclass(frozen=True, slots=True)
class Request:
    """What to build, and how. ``config`` is the fragment's text, ``config_name`` its name."""

    tree: Tree
    config: str
    config_name: str
    toolchain: Toolchain
    output: Path
    arch: Architecture = ARCHITECTURES["i386"]
    contained: bool = True
    engine: str | None = None
    probes: bool = True
    objects: tuple[str, ...] = ()
    keep_going: bool = False
    jobs: int = field(default_factory=lambda: len(os.sched_getaffinity(0)))
    applied: SeriesReport | None = None
    repeat: str = ""


def build_kernel(request: Request, progress: Progress) -> BuildReport:
    """Build what *request* asks for and put it into its output folder.

    Raises:
        InputError: the tree is no kernel that can be configured for the architecture.
        HostError: no container engine, no disk space, or a tool is missing.
    """
    age = generation(request.tree)
    tree = with_probe(request.tree) if request.probes else request.tree
    if tree.mode(PurePosixPath("Makefile")) is None:
        raise InputError(f"{tree.name}: no Makefile at its top; is it a kernel tree?")
    slot = cache_folder() / "kbuild" / _slot(request)
    slot.mkdir(parents=True, exist_ok=True)
    with locked(slot, busy="", wait=True):
        return _Build(request, tree, age, slot, progress).report()


def _slot(request: Request) -> str:
    """Builds that may follow each other in one workspace."""
    place = "contained" if request.contained else "bare"
    what = (request.tree.name, request.config, request.toolchain.tag, request.arch.name, place)
    return hashlib.sha256("\0".join(what).encode()).hexdigest()[:16]


class _Build:
    """One build under way: its log, its clock, and where its commands run."""

    def __init__(
        self, request: Request, tree: Tree, age: Generation, slot: Path, progress: Progress
    ) -> None:
        self.request, self.tree, self.age, self.progress = request, tree, age, progress
        owner = BUILDER if os.getuid() == 0 and request.contained else None
        self.workspace = Workspace(slot, owner)
        self.log = bytearray()
        self.seconds: dict[str, float] = {}
        self.done = self.total = 0
        # what make dep reads; empty where that is not known, in trees that are not rewritten
        self.depends_on = ""
        self.rewritten: tuple[Rewritten, ...] = ()
        self.places: tuple[Place, ...] = ()
        self.refused: tuple[Refused, ...] = ()
        self.room = self._room(slot, BUILDER if owner else os.getuid())

    def _room(self, slot: Path, user: int) -> Room:
        if not self.request.contained:
            return Bare(slot)
        engine = find_engine(self.request.engine)
        began = time.monotonic()
        ensure_image(engine, self.request.toolchain)
        if time.monotonic() - began > 1:
            self.seconds["toolchain image"] = time.monotonic() - began
        return Contained(engine, self.request.toolchain.tag, slot, user)

    def report(self) -> BuildReport:
        self._end()  # a client that was killed may have left its container at work here
        began = time.monotonic()
        self._copy()
        self.seconds["copy"] = time.monotonic() - began
        key = self._key()
        kept = read_back(self.request.output, key)
        if kept is not None:
            self.workspace.close()
            return kept
        verdict = self._verdict()
        self.workspace.close()
        report = BuildReport(
            self.tree.name, self.request.arch.name, self.request.config_name,
            self.request.toolchain.name, self.room.label, self.request.output, verdict,
            self.refused, self.places, counted(self.places),
            (self.done, max(self.done, self.total)), self.seconds, repeat=self.request.repeat,
        )  # fmt: skip
        return put_out(report, self.workspace, self.request.objects, bytes(self.log), key)

    def _copy(self) -> None:
        """Bring the workspace up to date with the tree."""
        self.progress("copy", 0, None)
        stamp = stamps(self.tree)
        makefiles = [p for p in self.tree.paths() if wanted(p, self.request.arch)]
        shaping = "\n".join(
            f"{path} {stamp(path)}"
            for path in makefiles
            if path.name.startswith(("Makefile", "Config.in", "Kconfig", "Rules.make"))
        )
        identity = hashlib.sha256(shaping.encode()).hexdigest()
        known = self.workspace.open(identity)
        changed = self.workspace.synchronise(self.tree, makefiles, stamp)
        if known and not all(self._tracked(path) for path in changed):
            self.workspace.open("")
            self.workspace.open(identity)
            self.workspace.synchronise(self.tree, makefiles, stamp)
        for path, data in (*guest_files().items(), *listing_files().items()):
            self.workspace.write(path, data)

    def _tracked(self, path: PurePosixPath) -> bool:
        """Does make see that *path* changed? 2.4 has no dependencies on a C file that another
        one includes, nor on scripts."""
        if self.age is not Generation.CONFIG_IN or path.suffix == ".h":
            return True
        return str(path).encode() in (self.workspace.read(SOURCES_READ) or b"").split(b"\n")

    def _key(self) -> str:
        what = (
            self.workspace.digest(), self.request.config, self.request.toolchain.tag,
            self.request.arch.name, self.room.label, *self.request.objects, rules_digest(),
        )  # fmt: skip
        return hashlib.sha256("\0".join(what).encode()).hexdigest()

    def _verdict(self) -> Verdict:
        plan = Plan(
            self.age,
            make_variables(
                self.request.toolchain,
                self.age,
                self.request.arch,
                top=self.room.top,
                makefile=self.tree.read(PurePosixPath("Makefile")) or b"",
            ),
            self.request.jobs,
        )
        rewrites = self.request.toolchain.newcc and self.age.needs_newcc
        if rewrites and self.age is Generation.EARLY_KCONFIG:
            self._rewrite_files(self._programs(), [])
        problem = self._configure(plan)
        if problem is not None:
            return problem
        if rewrites:
            self._rewrite(plan)
        return self._make(plan)

    def _configure(self, plan: Plan) -> ConfigRefused | None:
        asked = options(self.request.config, source=self.request.config_name)
        config = PurePosixPath(".config")
        base = plan.base_config()
        before = self.workspace.read(config)
        if base is not None and before is None:
            done = self._run(base)
            if done.returncode != 0:
                return ConfigRefused(self._why("the tree has no tinyconfig"))
            before = self.workspace.read(config)
        start = before or b""
        if not self._holds(asked, start):
            self.workspace.write(config, start + rendered(asked).encode())
        settled = base is not None and before is not None and self._holds(asked, start)
        if not settled and self._run(plan.configure()).returncode != 0:
            return ConfigRefused(self._why("the configuration was not taken"))
        got = options((self.workspace.read(config) or b"").decode("latin-1"), source=".config")
        self.refused = refused(asked, got)
        return None

    def _holds(self, asked: dict[str, str], text: bytes) -> bool:
        return not refused(asked, options(text.decode("latin-1"), source=".config"))

    def _why(self, otherwise: str) -> str:
        cause = first_cause(self._complaints())
        return otherwise if cause is None else f"{otherwise}: {cause.text}"

    def _rewrite(self, plan: Plan) -> None:
        listing = plan.listing()
        listed = self.workspace.read(SOURCES_READ)
        if listing is not None and listed is None:
            printed = self._run(listing, quiet=True).stdout
            self.total = object_count(printed)
            sources = compiled_sources(printed, top=self.room.top)
            self.workspace.write(SOURCES_READ, "\n".join(map(str, sorted(sources))).encode())
        else:
            sources = frozenset(map(PurePosixPath, (listed or b"").decode().split("\n")))
        sources |= {PurePosixPath(name).with_suffix(".c") for name in self.request.objects}
        paths = [path for path in self.tree.paths() if wanted(path, self.request.arch)]
        others = [
            path for path in paths if path.suffix not in (".c", ".h", ".S") and rules_for(path)
        ]
        self._rewrite_files(sources, others)
        self.workspace.keep_memo(memo_of(self.rewritten))
        self.depends_on = dependencies(self.rewritten)
        self.places = tuple(place for one in self.rewritten for place in one.places)

    def _programs(self) -> frozenset[PurePosixPath]:
        """The sources of the programs that a Kconfig tree is configured with."""
        scripts = (path for path in self.tree.paths() if path.parts[0] == "scripts")
        return frozenset(path for path in scripts if path.suffix == ".c")

    def _rewrite_files(
        self, sources: frozenset[PurePosixPath], others: list[PurePosixPath]
    ) -> None:
        began = time.monotonic()
        self.progress("rewrite", 0, None)
        done = rewritten_files(
            sources, others, self.tree.read, self.request.arch.headers, self.request.jobs,
            memo=Memo(rules_digest(), self.workspace.memo()),
        )  # fmt: skip
        for one in done:
            if one.places or self.workspace.rewritten(one.path):
                self.workspace.write_rewritten(one.path, one.text, one.key)
        self.rewritten += done
        self.seconds["rewrite"] = self.seconds.get("rewrite", 0) + time.monotonic() - began

    def _make(self, plan: Plan) -> Verdict:
        depend = plan.depend()
        known = self.depends_on and self.depends_on == self.workspace.depends_on
        if depend is not None and not known:
            if self._run(depend).returncode != 0:
                return self._failed()
            self.workspace.depends_on = self.depends_on
        if self.request.objects:
            return self._make_objects(plan)
        # 2.4 counts its builds in .version, and the count is in the kernel
        (self.workspace.tree / ".version").unlink(missing_ok=True)
        done = self._run(plan.image(keep_going=self.request.keep_going), counted=True)
        if done.returncode != 0:
            return self._failed()
        if self._run(guest_step(self.age, self.request.arch)).returncode != 0:
            return self._failed()
        image = next((at for at in self.request.arch.images if self.workspace.read(at)), None)
        if image is None:
            return CompileFailed((Diagnostic("make", "", 0, "make succeeded without an image"),))
        return Built(Path(image), self._warnings())

    def _make_objects(self, plan: Plan) -> Verdict:
        names = self.request.objects
        self.total = len(names)
        makefile = PurePosixPath(OBJECTS_MAKEFILE)
        self.workspace.write(makefile, objects_makefile(names).encode())
        if self._run(plan.objects(names), counted=True).returncode != 0:
            return self._failed()
        return Built(None, self._warnings())

    def _warnings(self) -> tuple[Diagnostic, ...]:
        """Those in files that the patches touch; others of a tree this old are not news."""
        touched = self.request.applied.changes if self.request.applied else {}
        return tuple(
            one
            for one in self._complaints()
            if one.kind == "warning" and PurePosixPath(one.path) in touched
        )

    def _complaints(self) -> tuple[Diagnostic, ...]:
        return diagnostics(bytes(self.log), top=self.room.top, files=self.tree.paths())

    def _failed(self) -> CompileFailed:
        found = self._complaints()
        cause = first_cause(found)
        if cause is not None and cause.kind == "host":
            raise HostError(f"{self.workspace.folder}: {cause.text}")
        errors = [one for one in found if one.kind not in ("warning", "make")]
        errors = errors or [one for one in found if one.kind == "make"]
        if not errors:
            text = self.log.decode("utf-8", errors="replace").strip().split("\n")[-1]
            errors = [Diagnostic("make", "", 0, text[:300] or "it says nothing")]
        applied = self.request.applied
        return CompileFailed(tuple(errors), blame(tuple(errors), applied) if applied else ())

    def _run(self, step: Step, *, counted: bool = False, quiet: bool = False) -> Finished:
        began = time.monotonic()
        self.progress(step.name, self.done, self.total or None)

        def on_line(line: bytes) -> None:
            if not quiet:
                self.log += line + b"\n"
            if counted and compiles(line):
                self.done += 1
                self.progress(step.name, self.done, max(self.done, self.total))

        try:
            done = stream(self.room.command(step.command), on_line, stdin=step.stdin, timeout=HOUR)
        except BaseException:
            self._end()
            raise
        finally:
            self.seconds[step.name] = time.monotonic() - began
        broken = self.room.broken(done)
        if broken is not None:
            raise HostError(f"{step.name}: {broken}")
        return done

    def _end(self) -> None:
        ending = self.room.stop()
        if ending is not None:
            run(ending, timeout=60)


def stamps(tree: Tree) -> Callable[[PurePosixPath], str]:
    """For each path a text that changes when the file does; cheap where the tree allows it."""
    match tree:
        case DirTree(root=root):

            def of_file(path: PurePosixPath) -> str:
                found = os.stat(root / path, follow_symlinks=False)
                return f"{found.st_mtime_ns}-{found.st_size}-{found.st_ino}-{found.st_mode}"

            return of_file
        case GitTree(entries=entries):
            return lambda path: entries[str(path)].blob
        case Overlay(below=below, changes=changes):
            under = stamps(below)
            return lambda path: _content(tree, path) if path in changes else under(path)
        case _:
            return lambda path: _content(tree, path)


def _content(tree: Tree, path: PurePosixPath) -> str:
    return hashlib.sha256(tree.read(path) or b"").hexdigest()[:32]


def rules_digest() -> str:
    """A hash of patchkit's own rules: a kernel made by others is not the same kernel."""
    import patchkit.kbuild

    folder = Path(patchkit.kbuild.__file__).parent
    sources = [path.read_bytes() for path in sorted(folder.rglob("*.py"))]
    return hashlib.sha256(b"".join((*sources, *guest_files().values()))).hexdigest()
