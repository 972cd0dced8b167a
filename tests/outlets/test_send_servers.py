"""Digests on their way: real servers and processes, and no address in anything they leave."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from socket import create_server
from threading import Thread

import mailparser
import pytest
from command import environment
from desk import URL, Desk
from postbox import CERTIFICATE, PASSWORD, USER, Postbox, postbox

from digest.cli import exit_code
from digest.fetcher.calendar import Calendar
from digest.outlets.post.letters import Answer, Chat, Mail, Result, Server
from digest.outlets.post.posting import post
from digest.simulator import Corpus

DAYS = Calendar().days(date(2026, 3, 2), date(2026, 3, 5))
CORPUS = Corpus.generate(seed=5, first=DAYS[0], last=DAYS[-1], per_day=6)
ALL = '[[topic]]\n[[topic.group]]\nkeywords = ["a"]\n'
HIDDEN = "hunter2"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a digest; it is copied, not changed."""
    desk = Desk(tmp_path_factory.mktemp("desk"), CORPUS, topics=ALL)
    assert desk.run_on(DAYS[1]).exit_code == 0
    return desk.folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    return shutil.copytree(made, tmp_path / "desk")


def settings(box: Postbox, security: str, receivers: Path) -> dict[str, str]:
    return {
        "DIGEST_ARXIV__API_URL": URL,
        "DIGEST_SEND__RECEIVERS_FILE": str(receivers),
        "DIGEST_SEND__SENDER": "digest@example.org",
        "DIGEST_SEND__HOST": "localhost" if security == "tls" else "127.0.0.1",
        "DIGEST_SEND__PORT": str(box.port),
        "DIGEST_SEND__SECURITY": security,
        "DIGEST_SEND__USER": USER,
        "DIGEST_SEND__PASSWORD": PASSWORD,
        "SSL_CERT_FILE": str(CERTIFICATE),
    }


def written(folder: Path, *lines: str) -> Path:
    file = folder / "receivers"
    file.touch(0o600)
    file.write_text("\n".join(lines) + "\n")
    return file


class Hook(BaseHTTPRequestHandler):
    """Accepts what comes to /…/good, nothing else."""

    got: list[dict[str, str]]

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        is_good = self.path.endswith("/good")
        if is_good:
            self.got.append(body)
        self.send_response(200 if is_good else 500)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def hook() -> Iterator[tuple[str, list[dict[str, str]]]]:
    """Where it listens, and what it accepted."""
    got: list[dict[str, str]] = []
    with HTTPServer(("127.0.0.1", 0), type("Here", (Hook,), {"got": got})) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield f"127.0.0.1:{server.server_port}", got
        finally:
            server.shutdown()
            thread.join()


def sent(folder: Path, *options: str) -> int:
    return exit_code(["-C", str(folder), "send", *options])


DAY = str(DAYS[1])


def test_a_digest_goes_to_everybody_once_whoever_makes_trouble(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    outputs = []
    with postbox("starttls") as box, hook() as (host, got):
        file = written(
            folder,
            f"drops  drop@{HIDDEN}.example",
            f"later  later@{HIDDEN}.example",
            f"never  never@{HIDDEN}.example",
            f"ana    ana@{HIDDEN}.example",
            f"lab    json://me:{HIDDEN}@{host}/{HIDDEN}/good",
            f"bad    json://{host}/{HIDDEN}/bad",
            f"dead   json://127.0.0.1:1/{HIDDEN}",
            f"odd    nobody://{HIDDEN}@x/",
            f"bob    bob@{HIDDEN}.example",
        )
        for name, value in settings(box, "starttls", file).items():
            monkeypatch.setenv(name, value)
        for options in ((), (), ("--json",)):
            assert sent(folder, DAY, *options) == 1
            outputs.append(capfd.readouterr())
        assert [address for address, _ in box.accepted] == [
            f"ana@{HIDDEN}.example",
            f"bob@{HIDDEN}.example",
        ]
        assert box.is_private
        assert len(got) == 1
    first, again, as_json = outputs
    assert first.out == f"{DAY} (6 papers) sent to ana, lab, bob\n"
    for name, why in {
        "drops": "the mail server does not accept it now;",
        "later": "the mail server does not accept it now (451)",
        "never": "the mail server refuses it (550)",
        "bad": "it did not accept the message",
        "dead": "it did not accept the message, or cannot be reached",
        "odd": "Apprise does not know this kind of address",
    }.items():
        assert f"{DAY} to {name}: {why}" in first.err
    assert again.out == f"{DAY} was sent before to ana, lab, bob\n"
    (day,) = json.loads(as_json.out)["days"]
    assert {one["receiver"] for one in day["unsent"]} == {
        *("drops", "later", "never", "bad", "dead", "odd")
    }
    assert sent(folder, DAY, "--dry-run") == 0
    outputs.append(capfd.readouterr())
    assert HIDDEN not in "".join(part for output in outputs for part in output)
    left = [path for path in folder.rglob("*") if path.is_file() and path != file]
    assert folder / "output/.archive.sqlite3" in left
    assert not [path for path in left if HIDDEN.encode() in path.read_bytes()]
    read = mailparser.parse_from_string(box.accepted[0][1])
    assert read.subject == got[0]["title"] == f"arXiv digest {DAY}: 6 papers"


def test_mail_goes_over_tls_from_the_first_byte_on(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    with postbox("tls") as box:
        file = written(folder, "ana ana@example.org")
        for name, value in settings(box, "tls", file).items():
            monkeypatch.setenv(name, value)
        monkeypatch.delenv("DIGEST_SEND__PASSWORD")
        password = folder / "password"
        password.touch(0o600)
        password.write_text(f"{PASSWORD}\n")
        monkeypatch.setenv("DIGEST_SEND__PASSWORD_FILE", str(password))
        assert sent(folder, "--test") == 0
        assert sent(folder, DAY) == 0
        assert sent(folder, DAY) == 0
    assert [address for address, _ in box.accepted] == ["ana@example.org"] * 2
    messages = [mailparser.parse_from_string(message) for _, message in box.accepted]
    assert "the papers are invented" in messages[0].text_plain[0]
    assert messages[0].message_id != messages[1].message_id
    assert capfd.readouterr().out.splitlines() == [
        "a test sent to ana",
        f"{DAY} (6 papers) sent to ana",
        f"{DAY} was sent before to ana",
    ]


def answers(server: Server, *addresses: str, patience: float = 30.0) -> list[Answer]:
    mails = [Mail(address, "Subject: a\r\n\r\nb\r\n") for address in addresses]
    return [answer for _, answer in sorted(post(mails, server, patience=patience))]


def server_of(box: Postbox, security: str, password: str = PASSWORD) -> Server:
    return Server("127.0.0.1", box.port, security, "digest@example.org", USER, password)


@pytest.mark.parametrize(
    ("offered", "wanted"), [("starttls", "starttls"), ("tls", "tls"), ("starttls", "none")]
)
def test_nothing_is_told_to_a_server_that_cannot_be_trusted_or_wants_it_in_plain(
    offered: str, wanted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    with postbox(offered) as box:
        found = answers(server_of(box, wanted), "ana@example.org", "bob@example.org")
    result = Result.UNTRUSTED if wanted != "none" else Result.NOT_OFFERED
    assert found == [Answer(result)] * 2
    assert box.logins == 0
    assert box.accepted == []


def test_a_server_without_starttls_gets_no_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    with postbox("none", with_login=False) as box:
        assert answers(server_of(box, "starttls"), "ana@example.org") == [
            Answer(Result.NOT_OFFERED)
        ]
        plain = Server("127.0.0.1", box.port, "none", "digest@example.org")
        assert answers(plain, "ana@example.org") == [Answer(Result.SENT)]


def test_a_wrong_password_is_tried_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    with postbox("starttls") as box:
        found = answers(server_of(box, "starttls", "wrong"), "ana@example.org", "bob@example.org")
        odd = answers(server_of(box, "starttls", "pässword"), "ana@example.org")
    assert found == [Answer(Result.LOGIN, 535)] * 2
    assert odd == [Answer(Result.LOGIN)]
    assert box.logins == 2  # by both of the ways that the server offers, on one connection


def test_a_server_that_is_not_there_or_never_speaks_is_not_waited_for() -> None:
    with create_server(("127.0.0.1", 0)) as silent:
        nobody = Server("127.0.0.1", silent.getsockname()[1], "tls", "digest@example.org")
        assert answers(nobody, "ana@example.org", patience=0.4) == [Answer(Result.SILENT)]
    assert answers(nobody, "ana@example.org") == [Answer(Result.UNREACHABLE)]


def test_a_process_that_ends_before_it_has_read_its_letters_has_sent_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "executable", shutil.which("false"))
    server = Server("127.0.0.1", 1, "tls", "digest@example.org")
    letters = [Mail("ana@example.org", "long " * 100_000)] * 2
    assert list(post(letters, server)) == [(n, Answer(Result.NOT_ACCEPTED)) for n in (0, 1)]


def test_a_chat_that_gives_up_the_check_of_certificates_gets_nothing() -> None:
    with hook() as (host, got):
        chats = [Chat(f"jsons://{host}/good?verify=no", "info", "a", ("b",))]
        assert list(post(chats)) == [(0, Answer(Result.UNSAFE))]
    assert got == []


def killing_of(folder: Path) -> None:
    """Kill the process that works on the workspace, and wait until it is gone."""
    holder = json.loads((folder / "output/.archive.sqlite3.holder").read_text())
    os.kill(holder["process"], signal.SIGKILL)


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")
def test_a_process_that_dies_between_acceptance_and_record_sends_the_same_mail_again(
    folder: Path,
) -> None:
    with postbox("starttls") as box:
        file = written(folder, "ana ana@example.org")
        variables: Mapping[str, str] = settings(box, "starttls", file)

        def run() -> int:
            return subprocess.run(
                (sys.executable, "-m", "digest", "-C", str(folder), "send", DAY),
                env=environment(**variables),
                stdout=subprocess.DEVNULL,
                check=False,
                timeout=60,
            ).returncode

        box.on_data = lambda: killing_of(folder)
        assert run() == -signal.SIGKILL
        box.on_data = lambda: None
        assert run() == 0
        assert run() == 0
    messages = [mailparser.parse_from_string(message) for _, message in box.accepted]
    assert len(messages) == 2
    assert len({message.message_id for message in messages}) == 1
    assert messages[0].text_plain == messages[1].text_plain
