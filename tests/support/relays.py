"""Real proxies on this machine: one for HTTP with CONNECT, one for SOCKS 5, both to one port.

Whatever host they are asked for, they connect to that port, and note the host.
"""

from __future__ import annotations

import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

from digest.simulator import Server, Simulator, serve


@dataclass
class Relay:
    """A proxy that listens; `url` has no scheme. With a `login` it lets in whoever knows it."""

    port: int
    target: int
    login: str = ""
    refuses: int = 0
    hosts: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Such as `127.0.0.1:3128`."""
        return f"127.0.0.1:{self.port}"

    def connect(self, client: socket.socket, first: bytes) -> None:
        """Speak SOCKS 5 or HTTP, whichever the client begins with, and pass everything on."""
        (self._socks if first[:1] == b"\x05" else self._http)(client, first)

    def _http(self, client: socket.socket, head: bytes) -> None:
        while b"\r\n\r\n" not in head:
            head += client.recv(65536)
        method, place, _ = head.split(b"\r\n", 1)[0].decode().split(" ")
        if self.refuses or (self.login and self.login.encode() not in head):
            status = self.refuses or 407
            answer = f"HTTP/1.1 {status} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            client.sendall(answer.encode())
            return
        self.hosts.append(place)
        with socket.create_connection(("127.0.0.1", self.target)) as server:
            if method == "CONNECT":
                client.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
            else:
                server.sendall(head)
            _pass_on(client, server)

    def _socks(self, client: socket.socket, greeting: bytes) -> None:
        assert greeting[:1] == b"\x05"
        client.sendall(b"\x05\x00")
        asked = client.recv(65536)
        assert asked[:4] == b"\x05\x01\x00\x03"
        self.hosts.append(asked[5 : 5 + asked[4]].decode())
        with socket.create_connection(("127.0.0.1", self.target)) as server:
            client.sendall(b"\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x00")
            _pass_on(client, server)


@contextmanager
def relay(target: int, login: str = "", refuses: int = 0) -> Iterator[Relay]:
    """A proxy to a port of this machine; `refuses` is the status it answers everybody with."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        made = Relay(listener.getsockname()[1], target, login, refuses)

        def accept() -> None:
            with suppress(OSError):
                while True:
                    client, _ = listener.accept()
                    Thread(target=serve_one, args=(client,), daemon=True).start()

        def serve_one(client: socket.socket) -> None:
            with suppress(OSError), client:
                made.connect(client, client.recv(65536))

        Thread(target=accept, daemon=True).start()
        try:
            yield made
        finally:
            listener.shutdown(socket.SHUT_RDWR)


def _pass_on(client: socket.socket, server: socket.socket) -> None:
    """Pass on in both directions until one side has had enough."""

    def copy(source: socket.socket, to: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                to.sendall(data)
        for end in (source, to):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    back = Thread(target=copy, args=(server, client), daemon=True)
    back.start()
    copy(client, server)
    back.join()


def certificate(folder: Path, host: str) -> Path:
    """A new self-signed certificate for a host, with its key, in one file."""
    made, key = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(
        ("/usr/bin/env", "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
         "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30", "-subj", f"/CN={host}",
         "-addext", f"subjectAltName=DNS:{host}", "-keyout", str(key), "-out", str(made)),
        check=True, capture_output=True,
    )  # fmt: skip
    made.write_text(key.read_text() + made.read_text())
    return made


@contextmanager
def encrypted(simulator: Simulator, certificate: Path) -> Iterator[int]:
    """The port of a simulator that speaks TLS with a certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with serve(simulator) as server:
        listener = server._listener
        listener.socket = context.wrap_socket(listener.socket, server_side=True)
        yield port_of(server)


def port_of(server: Server) -> int:
    """Where a simulator listens."""
    return int(server.url.split(":")[2].partition("/")[0])
