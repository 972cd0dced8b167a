"""Asking arXiv: what is repeated, how long the pauses are, what goes over the wire."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import chain, repeat
from pathlib import Path
from urllib.parse import parse_qs, unquote

import httpx
import pytest
from asking import URL, Clock, invented, query_api

from digest.fetcher.query.api import QueryApi, Question
from digest.fetcher.query.atom import Page
from digest.model.errors import Blocked, DigestError, FetchError, Refused, Unavailable
from digest.simulator.atom import Page as Feed
from digest.simulator.atom import error_feed, feed

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
PAPERS = tuple(invented(f"2603.0000{n}", NOON) for n in range(1, 4))
QUESTION = Question("(cat:cs.CL)", size=3)


def answer(total: int = 3, papers: int = 3) -> httpx.Response:
    body = feed(Feed("x", "x", "", 0, 3, total, PAPERS[:papers]), NOON)
    return httpx.Response(200, content=body)


def status(code: int, retry_after: str | None = None) -> httpx.Response:
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    return httpx.Response(code, headers=headers, content=b"Rate exceeded.")


Reply = httpx.Response | Exception


class Wire:
    """A transport that gives replies one after another, the last one for ever."""

    def __init__(self, *replies: Reply) -> None:
        self.requests: list[httpx.Request] = []
        self._replies: Iterator[Reply] = chain(replies, repeat(replies[-1]))
        self.transport = httpx.MockTransport(self._reply)

    def _reply(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        reply = next(self._replies)
        if isinstance(reply, Exception):
            raise reply
        return reply


@pytest.fixture
def clock() -> Clock:
    return Clock()


def ask(api: QueryApi, question: Question = QUESTION) -> Page:
    return api.ask(lambda _, __: question)


def failing(
    wire: Wire, kind: type[DigestError], folder: Path, clock: Clock, attempts: int = 6
) -> DigestError:
    with pytest.raises(kind) as caught:
        ask(query_api(wire.transport, folder, clock=clock, attempts=attempts))
    return caught.value


# Pauses.


def test_failures_are_repeated_with_doubling_pauses(tmp_path: Path, clock: Clock) -> None:
    wire = Wire(status(429), status(503), httpx.ReadError("reset"), answer())
    pauses: list[tuple[float, str]] = []
    api = query_api(
        wire.transport, tmp_path, clock=clock, on_pause=lambda *pause: pauses.append(pause)
    )
    assert ask(api).papers == PAPERS
    assert clock.slept == [5.0, 10.0, 20.0]
    assert api.requests == len(wire.requests) == 4
    assert [seconds for seconds, _ in pauses] == clock.slept
    assert [why for _, why in pauses] == [
        "arXiv cannot answer now: HTTP 429",
        "arXiv cannot answer now: HTTP 503",
        f"no connection to arXiv: {URL}: reset",
    ]


@pytest.mark.parametrize(("random", "slept"), [(0.0, [2.5, 5.0, 10.0]), (0.5, [3.75, 7.5, 15.0])])
def test_pauses_are_spread_between_half_and_all(
    random: float, slept: list[float], tmp_path: Path, clock: Clock
) -> None:
    wire = Wire(status(503), status(503), status(503), answer())
    ask(query_api(wire.transport, tmp_path, clock=clock, random=lambda: random))
    assert clock.slept == slept


def test_pauses_do_not_grow_beyond_ten_minutes(tmp_path: Path, clock: Clock) -> None:
    wire = Wire(*[status(503)] * 9, answer())
    ask(query_api(wire.transport, tmp_path, clock=clock, attempts=10))
    assert clock.slept == [5, 10, 20, 40, 80, 160, 320, 600, 600]


@pytest.mark.parametrize(
    ("retry_after", "slept"),
    [
        ("60", 60.0),
        ("600", 600.0),
        ("1", 5.0),
        ("0", 5.0),
        (" 30 ", 30.0),
        ("", 5.0),
        ("soon", 5.0),
        ("-5", 5.0),
        ("Tue, 10 Mar 2026 12:00:00 GMT", 5.0),
    ],
)
@pytest.mark.parametrize("code", [429, 503])
def test_retry_after_is_kept_where_it_is_longer(
    code: int, retry_after: str, slept: float, tmp_path: Path, clock: Clock
) -> None:
    ask(query_api(Wire(status(code, retry_after), answer()).transport, tmp_path, clock=clock))
    assert clock.slept == [slept]


def test_a_longer_wait_than_the_longest_pause_is_left_to_the_next_run(
    tmp_path: Path, clock: Clock
) -> None:
    wire = Wire(status(429, "601"))
    failing(wire, Unavailable, tmp_path, clock)
    assert clock.slept == []
    assert len(wire.requests) == 1


@pytest.mark.parametrize("attempts", [1, 2, 6])
def test_it_gives_up_after_so_many_attempts(attempts: int, tmp_path: Path, clock: Clock) -> None:
    wire = Wire(status(429))
    failing(wire, Unavailable, tmp_path, clock, attempts)
    assert len(wire.requests) == attempts
    assert len(clock.slept) == attempts - 1


def test_the_question_of_an_attempt_can_depend_on_the_failure_before(tmp_path: Path) -> None:
    told: list[tuple[int, Unavailable | None]] = []

    def choose(attempt: int, failure: Unavailable | None) -> Question:
        told.append((attempt, failure))
        return QUESTION

    query_api(Wire(status(429), status(500), answer()).transport, tmp_path).ask(choose)
    assert [attempt for attempt, _ in told] == [1, 2, 3]
    assert [failure and failure.too_large for _, failure in told] == [None, False, True]


def test_every_question_starts_with_its_first_attempt(tmp_path: Path, clock: Clock) -> None:
    api = query_api(Wire(status(429), answer()).transport, tmp_path, clock=clock)
    ask(api)
    attempts: list[int] = []

    def choose(attempt: int, _: Unavailable | None) -> Question:
        attempts.append(attempt)
        return QUESTION

    api.ask(choose)
    assert attempts == [1]


# What is not repeated.


REFUSED = error_feed("incorrect id format for abc", "https://arxiv.org/api/errors#x", NOON)


@pytest.mark.parametrize(
    ("reply", "kind", "said"),
    [
        (status(403), Blocked, "HTTP 403"),
        (httpx.Response(400, content=REFUSED), Refused, "incorrect id format for abc"),
        (httpx.Response(200, content=REFUSED), Refused, "incorrect id format for abc"),
        (httpx.Response(414, content=b"<html>too long</html>"), Refused, "HTTP 414"),
        (
            httpx.Response(301, headers={"Location": "https://elsewhere.invalid/"}),
            Refused,
            "https://elsewhere.invalid/",
        ),
        (httpx.Response(307, headers={"Location": "/x"}), Refused, "'/x'"),
    ],
)
def test_what_repeating_cannot_help_is_asked_once(
    reply: httpx.Response, kind: type[FetchError], said: str, tmp_path: Path, clock: Clock
) -> None:
    wire = Wire(reply)
    error = failing(wire, kind, tmp_path, clock)
    assert said in error.message
    assert len(wire.requests) == 1
    assert clock.slept == []


def test_a_block_says_what_to_read_and_to_set(tmp_path: Path, clock: Clock) -> None:
    error = failing(Wire(status(403)), Blocked, tmp_path, clock)
    assert "robots.html" in error.hint
    assert "contact" in error.hint
    assert error.exit_code == 1


# What is.


def test_an_internal_error_tells_its_message(tmp_path: Path, clock: Clock) -> None:
    body = error_feed(
        "The server encountered an internal error.", "https://arxiv.org/api/errors", NOON
    )
    error = failing(Wire(httpx.Response(500, content=body)), Unavailable, tmp_path, clock)
    assert isinstance(error, Unavailable)
    assert "HTTP 500" in error.message
    assert "internal error" in error.message
    assert error.too_large


@pytest.mark.parametrize(
    "reply",
    [
        answer(papers=2),
        answer(papers=0),
        httpx.Response(200, content=b""),
        httpx.Response(200, content=b"Rate exceeded."),
        httpx.Response(200, content=b"<html><body>busy</body></html>"),
        httpx.Response(200, content=answer().content[:900]),
    ],
    ids=["short page", "empty page", "blank", "text", "html", "truncated"],
)
def test_answers_that_are_not_whole_are_asked_for_again(
    reply: httpx.Response, tmp_path: Path, clock: Clock
) -> None:
    wire = Wire(reply, answer())
    assert ask(query_api(wire.transport, tmp_path, clock=clock)).papers == PAPERS
    assert len(wire.requests) == 2


def test_a_page_may_be_shorter_than_asked_for_at_the_end(tmp_path: Path, clock: Clock) -> None:
    api = query_api(Wire(answer(total=12, papers=2)).transport, tmp_path, clock=clock)
    assert len(ask(api, Question("x", start=10, size=5)).papers) == 2
    assert ask(api, Question("x", start=40, size=5)).total == 12
    assert clock.slept == []


def transport_errors() -> list[type[httpx.TransportError]]:
    found: list[type[httpx.TransportError]] = []
    todo: list[type[httpx.TransportError]] = [httpx.TransportError]
    while todo:
        kind = todo.pop()
        found.append(kind)
        todo += kind.__subclasses__()
    return found


@pytest.mark.parametrize("kind", transport_errors())
@pytest.mark.parametrize("message", ["it broke", ""])
def test_every_failure_of_the_connection_is_an_error_of_ours(
    kind: type[httpx.TransportError], message: str, tmp_path: Path, clock: Clock
) -> None:
    error = failing(Wire(kind(message)), FetchError, tmp_path, clock)
    assert (message or kind.__name__) in error.message
    assert isinstance(error, Refused) == (kind is httpx.UnsupportedProtocol)
    if isinstance(error, Unavailable):
        assert error.too_large == issubclass(kind, httpx.TimeoutException)


@pytest.mark.parametrize("error", [httpx.DecodingError("gzip"), httpx.InvalidURL("no host")])
def test_other_failures_of_the_client_are_errors_of_ours(
    error: Exception, tmp_path: Path, clock: Clock
) -> None:
    failing(Wire(error), FetchError, tmp_path, clock)


def test_an_answer_that_does_not_end_is_not_read_to_its_end(tmp_path: Path, clock: Clock) -> None:
    mebibyte = bytes(2**20)
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        while sent < 1000:
            sent += 1
            yield mebibyte

    wire = Wire(httpx.Response(200, content=endless()))
    error = failing(wire, Unavailable, tmp_path, clock, attempts=1)
    assert "larger" in error.message
    assert sent < 70


# What goes over the wire.


def test_a_request_is_what_arxiv_documents(tmp_path: Path) -> None:
    wire = Wire(answer())
    query = '(abs:"low-bit" OR abs:naïve) AND submittedDate:[202603091800 TO 202603101800]'
    ask(query_api(wire.transport, tmp_path), Question(query, start=2, size=1, newest_first=True))
    (request,) = wire.requests
    assert request.method == "GET"
    assert request.url.copy_with(query=None) == httpx.URL("https://arxiv.invalid/api/query")
    assert request.headers["user-agent"] == "arxiv-daily-digest/0 (test)"
    line = request.url.query.decode()
    # arXiv takes a plus sign for a letter of the query.
    assert "+" not in line
    assert not set(line) & set(' "()[]')
    assert {name: unquote(value[0]) for name, value in parse_qs(line).items()} == {
        "search_query": query,
        "start": "2",
        "max_results": "1",
        "sortBy": "submittedDate",
        "sortOrder": "descending",
    }


def test_a_plus_sign_in_a_query_stays_one(tmp_path: Path) -> None:
    wire = Wire(answer())
    ask(query_api(wire.transport, tmp_path), Question('abs:"a+b c"', size=3))
    assert b"search_query=abs%3A%22a%2Bb%20c%22&" in wire.requests[0].url.query


def test_ids_are_a_list_with_commas(tmp_path: Path) -> None:
    wire = Wire(answer())
    ids = ("2603.00001", "hep-th/9901001v1")
    ask(query_api(wire.transport, tmp_path), Question(ids=ids, size=2))
    (request,) = wire.requests
    assert request.url.params["id_list"] == "2603.00001,hep-th/9901001v1"
    assert "search_query" not in request.url.params


def test_what_is_too_long_for_a_line_goes_as_a_form(tmp_path: Path) -> None:
    wire = Wire(answer())
    api = query_api(wire.transport, tmp_path)
    lengths = []
    for count in range(100, 500, 10):
        ids = tuple(f"2603.{number:05d}" for number in range(count))
        ask(api, Question(ids=ids, size=3))
        request = wire.requests[-1]
        if request.method == "GET":
            lengths.append(len(f"GET {request.url.raw_path.decode()} HTTP/1.1"))
        else:
            form = parse_qs(request.content.decode())
            assert form["id_list"] == [",".join(ids)]
            assert request.headers["content-type"] == "application/x-www-form-urlencoded"
            assert not request.url.query
    assert 3800 < max(lengths) <= 4094
    assert wire.requests[-1].method == "POST"
