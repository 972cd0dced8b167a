"""A server of recorded answers: `python -m bench.replay FILE` prints its port and serves."""

from __future__ import annotations

import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from bench.exchanges import load


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    answers: dict[tuple[str, str, bytes], bytes]

    def do_GET(self) -> None:
        self._respond()

    def do_POST(self) -> None:
        self._respond()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""

    def _respond(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        answer = self.answers.get((self.command, self.path, content))
        self.send_response(404 if answer is None else 200)
        self.send_header("Content-Type", "application/atom+xml; charset=utf-8")
        self.send_header("Content-Length", str(len(answer or b"")))
        self.end_headers()
        self.wfile.write(answer or b"")


def main() -> None:
    """Serve until killed."""
    _Handler.answers = {
        (exchange.method, exchange.path, exchange.content): exchange.answer
        for exchange in load(Path(sys.argv[1]))
    }
    with HTTPServer(("127.0.0.1", 0), _Handler) as server:
        print(server.server_port, flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
