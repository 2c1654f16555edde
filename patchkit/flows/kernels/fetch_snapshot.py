"""A version → its tree in the cache, verified."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

from patchkit.errors import InputError
from patchkit.flows.kernels.prepatch import with_prepatch
from patchkit.snapshots.cache import Snapshot, cached, cached_tree, keep, making
from patchkit.snapshots.catalog import Catalog, near, open_catalog
from patchkit.snapshots.dir_tree import DirTree
from patchkit.snapshots.download import download
from patchkit.snapshots.fill import (
    Origin,
    check_sum,
    from_folder,
    from_remote,
    from_repository,
    from_tarball,
    from_tree,
)
from patchkit.snapshots.manifest import contents
from patchkit.snapshots.progress import Progress, silent
from patchkit.snapshots.sources import (
    Folder,
    Mirror,
    RemoteRepository,
    Repository,
    Source,
    TarballAddress,
    TarballFile,
    is_remote,
    source_of,
)
from patchkit.snapshots.tarball import is_patch
from patchkit.snapshots.verify import judge, makefile_doubts


@dataclass(frozen=True, slots=True)
class Fetched:
    """A snapshot, ``new`` if this run made it; ``warnings`` are sentences for people."""

    snapshot: Snapshot
    new: bool
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fetch:
    """What all steps of a fetch need: ``again`` makes a snapshot anew that is there already,
    ``despite_pin`` keeps one that is not what the catalogue says."""

    catalog: Catalog
    offline: bool = False
    again: bool = False
    despite_pin: bool = False
    progress: Progress = silent


def fetch_snapshot(
    spelling: str,
    source: str | None = None,
    *,
    offline: bool = False,
    again: bool = False,
    despite_pin: bool = False,
    progress: Progress = silent,
) -> Fetched:
    """Bring a version's tree into the cache from *source* (None is kernel.org), unless it is
    there.

    Raises:
        InputError: no such version or source, a damaged or hostile one, or one that differs from
            a pin of the same kind of source.
        HostError: no network, no room, or another patchkit at the same version.
    """
    fetch = Fetch(open_catalog(), offline, again, despite_pin, progress)
    version = fetch.catalog.resolve(spelling)
    place = Mirror(fetch.catalog.mirror) if source is None else source_of(source)
    return _snapshot(fetch, version, place)


@dataclass(frozen=True, slots=True)
class _Job:
    """One version being made in the folder ``work``."""

    fetch: Fetch
    version: str
    work: Path


def _snapshot(fetch: Fetch, version: str, source: Source) -> Fetched:
    have = None if fetch.again else cached(version)
    if have is not None:
        return Fetched(have, new=False)
    if fetch.offline and is_remote(source):
        raise InputError(
            f"{version}: not in the cache, and --offline forbids to fetch it; name a file, a "
            "folder or a repository of this machine with --from"
        )
    with making(version) as work:
        origin = _filled(_Job(fetch, version, work), source)
        tree = DirTree(origin.folder)
        found = contents(tree)
        verdict = judge(fetch.catalog, version, origin.kind, found, despite_pin=fetch.despite_pin)
        warnings = (*makefile_doubts(fetch.catalog, version, tree), *verdict.warnings)
        snapshot = Snapshot(
            version=version,
            kind=origin.kind,
            source=origin.source,
            identity=found.identity,
            files=len(found.manifest),
            pin=verdict.pin,
            commit=origin.commit,
            repository=origin.repository,
            tarballs=origin.tarballs,
        )
        keep(work, origin.folder, snapshot, found.manifest)
    return Fetched(snapshot, True, warnings)


def _filled(job: _Job, source: Source) -> Origin:
    work, version, progress = job.work, job.version, job.fetch.progress
    match source:
        case Folder(path):
            return from_folder(path, work, progress)
        case Repository(path):
            return from_repository(path, version, work, progress)
        case RemoteRepository(url):
            return from_remote(url, version, work, progress)
        case TarballFile(path):
            return _from_file(job, path, str(path.absolute()))
        case TarballAddress(url):
            origin = _downloaded(job, (url,))
            if origin is None:
                raise InputError(f"{url}: the server has no such file")
            return origin
        case Mirror():
            return _mirrored(job, source)


def _mirrored(job: _Job, mirror: Mirror) -> Origin:
    """From kernel.org's layout."""
    catalog, version = job.fetch.catalog, job.version
    places = catalog.places(version)
    hint = f"{near(version, catalog.versions)}; a source can be named with --from"
    if places is None:
        raise InputError(f"{version}: no rule says where kernel.org has it; {hint}")
    urls = tuple(urljoin(mirror.url, place) for place in places)
    origin = _downloaded(job, urls, base_from=mirror)
    if origin is None:
        raise InputError(f"{version}: is at none of {len(urls)} addresses like {urls[0]}; {hint}")
    return origin


def _downloaded(
    job: _Job, urls: tuple[str, ...], *, base_from: Source | None = None
) -> Origin | None:
    """The first of *urls* that there is; None if there is none."""
    got = download(urls, job.work / "download", job.fetch.progress)
    return None if got is None else _from_file(job, got.path, got.url, base_from=base_from)


def _from_file(job: _Job, path: Path, source: str, *, base_from: Source | None = None) -> Origin:
    """A tarball, or a prepatch whose base is in the cache or can be had *base_from*."""
    version, progress = job.version, job.fetch.progress
    if not is_patch(path):
        return from_tarball(path, version, job.work, progress, source=source)
    base = job.fetch.catalog.base(version)
    if not base:
        raise InputError(f"{path}: a patch, and no rule says which release it is for")
    if cached(base) is None:
        if base_from is None:
            raise InputError(f"{path}: a patch for {base}; say 'patchkit fetch {base}' first")
        _snapshot(job.fetch, base, base_from)
    digest = check_sum(path, version)
    folder = from_tree(with_prepatch(cached_tree(base), path), job.work, progress)
    return Origin(folder, "prepatch", source, tarballs=((path.name, digest),))
