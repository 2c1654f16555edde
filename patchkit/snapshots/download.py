"""Files over https: resumed where they broke, proxies honoured, nothing trusted."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from patchkit.errors import HostError, InputError
from patchkit.host.files import atomic_write
from patchkit.snapshots.progress import Progress

if TYPE_CHECKING:
    import httpx

TRIES = 4
MOST_BYTES = 2 << 30  # linux-6.x.tar.gz has 0.25 GB
SECONDS_TO_CONNECT = 20
SECONDS_OF_SILENCE = 60


@dataclass(frozen=True, slots=True)
class Downloaded:
    """A whole file, and the address that it came from."""

    path: Path
    url: str


@dataclass(frozen=True, slots=True)
class Part:
    """A file that is still coming: ``part`` has its first bytes, ``about`` whose they are."""

    whole: Path
    url: str

    @property
    def part(self) -> Path:
        return self.whole.with_name(f"{self.whole.name}.part")

    @property
    def about(self) -> Path:
        return self.whole.with_name(f"{self.whole.name}.json")

    def resumable(self) -> tuple[int, str]:
        """How many bytes are here, and the validator that says they are still the right ones."""
        try:
            about = json.loads(self.about.read_bytes())
            if about["url"] == self.url and about["validator"]:
                return self.part.stat().st_size, str(about["validator"])
        except (OSError, ValueError, KeyError, TypeError):
            pass  # then from the start
        return 0, ""


def download(
    urls: tuple[str, ...], folder: Path, progress: Progress, *, pause: float = 1.0
) -> Downloaded | None:
    """The first of *urls* that there is, in *folder*; None if there is none of them.

    A download that breaks is taken up again, after *pause* seconds and then longer; one that
    broke in an earlier run too, as long as the server says that the file is the same.

    Raises:
        HostError: no connection, a server that refuses, or a full disk; what came is kept.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _client() as client:
        for url in urls:
            part = Part(folder / _file_name(url), url)
            if _download(client, part, progress, pause):
                return Downloaded(part.whole, url)
    return None


def _file_name(url: str) -> str:
    name = PurePosixPath(urlsplit(url).path).name
    if not name or not name.isprintable():
        raise InputError(f"{url}: names no file")
    return name


@contextmanager
def _client() -> Iterator[httpx.Client]:
    import httpx

    timeout = httpx.Timeout(SECONDS_OF_SILENCE, connect=SECONDS_TO_CONNECT)
    try:
        with httpx.Client(follow_redirects=True, timeout=timeout) as client:
            yield client
    except httpx.InvalidURL as error:
        raise InputError(f"no address to download from: {error}") from error


def _download(client: httpx.Client, part: Part, progress: Progress, pause: float) -> bool:
    import httpx

    for attempt in range(1, TRIES + 1):
        try:
            return _attempt(client, part, progress)
        except (httpx.ConnectError, httpx.ProxyError, httpx.UnsupportedProtocol) as error:
            raise HostError(f"{part.url}: no connection: {error}") from error
        except (httpx.TransportError, httpx.DecodingError) as error:
            if attempt == TRIES:
                why = str(error) or type(error).__name__
                raise HostError(f"{part.url}: {why}; run this again to go on from here") from error
        time.sleep(pause * attempt)
    raise AssertionError("the last attempt returns or raises")


def _attempt(client: httpx.Client, part: Part, progress: Progress) -> bool:
    """One request; False if there is no such file.

    Raises:
        httpx.TransportError: it broke off.
    """
    import httpx

    have, validator = part.resumable()
    headers = {"Accept-Encoding": "identity"}
    if have:
        headers |= {"Range": f"bytes={have}-", "If-Range": validator}
    with client.stream("GET", part.url, headers=headers) as response:
        if response.status_code in (404, 410):
            return False
        if response.status_code == 416:  # the part is not of this file, or is all of it
            part.about.unlink(missing_ok=True)
            raise httpx.ReadError("what came before does not fit")
        _check(response, part.url)
        if response.status_code != 206:
            have = 0
            validator = response.headers.get("ETag") or response.headers.get("Last-Modified", "")
            # A weak ETag does not vouch for bytes: RFC 9110, section 13.1.5.
            validator = "" if validator.startswith("W/") else validator
            about = {"url": part.url, "validator": validator}
            atomic_write(part.about, json.dumps(about).encode())
        _receive(response, part, have, progress)
    part.part.replace(part.whole)
    part.about.unlink(missing_ok=True)
    return True


def _check(response: httpx.Response, url: str) -> None:
    if response.status_code not in (200, 206):
        raise HostError(f"{url}: the server says {response.status_code} {response.reason_phrase}")
    if url.startswith("https:") and response.url.scheme != "https":
        raise HostError(f"{url}: the server leads to {response.url}, which is not encrypted")


def _receive(response: httpx.Response, part: Part, have: int, progress: Progress) -> None:
    import httpx

    length = response.headers.get("Content-Length", "")
    total = have + int(length) if length.isdecimal() else None
    with part.part.open("ab" if have else "wb") as out:
        for piece in response.iter_raw():
            have += len(piece)
            if have > MOST_BYTES:
                raise HostError(f"{part.url}: over {MOST_BYTES >> 30} GB; it is no kernel")
            out.write(piece)
            progress(f"fetching {part.whole.name}", have, total)
    if total is not None and have != total:
        raise httpx.ReadError(f"ended after {have} of {total} bytes")
