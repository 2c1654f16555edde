"""Downloads from a server on this machine: whole, broken, resumed, refused, through a proxy."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from patchkit.errors import HostError
from patchkit.snapshots.download import Downloaded, download
from patchkit.snapshots.progress import Progress, silent
from tests.support.http import Server, serving

CONTENT = bytes(range(256)) * 1000


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    with serving() as server:
        server.files["/linux.tar.gz"] = CONTENT
        yield server


def get(
    server: Server, folder: Path, *names: str, progress: Progress = silent
) -> Downloaded | None:
    urls = tuple(server.url + name for name in names or ("linux.tar.gz",))
    return download(urls, folder, progress, pause=0)


def test_the_file_arrives_under_its_name_and_nothing_else_stays(
    server: Server, tmp_path: Path
) -> None:
    got = get(server, tmp_path)
    assert got == Downloaded(tmp_path / "linux.tar.gz", server.url + "linux.tar.gz")
    assert (tmp_path / "linux.tar.gz").read_bytes() == CONTENT
    assert os.listdir(tmp_path) == ["linux.tar.gz"]


def test_the_first_address_that_there_is_counts(server: Server, tmp_path: Path) -> None:
    got = get(server, tmp_path, "v2.4/linux.tar.xz", "linux.tar.gz", "other")
    assert got is not None
    assert got.url.endswith("/linux.tar.gz")
    assert [path for path, _ in server.requests] == ["/v2.4/linux.tar.xz", "/linux.tar.gz"]


def test_none_of_the_addresses_is_an_answer(server: Server, tmp_path: Path) -> None:
    assert get(server, tmp_path, "a.gz", "b.gz") is None


def test_a_broken_download_goes_on_where_it_broke(server: Server, tmp_path: Path) -> None:
    server.cuts = [1000, 50_000]
    assert get(server, tmp_path) is not None
    assert (tmp_path / "linux.tar.gz").read_bytes() == CONTENT
    assert [wanted for _, wanted in server.requests] == ["", "bytes=1000-", "bytes=51000-"]


def test_the_next_run_goes_on_where_this_one_gave_up(server: Server, tmp_path: Path) -> None:
    server.cuts = [1000, 0, 0, 0]
    with pytest.raises(HostError, match="run this again to go on from here"):
        get(server, tmp_path)
    assert (tmp_path / "linux.tar.gz.part").stat().st_size == 1000
    assert not (tmp_path / "linux.tar.gz").exists()
    server.requests.clear()
    assert get(server, tmp_path) is not None
    assert (tmp_path / "linux.tar.gz").read_bytes() == CONTENT
    assert server.requests == [("/linux.tar.gz", "bytes=1000-")]


def test_a_file_that_changed_on_the_server_starts_anew(server: Server, tmp_path: Path) -> None:
    server.cuts = [1000, 0, 0, 0]
    with pytest.raises(HostError):
        get(server, tmp_path)
    server.etag, server.files["/linux.tar.gz"] = '"two"', CONTENT[::-1]
    assert get(server, tmp_path) is not None
    assert (tmp_path / "linux.tar.gz").read_bytes() == CONTENT[::-1]


def test_a_weak_validator_is_not_trusted_to_resume(server: Server, tmp_path: Path) -> None:
    server.etag, server.cuts = 'W/"weak"', [1000]
    assert get(server, tmp_path) is not None
    assert [wanted for _, wanted in server.requests] == ["", ""]
    assert (tmp_path / "linux.tar.gz").read_bytes() == CONTENT


def test_a_part_that_is_longer_than_the_file_starts_anew(server: Server, tmp_path: Path) -> None:
    server.cuts = [1000, 0, 0, 0]
    with pytest.raises(HostError):
        get(server, tmp_path)
    server.files["/linux.tar.gz"] = b"short"
    assert get(server, tmp_path) is not None
    assert (tmp_path / "linux.tar.gz").read_bytes() == b"short"


def test_a_redirect_is_followed(server: Server, tmp_path: Path) -> None:
    server.moved["/old.tar.gz"] = "/linux.tar.gz"
    assert get(server, tmp_path, "old.tar.gz") is not None
    assert (tmp_path / "old.tar.gz").read_bytes() == CONTENT


def test_a_server_that_refuses_is_quoted(server: Server, tmp_path: Path) -> None:
    server.status = 403
    with pytest.raises(HostError, match="the server says 403 Forbidden"):
        get(server, tmp_path)


def test_no_server_is_said_at_once(server: Server, tmp_path: Path) -> None:
    with serving() as gone:
        pass
    with pytest.raises(HostError, match="no connection"):
        get(gone, tmp_path)


def test_the_proxy_of_the_environment_is_used(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", server.url)
    server.files["http://kernel.invalid/linux.tar.gz"] = b"through the proxy"
    got = download(("http://kernel.invalid/linux.tar.gz",), tmp_path, silent)
    assert got is not None
    assert got.path.read_bytes() == b"through the proxy"


def test_no_proxy_is_honoured(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://proxy.invalid:1/")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    assert get(server, tmp_path) is not None


def test_progress_says_how_much_of_how_much(server: Server, tmp_path: Path) -> None:
    told: list[tuple[str, int, int | None]] = []
    server.cuts = [1000]
    get(server, tmp_path, progress=lambda *step: told.append(step))
    assert told[0] == ("fetching linux.tar.gz", 1000, len(CONTENT))
    assert told[-1] == ("fetching linux.tar.gz", len(CONTENT), len(CONTENT))
