"""Real proxies on loopback carry a whole run; what fails is named as the proxy."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import pytest
from desk import Desk, Silence, morning
from relays import certificate, encrypted, port_of, relay

from digest.app import App
from digest.app.world import World
from digest.config import load
from digest.fetcher.calendar import Calendar
from digest.model.errors import ConfigError, DigestError, Unavailable, UsageError
from digest.model.reports import RunReport
from digest.simulator import Corpus, Simulator, serve

DAY = Calendar().days(date(2026, 3, 4), date(2026, 3, 4))[0]
CORPUS = Corpus.generate(seed=5, first=date(2026, 2, 2), last=date(2026, 3, 6), per_day=40)
TOPICS = '[[topic]]\n[[topic.group]]\nkeywords = ["We", "with", "that"]\n'
ARXIV = "export.arxiv.org"


@pytest.fixture(scope="module")
def direct(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    desk = Desk(tmp_path_factory.mktemp("direct"), CORPUS, topics=TOPICS)
    assert desk.run_on(DAY).exit_code == 0
    return desk.files()


@pytest.fixture(scope="module")
def pem(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return certificate(tmp_path_factory.mktemp("pem"), ARXIV)


class Abroad:
    """A workspace whose arXiv is far away: over real sockets, by real proxies, without waiting."""

    def __init__(self, folder: Path, api_url: str = "") -> None:
        self.desk = Desk(folder, CORPUS, topics=TOPICS)
        self.desk.now = morning(DAY)
        self.api_url = api_url or f"https://{ARXIV}/api/query"

    def run(self, environ: Mapping[str, str], *, at_terminal: bool = False) -> RunReport:
        world = World(
            now=self.desk.clock,
            sleep=self.desk._sleep,
            random=lambda: 0.5,
            cache=self.desk.folder / "cache",
            environ=environ,
            at_terminal=at_terminal,
        )
        settings = {
            "DIGEST_ARXIV__API_URL": self.api_url,
            "DIGEST_ARXIV__OAI_URL": self.api_url.replace("/api/query", "/oai"),
            "DIGEST_ARXIV__ATTEMPTS": "2",
        }
        return App(load(self.desk.folder, settings), world).run(None, None, Silence())

    def fails(self, environ: Mapping[str, str]) -> DigestError:
        failure = self.run(environ).failure
        assert failure is not None
        return failure


@pytest.fixture
def abroad(tmp_path: Path) -> Abroad:
    return Abroad(tmp_path)


@pytest.fixture
def arxiv(abroad: Abroad, pem: Path) -> Iterator[int]:
    simulator = Simulator(CORPUS, now=abroad.desk.clock)
    with encrypted(simulator, pem) as port:
        yield port


@pytest.mark.parametrize(
    ("variable", "scheme"),
    [
        ("HTTPS_PROXY", "http://"),
        ("https_proxy", ""),
        ("ALL_PROXY", "socks5://"),
        ("ALL_PROXY", "socks5h://"),
        ("all_proxy", "socks://"),
    ],
)
def test_a_proxy_carries_a_whole_run(
    variable: str, scheme: str, abroad: Abroad, arxiv: int, pem: Path, direct: dict[str, bytes]
) -> None:
    exceptions = "localhost,127.0.0.1,fd07:b51a:cc66:f0::/64"
    with relay(arxiv) as proxy:
        environ = {variable: f"{scheme}{proxy.address}/", "NO_PROXY": exceptions}
        report = abroad.run(environ | {"SSL_CERT_FILE": str(pem)})
    assert (report.exit_code, report.failure) == (0, None)
    assert abroad.desk.files() == direct
    assert {host.removesuffix(":443") for host in proxy.hosts} == {ARXIV}


def test_a_proxy_with_a_login_carries_one(
    abroad: Abroad, arxiv: int, pem: Path, direct: dict[str, bytes]
) -> None:
    with relay(arxiv, login="Basic bWU6c2VAY3JldA==") as proxy:  # me:se@cret
        environ = {"SSL_CERT_FILE": str(pem), "HTTPS_PROXY": f"http://me:no@{proxy.address}"}
        failure = abroad.fails(environ)
        assert f"through the proxy http://{proxy.address} (HTTPS_PROXY): 407" in failure.message
        assert "me" not in failure.message.replace("message", "").split("proxy", 1)[0]
        environ["HTTPS_PROXY"] = f"http://me:se%40cret@{proxy.address}"
        assert abroad.run(environ).exit_code == 0
    assert abroad.desk.files() == direct


def test_an_http_proxy_carries_what_is_not_encrypted(
    tmp_path: Path, direct: dict[str, bytes]
) -> None:
    abroad = Abroad(tmp_path, "http://arxiv.example/api/query")
    with serve(Simulator(CORPUS, now=abroad.desk.clock)) as server, relay(port_of(server)) as proxy:
        assert abroad.run({"HTTP_PROXY": f"http://{proxy.address}"}).exit_code == 0
    assert abroad.desk.files() == direct
    assert proxy.hosts[0].startswith("http://arxiv.example/api/query?")


def test_this_machine_is_asked_without_a_proxy(tmp_path: Path, direct: dict[str, bytes]) -> None:
    abroad = Abroad(tmp_path)
    with serve(Simulator(CORPUS, now=abroad.desk.clock)) as server, relay(1) as proxy:
        for host in ("127.0.0.1", "localhost"):
            abroad.api_url = server.url.replace("127.0.0.1", host)
            for scheme in ("http", "socks4", "rubbish"):
                report = abroad.run({"ALL_PROXY": f"{scheme}://{proxy.address}"})
                assert report.exit_code == 0
    assert abroad.desk.files() == direct
    assert proxy.hosts == []


# What fails.


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@pytest.mark.parametrize("scheme", ["http", "socks5"])
def test_a_proxy_that_is_not_there_is_named_as_the_proxy(scheme: str, abroad: Abroad) -> None:
    address = f"{scheme}://127.0.0.1:{free_port()}"
    failure = abroad.fails({"ALL_PROXY": address})
    assert isinstance(failure, Unavailable)
    assert f"no connection through the proxy {address} (ALL_PROXY): " in failure.message
    assert "ALL_PROXY" in failure.hint and "NO_PROXY" in failure.hint


@pytest.mark.parametrize("status", [403, 407, 502, 504])
def test_a_proxy_that_refuses_is_named_as_the_proxy(status: int, abroad: Abroad) -> None:
    with relay(1, refuses=status) as proxy:
        failure = abroad.fails({"HTTPS_PROXY": proxy.address})
    assert isinstance(failure, Unavailable)
    assert f"the proxy http://{proxy.address} (HTTPS_PROXY): {status}" in failure.message


def test_a_proxy_of_plain_requests_that_wants_a_login_is_named(tmp_path: Path) -> None:
    abroad = Abroad(tmp_path, "http://arxiv.example/api/query")
    with relay(1, refuses=407) as proxy:
        failure = abroad.fails({"HTTP_PROXY": proxy.address})
    assert "wants a user name and a password" in failure.message
    assert "HTTP_PROXY" in failure.hint


def test_a_certificate_that_is_not_trusted_says_what_to_set(abroad: Abroad, arxiv: int) -> None:
    with relay(arxiv) as proxy:
        failure = abroad.fails({"HTTPS_PROXY": proxy.address})
    assert "CERTIFICATE_VERIFY_FAILED" in failure.message
    assert "SSL_CERT_FILE" in failure.hint


@pytest.mark.parametrize(
    "environ",
    [
        {"HTTPS_PROXY": "socks4://127.0.0.1:1"},
        {"ALL_PROXY": "ftp://127.0.0.1:1"},
        {"ALL_PROXY": "http://[::1"},
        {"SSL_CERT_FILE": "/nowhere.pem"},
        {"SSL_CERT_DIR": "/nowhere"},
        {"REQUESTS_CA_BUNDLE": "/nowhere.pem"},
    ],
)
def test_what_the_environment_says_wrong_is_a_configuration_error(
    environ: dict[str, str], abroad: Abroad
) -> None:
    with pytest.raises(ConfigError) as caught:
        abroad.run(environ)
    (variable,) = environ
    assert caught.value.message.startswith(f"{variable}: ")
    assert caught.value.exit_code == 2
    assert abroad.desk.status().standing.why.count(variable) == 1


def test_socks_without_its_library_says_what_to_install(
    abroad: Abroad, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("digest.app.arxiv.find_spec", lambda _: None)
    with pytest.raises(UsageError, match="ALL_PROXY names a SOCKS proxy") as caught:
        abroad.run({"ALL_PROXY": "socks5://127.0.0.1:1080"})
    assert "socksio" in caught.value.hint


# Who waits.


@pytest.mark.parametrize("at_terminal", [True, False])
def test_at_a_terminal_nobody_waits_for_a_host_that_is_not_there(
    at_terminal: bool, tmp_path: Path
) -> None:
    abroad = Abroad(tmp_path, f"http://127.0.0.1:{free_port()}/api/query")
    report = abroad.run({}, at_terminal=at_terminal)
    assert report.exit_code == 3
    assert "check the network and [arxiv] api_url" in str(report.failure and report.failure.hint)
    assert report.requests == len(abroad.desk.slept) + 1 == (1 if at_terminal else 2)
