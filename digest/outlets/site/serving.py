"""The site on this machine's own address, for one reader: with search, and with marks that last.

Only the pages themselves may read or write marks. A page of another site that a browser shows
meanwhile can send requests here, too. So each request has to name this server as its host (a name
that an attacker's DNS leads here does not), and a write has to come from these pages (`Origin`), as
JSON, with the token that stands in each page, which other sites cannot read.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from gzip import compress
from hmac import compare_digest
from http import HTTPStatus
from http.client import HTTP_PORT
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from secrets import token_urlsafe
from threading import Thread
from typing import Any
from urllib.parse import urlsplit
from zlib import crc32

from digest.model.errors import UsageError, WriteError
from digest.outlets.site.kept_marks import LONGEST_REQUEST, MARKS_FILE, KeptMarks

_HOST = "127.0.0.1"
_NAMES = (_HOST, "localhost")

#: Ports that systems give to nobody by themselves.
_FIRST_PORT, _PORTS = 20_000, 10_000

#: Where pages are told the token; `base.html.j2` begins so.
_PLACE = b"<html "

#: What is packed on its way, and how well.
_TEXTS = {".html", ".css", ".js"}
_LEVEL = 5


def own_port(folder: Path) -> int:
    """A port that stays the same: browsers keep what they keep for each port apart."""
    return _FIRST_PORT + crc32(str(folder).encode("utf-8", "surrogateescape")) % _PORTS


@contextmanager
def serve(folder: Path, port: int) -> Iterator[str]:
    """Show a folder while the context lasts; gives the address. Raises UsageError.

    Marks are kept in the file `marks.json` beside the folder.
    """
    marks = KeptMarks(folder.parent / MARKS_FILE)
    handler = partial(_Handler, marks=marks, token=token_urlsafe(), directory=str(folder))
    try:
        server = _Server((_HOST, port), handler)
    except OSError as error:
        raise UsageError(
            f"site: port {port}: {error.strerror}", hint="--port chooses another one."
        ) from error
    with server:
        thread = Thread(target=server.serve_forever, args=(0.1,), daemon=True)
        thread.start()
        try:
            yield f"http://{_HOST}:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


class _Server(ThreadingHTTPServer):
    """A server whose port can be had again at once after its end."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a browser that left before it had its answer."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class _Handler(SimpleHTTPRequestHandler):
    """Files of the folder, and the marks."""

    protocol_version = "HTTP/1.1"
    # A client that says nothing more does not hold its thread for ever.
    timeout = 60

    # What a system's own tables say of scripts may be wrong, and browsers refuse them then.
    extensions_map = {  # noqa: RUF012 (as the library has it)
        **SimpleHTTPRequestHandler.extensions_map,
        ".js": "text/javascript",
        ".css": "text/css",
        ".svg": "image/svg+xml",
        ".html": "text/html; charset=utf-8",
        ".json": "application/json",
        ".gz": "application/octet-stream",
        ".atom": "application/atom+xml",
    }

    def __init__(self, *args: object, marks: KeptMarks, token: str, directory: str) -> None:
        self._marks = marks
        self._token = token
        super().__init__(*args, directory=directory)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """A file, or the marks."""
        if not self._is_host_ours():
            return
        if self._is_marks():
            self._answer(self._marks.all)
        elif (text := self._text()) is not None:
            self._send(*text)
        else:
            super().do_GET()

    def do_HEAD(self) -> None:
        """What `do_GET` would answer, without the body."""
        if self._is_host_ours():
            super().do_HEAD()

    def do_POST(self) -> None:
        """Marks, to be merged with those that are kept.

        What is refused is not read, since `send_error` ends the connection.
        """
        if not self._is_host_ours():
            return
        if not self._is_marks():
            self.send_error(HTTPStatus.NOT_FOUND)
        elif not self._is_from_our_pages():
            self.send_error(HTTPStatus.FORBIDDEN, "Only the pages of this server may write marks")
        elif self.headers.get_content_type() != "application/json":
            self.send_error(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        elif (length := self._length()) is None:
            self.send_error(HTTPStatus.LENGTH_REQUIRED)
        elif length > LONGEST_REQUEST:
            self.send_error(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        else:
            data = self.rfile.read(length)
            self._answer(lambda: self._marks.take(data))

    def _is_host_ours(self) -> bool:
        """Whether the request names this server; any other one is answered with an error."""
        hosts = self.headers.get_all("Host", [])
        if len(hosts) == 1 and hosts[0].lower() in self._hosts():
            return True
        self.send_error(HTTPStatus.MISDIRECTED_REQUEST, "This server has another name")
        return False

    def _hosts(self) -> set[str]:
        assert isinstance(self.server, _Server)  # noqa: S101  it makes these handlers
        port = self.server.server_port
        # Browsers leave the port of HTTP itself out.
        return {f"{name}:{port}" if port != HTTP_PORT else name for name in _NAMES}

    def _is_from_our_pages(self) -> bool:
        """By what a browser says of the page that asks, and by the token that it was given."""
        origin = self.headers.get("Origin", "")
        site = self.headers.get("Sec-Fetch-Site", "same-origin")
        token = self.headers.get("X-Digest-Token", "")
        return (
            origin == f"http://{self.headers['Host'].lower()}"
            and site == "same-origin"
            and compare_digest(token.encode("utf-8", "replace"), self._token.encode())
        )

    def _is_marks(self) -> bool:
        return urlsplit(self.path).path == f"/{MARKS_FILE}"

    def _length(self) -> int | None:
        """The length of the body; None if it is not told, or is told in another way."""
        text = self.headers.get("Content-Length", "")
        is_plain = text.isascii() and text.isdecimal() and len(text) < 16
        return int(text) if is_plain and "Transfer-Encoding" not in self.headers else None

    def _text(self) -> tuple[bytes, str] | None:
        """A page with the token, a script or a style, with its kind; None for all else."""
        path = Path(self.translate_path(self.path))
        if self.path.partition("?")[0].endswith("/"):
            path /= "index.html"
        if path.suffix not in _TEXTS:
            return None
        try:
            data = path.read_bytes()
        except OSError:
            return None
        if path.suffix == ".html":
            data = data.replace(_PLACE, _PLACE + f'data-token="{self._token}" '.encode(), 1)
        return data, self.extensions_map[path.suffix]

    def _answer(self, of: Callable[[], bytes]) -> None:
        try:
            data = of()
        except ValueError as error:
            self.send_error(HTTPStatus.UNPROCESSABLE_ENTITY, explain=str(error))
        except WriteError as error:
            self.send_error(HTTPStatus.INSUFFICIENT_STORAGE, explain=str(error))
        else:
            self._send(data, "application/json")

    def _send(self, data: bytes, kind: str) -> None:
        """Send a text, packed if the browser takes that, or that it is the one it has."""
        tag = f'"{crc32(data):x}-{len(data):x}"'
        if self.headers.get("If-None-Match") == tag:
            self.send_response(HTTPStatus.NOT_MODIFIED)
            self.send_header("ETag", tag)
            self.end_headers()
            return
        self.send_response(HTTPStatus.OK)
        if "gzip" in self.headers.get("Accept-Encoding", ""):
            data = compress(data, _LEVEL, mtime=0)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Vary", "Accept-Encoding")
        self.send_header("ETag", tag)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def list_directory(self, path: object) -> None:  # noqa: ARG002
        """No listing: only pages lead to pages."""
        self.send_error(404)

    def end_headers(self) -> None:
        """Pages change with every run, so a browser is to ask again; other sites get nothing."""
        self.send_header("Cache-Control", "no-cache")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        self.send_header("X-Frame-Options", "DENY")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing: the terminal is the reader's."""
