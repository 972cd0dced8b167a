"""The site on this machine's own address, for one reader: browsers search only what is served."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from zlib import crc32

from digest.model.errors import UsageError

_HOST = "127.0.0.1"

#: Ports that systems give to nobody by themselves.
_FIRST_PORT, _PORTS = 20_000, 10_000


def own_port(folder: Path) -> int:
    """A port that stays the same: browsers keep stars and read marks for each port apart."""
    return _FIRST_PORT + crc32(str(folder).encode("utf-8", "surrogateescape")) % _PORTS


@contextmanager
def serve(folder: Path, port: int) -> Iterator[str]:
    """Show a folder while the context lasts; gives the address. Raises UsageError."""
    try:
        server = _Server((_HOST, port), partial(_Handler, directory=str(folder)))
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


class _Handler(SimpleHTTPRequestHandler):
    """Files, and nothing but files."""

    # What a system's own tables say of scripts may be wrong, and browsers refuse them then.
    extensions_map = {  # noqa: RUF012 (as the library has it)
        **SimpleHTTPRequestHandler.extensions_map,
        ".js": "text/javascript",
        ".css": "text/css",
        ".svg": "image/svg+xml",
        ".html": "text/html; charset=utf-8",
        ".json": "application/json",
        ".atom": "application/atom+xml",
    }

    def list_directory(self, path: object) -> None:  # noqa: ARG002
        """No listing: only pages lead to pages."""
        self.send_error(404)

    def end_headers(self) -> None:
        """Pages change with every run, so a browser is to ask again."""
        self.send_header("Cache-Control", "no-cache")
        self.send_header("X-Content-Type-Options", "nosniff")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing: the terminal is the reader's."""
