"""Reading arXiv's OAI-PMH interface: whole lists whatever happens on the way, single records."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from asking import Clock, connection, invented

from digest.fetcher.calendar import public_at
from digest.fetcher.document import Rejected
from digest.fetcher.oai.api import OaiApi
from digest.fetcher.oai.records import Header, OaiRefusal, Record
from digest.model.errors import Blocked, FetchError, Refused, Unavailable
from digest.simulator import Corpus, Fault, Limits, Simulator

URL = "https://oaipmh.arxiv.org/oai"
#: Announced on Tuesday, the 10th.
NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
FIRST, LAST = date(2026, 3, 1), date(2026, 3, 13)
IDS = [f"2603.{1000 + n:05d}" for n in range(7)]


class Station:
    """A simulated arXiv and somebody who reads it, with one clock."""

    def __init__(
        self,
        folder: Path,
        *faults: Fault,
        now: datetime = datetime(2026, 3, 13, 12, tzinfo=UTC),
        corpus: Corpus | None = None,
        page: int = 3,
        delay: float = 0.0,
    ) -> None:
        self.clock = Clock(now)
        self.arxiv = Simulator(
            corpus or Corpus.of(invented(base, NOON) for base in IDS),
            now=self.clock,
            faults=faults,
            limits=Limits(page, 20_000),
        )
        self.requests: list[httpx.Request] = []
        self.api = OaiApi(
            connection(
                httpx.MockTransport(self._handle), folder, clock=self.clock, url=URL, delay=delay
            )
        )

    def _handle(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return self.arxiv.handle(request)

    def ids(self, first: date = FIRST, last: date = LAST) -> list[str]:
        return names(self.api.records(first, last))


def names(found: Iterable[Record | Header | Rejected]) -> list[str]:
    return [one.paper.id if isinstance(one, Record) else one.id for one in found]


# Lists.


def test_a_list_is_read_to_its_end(tmp_path: Path) -> None:
    station = Station(tmp_path)
    assert station.ids() == IDS
    assert station.api.requests == len(station.requests) == 3
    assert station.clock.slept == []


def test_identifiers_are_the_same_works_in_fewer_requests(tmp_path: Path) -> None:
    station = Station(tmp_path)
    found = list(station.api.identifiers(FIRST, LAST))
    assert found == [Header(base, date(2026, 3, 10), False, ("cs.CL",)) for base in IDS]
    assert station.api.requests == 1


def test_a_list_is_of_the_days_on_which_records_were_touched(tmp_path: Path) -> None:
    revised = datetime(2026, 3, 11, 12, tzinfo=UTC)
    papers = [
        *(invented(base, NOON) for base in IDS),
        invented(IDS[2], NOON, version=2, updated=revised),
    ]
    station = Station(tmp_path, corpus=Corpus.of(papers))
    tuesday, thursday = date(2026, 3, 10), date(2026, 3, 12)
    assert station.ids(tuesday, tuesday) == [base for base in IDS if base != IDS[2]]
    (record,) = station.api.records(thursday, thursday)
    assert isinstance(record, Record)
    assert record.datestamp == thursday
    assert record.versions == ((1, NOON), (2, revised))
    assert (record.paper.version, record.paper.published, record.paper.updated) == (
        2,
        NOON,
        revised,
    )


def test_a_list_without_records_is_empty(tmp_path: Path) -> None:
    station = Station(tmp_path)
    assert station.ids(date(2026, 3, 11), LAST) == []
    assert station.api.requests == 1
    assert station.clock.slept == []


def test_a_list_begins_with_the_first_day_of_which_there_are_records(tmp_path: Path) -> None:
    assert Station(tmp_path).ids(date(1991, 8, 14)) == IDS


def test_a_day_in_the_future_is_refused(tmp_path: Path) -> None:
    station = Station(tmp_path)
    with pytest.raises(OaiRefusal, match="until date too late") as caught:
        station.ids(FIRST, date(2026, 3, 14))
    assert caught.value.code == "badArgument"
    assert station.api.requests == 1


def test_a_token_is_quoted_once_more(tmp_path: Path) -> None:
    station = Station(tmp_path)
    station.ids()
    path = station.requests[1].url.raw_path.decode()
    assert path == (
        "/oai?verb=ListRecords&resumptionToken=verb%253DListRecords%2526metadataPrefix%253DarXivRaw"
        "%2526from%253D2026-03-10%2526until%253D2026-03-13%2526skip%253D3"
    )


def test_an_unusable_record_is_told_in_its_list(tmp_path: Path) -> None:
    def strip_versions(body: bytes) -> bytes:
        start = body.index(b"<version", body.index(IDS[4].encode()))
        return body[:start] + body[body.index(b"<title>", start) :]

    undated = Fault("undated", body=strip_versions, after=1)
    found = list(Station(tmp_path, undated).api.records(FIRST, LAST))
    assert sorted(names(found)) == IDS
    assert [one for one in found if isinstance(one, Rejected)] == [
        Rejected(IDS[4], "it has no first version")
    ]


# What happens on the way.


@pytest.mark.parametrize("request_number", [1, 2, 3])
@pytest.mark.parametrize(
    ("fault", "pause"),
    [
        (Fault.status(503, retry_after=31), 31.0),
        (Fault.status(503, retry_after=0), 5.0),
        (Fault.status(429), 5.0),
        (Fault.status(500), 5.0),
        (Fault.reset(), 5.0),
        (Fault.hang(), 5.0),
        (Fault.cut_off(), 5.0),
        (Fault.text(""), 5.0),
        (Fault.text("<html><body>busy</body></html>"), 5.0),
        (Fault.truncated(), 5.0),
    ],
    ids=lambda value: value.name if isinstance(value, Fault) else "",
)
def test_a_failed_page_is_asked_for_again(
    fault: Fault, pause: float, request_number: int, tmp_path: Path
) -> None:
    station = Station(tmp_path, replace(fault, after=request_number - 1))
    assert station.ids() == IDS
    assert station.api.requests == 4
    assert station.clock.slept == [pause]


def test_an_arxiv_that_stays_down_is_given_up(tmp_path: Path) -> None:
    station = Station(tmp_path, Fault.status(503, times=None, after=1))
    found = station.api.records(FIRST, LAST)
    assert [next(found) for _ in range(3)]
    with pytest.raises(Unavailable, match="HTTP 503"):
        next(found)
    assert station.api.requests == 7


@pytest.mark.parametrize(
    ("fault", "kind"), [(Fault.status(403), Blocked), (Fault.moved(), Refused)]
)
def test_what_repeating_cannot_help_is_asked_once(
    fault: Fault, kind: type[FetchError], tmp_path: Path
) -> None:
    station = Station(tmp_path, fault)
    with pytest.raises(kind):
        station.ids()
    assert station.api.requests == 1


def test_a_changed_format_is_named(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"have changed: .*no <abstract>"):
        Station(tmp_path, Fault.renamed("abstract", "summary")).ids()


def test_there_are_three_seconds_between_two_pages(tmp_path: Path) -> None:
    station = Station(tmp_path, delay=3.0)
    station.ids()
    assert station.clock.slept == [3.0, 3.0]


# Tokens that lead nowhere.


def test_a_list_whose_token_expires_is_begun_again(tmp_path: Path) -> None:
    station = Station(tmp_path, now=datetime(2026, 3, 13, 23, 59, tzinfo=UTC))
    found = station.api.records(FIRST, LAST)
    begun = names(next(found) for _ in range(4))
    station.clock.now += timedelta(minutes=2)
    assert begun + names(found) == IDS
    asked = [exchange.params for exchange in station.arxiv.log]
    # Two pages, a refused token, and the whole list.
    assert ["resumptionToken" in params for params in asked] == [
        *(False, True, True),
        *(False, True, True),
    ]


def test_a_list_whose_rest_has_moved_away_is_begun_again(tmp_path: Path) -> None:
    revised = datetime(2026, 3, 10, 12, tzinfo=UTC)
    papers = [
        *(invented(base, NOON) for base in IDS[:4]),
        invented(IDS[3], NOON, version=2, updated=revised),
    ]
    # On Tuesday the last record stands alone on the second page; on Wednesday it has moved.
    station = Station(
        tmp_path,
        corpus=Corpus.of(papers),
        now=public_at(date(2026, 3, 11)) + timedelta(hours=2.25),
    )
    found = station.api.records(FIRST, date(2026, 3, 10))
    begun = names(next(found) for _ in range(3))
    station.clock.now += timedelta(hours=1)
    assert begun + names(found) == IDS[:3]
    assert station.api.requests == 3


def refusing(times: int | None) -> Fault:
    """Every token is refused."""
    body = (
        b'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
        b"<error code='badResumptionToken'>No.</error></OAI-PMH>"
    )
    return Fault(
        "refused token",
        times=times,
        when=lambda asked: "resumptionToken" in asked,
        instead=lambda _, __: httpx.Response(200, content=body),
    )


def test_a_list_that_is_always_broken_off_is_left_to_the_next_run(tmp_path: Path) -> None:
    station = Station(tmp_path, refusing(3))
    assert station.ids() == IDS
    assert station.api.requests == 9
    with pytest.raises(Unavailable, match="broke off a list 4 times"):
        Station(tmp_path, refusing(None)).ids()


def test_a_list_in_circles_is_left(tmp_path: Path) -> None:
    station = Station(tmp_path)
    first = station.arxiv.handle(
        httpx.Request("GET", URL, params={"verb": "ListRecords", "metadataPrefix": "arXivRaw"})
    )
    again = Fault(
        "again", times=None, instead=lambda _, __: httpx.Response(200, content=first.content)
    )
    station.arxiv.fail(again)
    with pytest.raises(Unavailable, match="in circles"):
        station.ids()
    assert station.api.requests == 2


def test_a_record_touched_between_two_pages_can_hide_another_one(tmp_path: Path) -> None:
    """So a list proves nothing: arXiv counts what to skip, and the border has moved."""
    revised = datetime(2026, 3, 10, 12, tzinfo=UTC)
    papers = [
        *(invented(base, NOON) for base in IDS),
        invented(IDS[0], NOON, version=2, updated=revised),
    ]
    station = Station(
        tmp_path,
        corpus=Corpus.of(papers),
        now=public_at(date(2026, 3, 11)) + timedelta(hours=2.25),
    )
    found = station.api.records(FIRST, date(2026, 3, 11))
    begun = names(next(found) for _ in range(3))
    station.clock.now += timedelta(hours=1)
    assert begun + names(found) == [*IDS[:3], *IDS[4:], IDS[0]]


# Single records.


def test_a_record_is_found_by_its_id(tmp_path: Path) -> None:
    station = Station(tmp_path)
    record = station.api.record(IDS[3])
    assert isinstance(record, Record)
    assert record.paper == invented(IDS[3], NOON)
    assert station.api.record("2603.09999") is None
    assert station.api.requests == 2


def test_an_unusable_record_says_why(tmp_path: Path) -> None:
    rejected = Station(tmp_path, Fault.renamed("abstract", "summary")).api.record(IDS[0])
    assert rejected == Rejected(IDS[0], "it has no <abstract>")


def test_another_record_than_the_wanted_one_is_no_answer(tmp_path: Path) -> None:
    station = Station(tmp_path)
    station.arxiv.fail(
        Fault("other", body=lambda body: body.replace(IDS[0].encode(), IDS[1].encode()))
    )
    with pytest.raises(Unavailable, match=f"{IDS[0]} and answered {IDS[1]}"):
        station.api.record(IDS[0])
