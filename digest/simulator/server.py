"""The simulated arXiv on a socket: real HTTP/1.1 with keep-alive, and real broken connections."""

from __future__ import annotations

import socket
import struct
import sys
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Any, Final, Self

import httpx

from digest.simulator.faults import Dripping
from digest.simulator.simulator import Simulator

#: Closing a socket that lingers for no time resets the connection.
_NO_LINGER: Final = struct.pack("ii", 1, 0)

_DRIP_SECONDS: Final = 0.02


class Server:
    """A simulator that listens; `url` is the address of its query API."""

    def __init__(self, simulator: Simulator, host: str, port: int) -> None:
        self._listener = _Listener((host, port), simulator)
        self._thread = Thread(target=self._listener.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Such as `http://127.0.0.1:8000/api/query`."""
        return f"{self._root}/api/query"

    @property
    def oai_url(self) -> str:
        """The address of its OAI-PMH interface."""
        return f"{self._root}/oai"

    @property
    def _root(self) -> str:
        host, port = self._listener.server_address[:2]
        return f"http://{host!s}:{port}"

    def close(self) -> None:
        """Stop listening and drop all connections."""
        self._listener.shutdown()
        self._thread.join()
        self._listener.drop_connections()
        self._listener.server_close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def serve(simulator: Simulator, port: int = 0, host: str = "127.0.0.1") -> Server:
    """Let a simulator listen; port 0 takes a free one. Raises OSError if the port is taken."""
    return Server(simulator, host, port)


class _Listener(ThreadingHTTPServer):
    """A server that knows its connections, so that closing it leaves none open."""

    daemon_threads = False
    block_on_close = True

    def __init__(self, address: tuple[str, int], simulator: Simulator) -> None:
        self.simulator = simulator
        self.one_at_a_time = Lock()
        self.closing = Event()
        self._open: set[socket.socket] = set()
        super().__init__(address, _Handler)

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        self._open.add(connection)
        return connection, address

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that is gone in the middle of an exchange is nothing to report."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    def drop_connections(self) -> None:
        """Wake every thread that waits for a client, or lets one wait."""
        self.closing.set()
        for connection in tuple(self._open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:  # the client was faster
                self._open.discard(connection)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Listener

    def do_GET(self) -> None:
        self._respond()

    def do_POST(self) -> None:
        self._respond()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Say nothing: the simulator has a log."""

    def _respond(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        host = self.headers.get("Host", "localhost")
        request = httpx.Request(
            self.command,
            # Proxies send the whole address, and every server must take it (RFC 9112, 3.2.2).
            self.path if self.path.startswith("http") else f"http://{host}{self.path}",
            headers=list(self.headers.items()),
            content=self.rfile.read(length),
        )
        try:
            with self.server.one_at_a_time:
                response = self.server.simulator.handle(request)
        except Dripping as drip:
            self._drip(drip.start)
            self.close_connection = True
        except httpx.ReadTimeout:
            self.server.closing.wait()
            self.close_connection = True
        except httpx.ReadError:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
            self.connection.close()
            self.close_connection = True
        except httpx.RemoteProtocolError:
            self._send(httpx.Response(200, content=b"<?xml version='1.0'"), promised=4096)
            self.close_connection = True
        else:
            self._send(response, promised=len(response.content))

    def _drip(self, start: bytes) -> None:
        """Send a start, and then a blank every now and then until the client has had enough."""
        with suppress(OSError):
            self.connection.sendall(start)
            while not self.server.closing.wait(_DRIP_SECONDS):
                self.connection.sendall(b" ")

    def _send(self, response: httpx.Response, promised: int) -> None:
        self.send_response(response.status_code)
        for name, value in response.headers.items():
            if name != "content-length":
                self.send_header(name, value)
        self.send_header("Content-Length", str(promised))
        self.end_headers()
        self.wfile.write(response.content)
