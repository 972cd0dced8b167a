"""Notices on their way: a real receiver, real processes, and no address in anything they leave."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from digest.cli import exit_code
from digest.config.workspace import create
from digest.model.errors import NoticeError, PostError
from digest.outlets.notices.addresses import Address
from digest.outlets.notices.decision import TEST
from digest.outlets.notices.sending import Delivery, send

HIDDEN = "hunter2"


class Receiver(BaseHTTPRequestHandler):
    """Accepts what comes to /…/good, sends the rest elsewhere or away."""

    got: list[tuple[str, dict[str, str]]]

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.got.append((self.path, body))
        self.send_response({"good": 200, "moved": 302}.get(self.path.rpartition("/")[2], 500))
        self.send_header("Location", f"/{HIDDEN}/elsewhere")
        self.end_headers()
        self.wfile.write(HIDDEN.encode())

    def do_GET(self) -> None:
        self.got.append((self.path, {}))

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def receiver() -> Iterator[tuple[str, list[tuple[str, dict[str, str]]]]]:
    """Where it listens, and what came."""

    got: list[tuple[str, dict[str, str]]] = []
    handler = type("Here", (Receiver,), {"got": got})
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield f"127.0.0.1:{server.server_port}", got
        finally:
            server.shutdown()
            thread.join()


def test_a_run_that_fails_is_told_and_no_address_is_in_anything_it_leaves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    folder, cache = tmp_path / "desk", tmp_path / "cache"
    create(folder)
    (folder / "templates/digest.md.j2").write_text("{% mistake %}")
    file = tmp_path / "urls"
    file.touch(0o600)
    outputs = []

    def ran(*command: str) -> int:
        code = exit_code(["-C", str(folder), *command])
        outputs.append("".join(capfd.readouterr()))
        return code

    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    with receiver() as (host, got):
        urls = (
            f"json://me:{HIDDEN}@{host}/{HIDDEN}/bad?+X-Token={HIDDEN}",
            f"json://{host}/{HIDDEN}/moved",
            f"json://127.0.0.1:1/{HIDDEN}",
            f"nobody://{HIDDEN}@x/",
            f"jsons://{host}/{HIDDEN}?verify=no",
            f"json://{host}/{HIDDEN}/good?redirect=yes",
        )
        file.write_text(f"json://{host}/{HIDDEN}/good\n")
        monkeypatch.setenv("DIGEST_NOTIFY__URLS", " ".join(urls))
        monkeypatch.setenv("DIGEST_NOTIFY__URLS_FILE", str(file))
        assert ran("run") == 1
        told = outputs[-1]
        assert ran("run") == 1
    taken = dict(got)
    assert sorted(taken) == [f"/{HIDDEN}/{name}" for name in ("bad", "good", "moved")]
    assert len(got) == 3  # of the first run; the second one had nothing to tell
    assert taken[f"/{HIDDEN}/good"]["title"] == "arxiv-daily-digest: failed"
    assert "cannot use the template" in taken[f"/{HIDDEN}/good"]["message"]
    problems = {
        1: "did not accept the message",
        2: "did not accept the message",
        3: "cannot be reached",
        4: "Apprise does not know this kind",
        5: "turns off the check of certificates",
        6: "follows redirects",
    }
    for number, problem in problems.items():
        named = told.partition(f"DIGEST_NOTIFY__URLS, address {number}: ")[2].partition(";")[0]
        assert problem in named
    assert str(file) not in told
    assert told.count("cannot use the template") == 1
    assert "notice" not in outputs[-1]
    assert ran("status", "--json") == ran("log", "--json") == 0
    assert HIDDEN not in "".join(outputs)
    left = [path for path in (*folder.rglob("*"), *cache.rglob("*")) if path.is_file()]
    assert folder / "output/.archive.sqlite3" in left
    assert [path for path in left if HIDDEN.encode() in path.read_bytes()] == []


def test_a_test_notice_is_sent_or_it_is_said_why_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    create(tmp_path)
    command = ["-C", str(tmp_path), "notify", "--test"]
    # Makes the sending process talk on its standard error, which must not come through.
    monkeypatch.setenv("PYTHONPROFILEIMPORTTIME", "1")
    with receiver() as (host, got):
        monkeypatch.setenv("DIGEST_NOTIFY__URLS", f"json://{host}/x/good")
        assert exit_code(command) == 0
    assert capfd.readouterr() == ("Sent to 1 address.\n", "")
    ((_, body),) = got
    assert (body["title"], body["type"]) == ("arxiv-daily-digest: test", "info")
    assert str(tmp_path / "output") in body["message"]
    monkeypatch.delenv("DIGEST_NOTIFY__URLS")
    assert exit_code(command) == 2
    assert "no receivers configured" in capfd.readouterr().err


def test_who_never_answers_is_waited_for_no_longer_than_told() -> None:
    delivery = send(TEST, [Address("one", f"json://127.0.0.1/{HIDDEN}")], patience=0.01)
    assert delivery == Delivery(0, ("one: there was no answer in time",))


def test_without_apprise_its_installation_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)  # as Python marks what is not there
    with pytest.raises(NoticeError, match="Apprise is not installed") as error:
        send(TEST, [])
    assert error.value.hint == "python -m pip install apprise"


def test_a_process_that_cannot_be_started_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(PostError, match="/nowhere/python: No such file"):
        send(TEST, [Address("one", HIDDEN)])
