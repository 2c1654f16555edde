"""A web server on this machine that serves bytes, breaks off when told to, and remembers."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Server:
    """``files`` are by path (or, where this is used as a proxy, by address). ``cuts`` has, for
    the next requests, after how many bytes the connection breaks."""

    port: int = 0
    files: dict[str, bytes] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)
    cuts: list[int] = field(default_factory=list)
    etag: str = '"one"'
    status: int = 200
    requests: list[tuple[str, str]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"


@contextlib.contextmanager
def serving() -> Iterator[Server]:
    """The server, for as long as the block lasts."""
    served = Server()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *arguments: object) -> None:
            pass

        def do_GET(self) -> None:
            answer(self, served)

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = False
        served.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield served
        finally:
            server.shutdown()
            thread.join()


def answer(request: BaseHTTPRequestHandler, served: Server) -> None:
    path = request.path
    wanted = request.headers.get("Range", "")
    served.requests.append((path, wanted))
    if path in served.moved:
        request.send_response(302)
        request.send_header("Location", served.moved[path])
        request.end_headers()
        return
    if path not in served.files or served.status != 200:
        request.send_error(404 if served.status == 200 else served.status)
        return
    content, start = served.files[path], 0
    if wanted and request.headers.get("If-Range") == served.etag:
        start = int(wanted.removeprefix("bytes=").removesuffix("-"))
    if start > len(content):
        request.send_error(416)
        return
    request.send_response(206 if start else 200)
    request.send_header("Content-Length", str(len(content) - start))
    request.send_header("ETag", served.etag)
    request.end_headers()
    end = start + served.cuts.pop(0) if served.cuts else len(content)
    request.wfile.write(content[start:end])
