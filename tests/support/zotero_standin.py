"""A Zotero on loopback for tests: items and collections of one library, and faults to order."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

KEY = "canary-key"


@dataclass
class Fault:
    """An answer in place of the right one, `times` times."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    times: int = 10**6
    hangs_up: bool = False


@dataclass
class Standin:
    """The library of users/7. `asked` are the paths and queries of requests in their order."""

    items: dict[str, dict[str, Any]] = field(default_factory=dict)
    collections: dict[str, dict[str, Any]] = field(default_factory=dict)
    version: int = 1
    faults: list[Fault] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    backoff: str = ""
    changes: int = 0  # so many pages bring a newer version each
    url: str = ""
    tokens: set[str] = field(default_factory=set)

    def add(self, key: str, title: str, abstract: str = "", **more: Any) -> None:
        """Put an item into the library."""
        self.items[key] = {
            "key": key,
            "itemType": "preprint",
            "title": title,
            "abstractNote": abstract,
            "dateAdded": "2026-01-02T03:04:05Z",
            "collections": [],
            **more,
        }
        self.version += 1

    def answer(self, method: str, path: str, headers: Any, body: bytes) -> Fault:
        self.asked.append(f"{method} {path}")
        if self.faults:
            fault = self.faults[0]
            fault.times -= 1
            if not fault.times:
                self.faults.pop(0)
            return fault
        parts = urlsplit(path)
        web = parts.path.startswith("/users/7")
        if not web and not parts.path.startswith("/users/0"):
            return Fault(404)
        if web and headers.get("Zotero-API-Key") != KEY:
            return Fault(403, b"Forbidden")
        assert headers.get("Zotero-API-Version") == "3"
        if method == "POST":
            return self._taken(json.loads(body), headers.get("Zotero-Write-Token"))
        if headers.get("If-Modified-Since-Version") == str(self.version):
            return Fault(304)
        return self._listed(parts.path.split("/")[3:], parse_qs(parts.query))

    def _listed(self, path: list[str], query: dict[str, list[str]]) -> Fault:
        if path == ["collections"]:
            found = list(self.collections.values())
        else:
            found = list(self.items.values())
            if path[0] == "collections":
                found = [one for one in found if path[1] in one["collections"]]
        start, limit = int(query["start"][0]), int(query["limit"][0])
        assert limit <= 100
        if self.changes:
            self.changes -= 1
            self.version += 1
        page = [{"key": one["key"], "data": one} for one in found[start : start + limit]]
        headers = {"Last-Modified-Version": str(self.version), "Total-Results": str(len(found))}
        if self.backoff:
            headers["Backoff"] = self.backoff
        return Fault(200, json.dumps(page).encode(), headers)

    def _taken(self, items: list[dict[str, Any]], token: str | None) -> Fault:
        assert token and len(items) <= 50
        if token in self.tokens:
            return Fault(412)
        self.tokens.add(token)
        done = {}
        for number, one in enumerate(items):
            key = f"NEW{len(self.items):05d}"
            self.items[key] = {**one, "key": key}
            done[str(number)] = {"key": key}
        self.version += 1
        body = json.dumps({"successful": done, "unchanged": {}, "failed": {}}).encode()
        return Fault(200, body, {"Last-Modified-Version": str(self.version)})


@contextmanager
def zotero() -> Iterator[Standin]:
    """A stand-in that listens."""
    standin = Standin()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer("GET", b"")

        def do_POST(self) -> None:
            self._answer("POST", self.rfile.read(int(self.headers["Content-Length"])))

        def _answer(self, method: str, body: bytes) -> None:
            found = standin.answer(method, self.path, self.headers, body)
            if found.hangs_up:
                self.close_connection = True
                return
            self.send_response(found.status)
            for name, text in found.headers.items():
                self.send_header(name, text)
            self.send_header("Content-Length", str(len(found.body)))
            self.end_headers()
            self.wfile.write(found.body)

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    standin.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield standin
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
