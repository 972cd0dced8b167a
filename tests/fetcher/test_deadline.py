"""Each answer as a whole ends by the deadline, on real sockets: drips, hangs, endless bodies."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import httpx
import pytest
from asking import Clock

from digest.fetcher.connection import Connection
from digest.fetcher.deadline import Deadline, DeadlineTransport
from digest.fetcher.politeness import Politeness
from digest.model.errors import Unavailable
from digest.simulator import Corpus, Fault, Simulator, serve

SECONDS = 0.4
HEADERS = b"HTTP/1.1 200 OK\r\nContent-Type: application/atom+xml\r\n"
CORPUS = Corpus.generate(seed=9, first=date(2026, 3, 4), last=date(2026, 3, 4), per_day=5)

BAD_DAYS = {
    "the status line drips": Fault.drip(b"HTTP/1.1 200"),
    "the headers drip": Fault.drip(HEADERS + b"X-More: "),
    "the body drips": Fault.drip(HEADERS + b"Content-Length: 60000000\r\n\r\n<feed>"),
    "a body without a length drips": Fault.drip(HEADERS + b"\r\n<feed>"),
    "chunks drip": Fault.drip(HEADERS + b"Transfer-Encoding: chunked\r\n\r\nfffff\r\n"),
    "nothing comes": Fault.hang(),
}


@contextmanager
def asking(folder: Path, url: str, deadline: Deadline) -> Iterator[Connection]:
    transport = DeadlineTransport(deadline, ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), None)
    clock = Clock()
    with httpx.Client(transport=transport, timeout=30.0) as client:
        yield Connection(
            client,
            url,
            Politeness(folder, "here", 0.0, now=clock, sleep=clock.sleep),
            setting="[arxiv] api_url",
            attempts=1,
            sleep=clock.sleep,
            random=lambda: 0.5,
            on_pause=lambda _, __: None,
            deadline=deadline,
        )


@pytest.mark.parametrize("name", BAD_DAYS)
def test_an_answer_that_does_not_come_to_its_end_is_given_up(name: str, tmp_path: Path) -> None:
    arxiv = Simulator(
        CORPUS, now=lambda: datetime(2026, 3, 20, tzinfo=UTC), faults=[BAD_DAYS[name]]
    )
    deadline = Deadline(SECONDS, time.monotonic)
    parameters = {"id_list": "2603.00001"}
    with serve(arxiv) as server, asking(tmp_path, server.url, deadline) as connection:
        with pytest.raises(Unavailable, match=r"not complete after 0\.4 s: http://") as caught:
            connection.send(parameters)
        assert caught.value.too_large and caught.value.exit_code == 3
        assert b"<feed" in connection.send(parameters)  # the next one has a deadline of its own


def test_a_body_without_an_end_is_given_up(tmp_path: Path) -> None:
    clock = iter(range(1000))

    def endless() -> Iterator[bytes]:
        while True:
            yield b"x"

    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=endless())

    deadline = Deadline(20.0, lambda: next(clock))
    with asking(tmp_path, "http://127.0.0.1:1/api/query", deadline) as connection:
        connection._client = httpx.Client(transport=httpx.MockTransport(answer))
        with pytest.raises(Unavailable, match="not complete after 20 s"):
            connection.send({})


def test_a_step_has_what_is_left_and_never_more_than_its_own_time() -> None:
    now = 0.0
    deadline = Deadline(10.0, lambda: now)
    assert (deadline.at_most(3.0), deadline.at_most(None), deadline.at_most(30.0)) == (3, 10, 10)
    now = 9.0
    assert (deadline.at_most(3.0), deadline.at_most(None)) == (1, 1)
    now = 10.0
    assert deadline.has_passed
    with pytest.raises(TimeoutError):
        deadline.at_most(3.0)
    deadline.begin()
    assert not deadline.has_passed
