"""The simulated arXiv on a socket: real HTTP, and connections that really break."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import httpx
import pytest

from digest.simulator import Corpus, Fault, Server, Simulator, serve

PATH = "/api/query"
SEARCH = {"search_query": "submittedDate:[2026 TO 2027]", "max_results": "30"}


@pytest.fixture
def simulator() -> Simulator:
    corpus = Corpus.generate(seed=9, first=date(2026, 3, 4), last=date(2026, 3, 4), per_day=20)
    return Simulator(corpus, now=lambda: datetime(2026, 3, 20, tzinfo=UTC))


@pytest.fixture
def server(simulator: Simulator) -> Iterator[Server]:
    with serve(simulator) as server:
        yield server


@pytest.fixture
def client(server: Server) -> Iterator[httpx.Client]:
    with httpx.Client(
        base_url=server.url.removesuffix(PATH), timeout=5.0, trust_env=False
    ) as client:
        yield client


def test_it_answers_over_http_as_it_does_in_process(
    simulator: Simulator, client: httpx.Client
) -> None:
    names = {"id_list": "2603.00001,2603.00002"}
    with httpx.Client(transport=simulator.transport()) as direct:
        expected = direct.get("http://localhost/api/query", params=names)
    for answer in (client.get(PATH, params=names), client.post(PATH, data=names)):
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
        assert answer.content == expected.content
    assert [exchange.method for exchange in simulator.log] == ["GET", "GET", "POST"]


def test_a_connection_is_kept_alive(client: httpx.Client) -> None:
    sockets = {
        client.get(PATH, params=SEARCH).extensions["network_stream"].get_extra_info("client_addr")
        for _ in range(3)
    }
    assert len(sockets) == 1


def test_statuses_and_headers_go_over_the_wire(simulator: Simulator, client: httpx.Client) -> None:
    simulator.fail(Fault.status(503, retry_after=5), Fault.text(""))
    answer = client.get(PATH, params=SEARCH)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert client.get(PATH, params=SEARCH).content == b""
    assert client.get("/elsewhere").status_code == 404


def test_a_reset_is_a_read_error(simulator: Simulator, client: httpx.Client) -> None:
    simulator.fail(Fault.reset())
    with pytest.raises(httpx.ReadError):
        client.get(PATH, params=SEARCH)
    assert client.get(PATH, params=SEARCH).status_code == 200


def test_a_body_that_ends_early_is_a_protocol_error(
    simulator: Simulator, client: httpx.Client
) -> None:
    simulator.fail(Fault.cut_off())
    with pytest.raises(httpx.RemoteProtocolError):
        client.get(PATH, params=SEARCH)
    assert client.get(PATH, params=SEARCH).status_code == 200


def test_a_truncated_feed_is_a_complete_answer(simulator: Simulator, client: httpx.Client) -> None:
    simulator.fail(Fault.truncated())
    names = {"id_list": "2603.00001,2603.00002"}
    short, whole = client.get(PATH, params=names), client.get(PATH, params=names)
    assert whole.content.startswith(short.content) and len(short.content) < len(whole.content)


def test_a_hang_is_a_timeout_and_others_are_served_meanwhile(
    simulator: Simulator, client: httpx.Client
) -> None:
    simulator.fail(Fault.hang())
    with pytest.raises(httpx.ReadTimeout):
        client.get(PATH, params=SEARCH, timeout=0.05)
    assert client.get(PATH, params=SEARCH).status_code == 200


def test_a_closed_server_refuses_connections(simulator: Simulator) -> None:
    server = serve(simulator)
    assert httpx.get(server.url, params=SEARCH, trust_env=False).status_code == 200
    server.close()
    with pytest.raises(httpx.ConnectError):
        httpx.get(server.url, params=SEARCH, trust_env=False)
