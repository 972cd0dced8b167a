"""Who is talked to, and what is installed: certificates, hosts, redirects, locked dependencies."""

from __future__ import annotations

import ast
import importlib.util
import json
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from types import ModuleType

import httpx
import pytest
from desk import Silence
from places import ROOT
from postbox import CERTIFICATE

from digest.app.arxiv import interfaces
from digest.app.world import World
from digest.config.settings import ArxivSettings
from digest.fetcher.query.api import Question
from digest.model.errors import Refused, Unavailable


class Never(BaseHTTPRequestHandler):
    """Fails the test if a request gets so far."""

    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_error(500)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def listening(certificate: Path | None) -> Iterator[tuple[int, list[str]]]:
    """A server's port and what it was asked; with a certificate it speaks TLS."""
    asked: list[str] = []
    with HTTPServer(("127.0.0.1", 0), type("Here", (Never,), {"asked": asked})) as server:
        server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a failed handshake
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield server.server_port, asked
        finally:
            server.shutdown()
            thread.join()


def ask(folder: Path, url: str, transport: httpx.BaseTransport | None = None) -> None:
    settings = ArxivSettings.model_validate({"api_url": url, "delay_seconds": 0.0, "attempts": 1})
    world = World(lambda: datetime.now(UTC), lambda _: None, lambda: 0.5, folder, transport)
    with interfaces(settings, world, Silence()) as found:
        found.query.ask(lambda _, __: Question())


def test_a_certificate_that_nobody_has_signed_is_refused(tmp_path: Path) -> None:
    with (
        listening(CERTIFICATE) as (port, asked),
        pytest.raises(
            Unavailable, match=rf"https://127.0.0.1:{port}/api.*CERTIFICATE_VERIFY_FAILED"
        ),
    ):
        ask(tmp_path, f"https://127.0.0.1:{port}/api/query")
    assert asked == []


def test_nothing_turns_the_check_of_certificates_off() -> None:
    paths = sorted((ROOT / "digest").rglob("*.py"))
    assert paths
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                words = {word.arg for word in node.keywords}
                assert words.isdisjoint({"verify", "ssl", "ssl_context"}), path
            assert not (isinstance(node, ast.Attribute) and "unverified" in node.attr), path


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_refused_and_its_target_is_not_asked(tmp_path: Path, status: int) -> None:
    with listening(None) as (port, asked):
        target = f"http://127.0.0.1:{port}/elsewhere"
        moved = httpx.Response(status, headers={"Location": target})
        came: list[httpx.URL] = []

        def reply(request: httpx.Request) -> httpx.Response:
            came.append(request.url)
            return moved

        with pytest.raises(Refused, match=f"redirects to '{target}'"):
            ask(tmp_path, "https://127.0.0.1:1/api/query", httpx.MockTransport(reply))
    assert [url.netloc for url in came] == [b"127.0.0.1:1"]
    assert asked == []


# What is installed.


@pytest.mark.parametrize(
    "lock", sorted(ROOT.glob("requirements*.lock")), ids=lambda path: path.stem
)
def test_every_locked_dependency_has_its_version_and_hashes(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8").replace("\\\n", " ")
    requirements = [line for line in text.splitlines() if re.match(r"[A-Za-z0-9]", line)]
    assert requirements
    for line in requirements:
        assert re.match(r"[\w.\[\]-]+==\S+ .*--hash=sha256:[0-9a-f]{64}", line), line


@pytest.mark.parametrize("name", ["Makefile", "Dockerfile"])
def test_locked_dependencies_are_installed_by_their_hashes(name: str) -> None:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    installing = [line for line in lines if "pip" in line and " -r requirements" in line]
    assert installing
    assert [line for line in installing if "--require-hashes" not in line] == []


@pytest.fixture
def audit() -> ModuleType:
    spec = importlib.util.spec_from_file_location("audit", ROOT / "scripts/audit.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_without_an_index_the_audit_says_so_and_fails_nothing(
    audit: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    assert audit.main("http://127.0.0.1:1/") == 0
    assert audit.told("", "Traceback\nSSLError: no certificate") == 0
    assert capsys.readouterr().out.splitlines() == [
        "pip-audit skipped: the index cannot be reached",
        "pip-audit skipped: SSLError: no certificate",
    ]


def test_a_known_weakness_fails_the_audit_and_is_named(
    audit: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    sound = {"name": "tide", "version": "1.0", "vulns": []}
    weak = {"name": "moon", "version": "2.0", "vulns": [{"id": "X-1", "fix_versions": ["2.1"]}]}
    assert audit.told(json.dumps({"dependencies": [sound], "fixes": []}), "") == 0
    assert audit.told(json.dumps({"dependencies": [sound, weak], "fixes": []}), "") == 1
    assert "moon 2.0: X-1, mended in 2.1" in capsys.readouterr().out


def test_make_check_audits() -> None:
    assert re.search(r"^check:.*\baudit\b", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
