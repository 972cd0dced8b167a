"""Days fetched by OAI-PMH while the query API is down: the same days, and in the end its words."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random

import httpx
import pytest
from asking import invented
from desk import Desk, morning, shown

from digest.archive import Archive
from digest.fetcher.calendar import Calendar
from digest.model import Paper, Source
from digest.model.errors import Blocked, Unavailable, UsageError
from digest.model.reports import DayReport, DayState, RunReport
from digest.simulator import Corpus, Fault, Simulator

OAI_URL = "http://127.0.0.1:1/oai"
TWO_ROUTES = {"DIGEST_ARXIV__OAI_URL": OAI_URL}
CORPUS = Corpus.generate(seed=3, first=date(2026, 1, 12), last=date(2026, 4, 1), per_day=25)
DAYS = Calendar().days(date(2026, 3, 9), date(2026, 3, 11))
MONDAY, TUESDAY, WEDNESDAY = DAYS
HOUR = timedelta(hours=1)
TOPIC = '[[topic]]\n[[topic.group]]\nkeywords = ["tides"]\n'


def desk_in(folder: Path, corpus: Corpus = CORPUS, topics: str | None = None, **more: str) -> Desk:
    return Desk(folder, corpus, environ=TWO_ROUTES | more, topics=topics)


def query_down(code: int = 503, times: int | None = None) -> Fault:
    return Fault.status(code, times=times, when=lambda asked: "verb" not in asked)


def oai_only(change: Callable[[bytes], bytes], verb: str = "ListRecords") -> Fault:
    return Fault("list", times=None, when=lambda asked: asked.get("verb") == verb, body=change)


def asked(desk: Desk) -> set[str]:
    """Which of the two interfaces was asked since the last call."""
    return {"oai" if "verb" in exchange.params else "query" for exchange in desk.requests()}


def marked(desk: Desk) -> int:
    """How many versions have the words of OAI-PMH."""
    with Archive(desk.config.digest.archive) as archive:
        return len(archive.papers.by_oai())


def ends(report: RunReport) -> tuple[int, list[DayState]]:
    return report.exit_code, [day.state for day in report.days]


def day_of(report: RunReport) -> DayReport:
    (day,) = report.days
    return day


@pytest.fixture(scope="module")
def first_route(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The digests of runs that ask nothing but the query API."""
    desk = desk_in(tmp_path_factory.mktemp("query"))
    for day in DAYS:
        assert desk.run_on(day).exit_code == 0
    return desk.files()


# The same days.


def test_days_by_oai_are_complete_and_then_get_the_query_apis_words(
    first_route: dict[str, bytes], tmp_path: Path
) -> None:
    desk = desk_in(tmp_path)
    for day in DAYS:
        report = desk.run(at=morning(day), source=Source.OAI)
        assert ends(report) == (0, [DayState.COMPLETE])
    assert asked(desk) == {"oai"}
    assert marked(desk) > 60

    report = desk.run(at=morning(WEDNESDAY) + 12 * HOUR)
    assert ends(report)[0] == 0
    assert any("the query API's: " in note for note in report.notes)
    assert marked(desk) == 0
    assert desk.files() == first_route
    assert len(desk.requests()) == 1

    assert desk.run(at=morning(WEDNESDAY) + 13 * HOUR).requests == 0


def test_a_backfill_by_oai_reads_every_list_once(
    first_route: dict[str, bytes], tmp_path: Path
) -> None:
    desk = desk_in(tmp_path)
    report = desk.backfill(MONDAY, WEDNESDAY, at=morning(WEDNESDAY), source=Source.OAI)
    assert report.failure is None
    requests = desk.requests()
    lists = [one.params["from"] for one in requests if one.params["verb"] == "ListRecords"]
    # Held papers are in these lists, too: none of the days' own has to be asked for.
    own = {f"oai:arXiv.org:{paper.id}" for day in DAYS for paper in CORPUS.papers(day)}
    singles = {one.params["identifier"] for one in requests if one.params["verb"] == "GetRecord"}
    assert not own & singles
    # The edge of the day before comes from its own list.
    assert sorted(lists) == [str(day) for day in (date(2026, 3, 6), *DAYS)]

    desk.backfill(MONDAY, WEDNESDAY, at=morning(WEDNESDAY) + 9 * HOUR)
    assert desk.files() == first_route
    assert marked(desk) == 0


def test_papers_revised_since_wait_for_their_first_version(tmp_path: Path) -> None:
    """OAI-PMH has only newest versions; what is written without is called partial."""
    noon = datetime(2026, 3, 9, 12, tzinfo=UTC)
    later = noon + timedelta(days=2)
    papers = [invented(f"2603.{1 + n:05d}", noon + n * HOUR / 60) for n in range(30)]
    revised = replace(papers[4], version=2, updated=later, title="On later clocks")
    revised = replace(revised, url=revised.url.replace("v1", "v2"))
    following = invented("2603.00031", noon + 24 * HOUR)
    corpus = Corpus.of([*papers, revised, following])
    now = morning(date(2026, 3, 13))
    query, oai = (
        desk_in(tmp_path / name, corpus, TOPIC, DIGEST_DIGEST__PATIENCE_HOURS="1")
        for name in ("query", "oai")
    )
    query.backfill(TUESDAY, TUESDAY, at=now)
    report = oai.backfill(TUESDAY, TUESDAY, at=now, source=Source.OAI)
    assert ends(report) == (3, [DayState.PARTIAL])
    assert "2603.00005v2" in shown(oai.files()[f"{TUESDAY}.md"])

    assert oai.backfill(TUESDAY, TUESDAY, at=now + HOUR).exit_code == 0
    assert oai.files() == query.files()
    assert "2603.00005v1" in shown(oai.files()[f"{TUESDAY}.md"])


def test_what_oai_words_differently_is_worded_anew(tmp_path: Path) -> None:
    noon = datetime(2026, 3, 9, 12, tzinfo=UTC)
    papers = [
        replace(invented("2603.00001", noon), authors=("R.P. Fenn",)),
        replace(invented("2603.00002", noon + HOUR), title="On  tidal   clocks"),
        replace(invented("2603.00003", noon + 2 * HOUR), abstract="We count\nthe tides."),
        invented("2603.00004", noon + 3 * HOUR),
    ]
    query, oai = (desk_in(tmp_path / name, Corpus.of(papers), TOPIC) for name in ("query", "oai"))
    query.run_on(TUESDAY)
    oai.run(at=morning(TUESDAY), source=Source.OAI)
    before = [desk.files()[f"{TUESDAY}.md"].decode().splitlines() for desk in (query, oai)]
    tides = "![key](https://img.shields.io/badge/tides-F08080)."
    assert set(before[0]) - set(before[1]) == {">Authors: R.P. Fenn", "We count", f"the {tides}"}
    assert set(before[1]) - set(before[0]) == {">Authors: R. P. Fenn"}

    report = oai.run(at=morning(TUESDAY) + HOUR)
    assert [day.action for day in report.days] == ["rewritten"]
    assert oai.files() == query.files()
    assert not list(tmp_path.glob("oai/output/*.orig"))


def test_words_of_the_query_api_are_never_replaced() -> None:
    noon = datetime(2026, 3, 9, 12, tzinfo=UTC)
    paper = replace(invented("2603.01000", noon), authors=("R.P. Fenn",))
    reworded = replace(paper, authors=("R. P. Fenn",))
    with Archive(":memory:") as archive:

        def stored() -> tuple[Paper, int]:
            ((only,),) = archive.papers.versions([paper.id])
            return only, len(archive.papers.by_oai())

        archive.papers.store([reworded], TUESDAY, Source.OAI)
        assert stored() == (reworded, 1)
        archive.papers.store([paper], TUESDAY)
        assert stored() == (paper, 0)
        _, change = archive.papers.changed_since(0)
        archive.papers.store([reworded], TUESDAY, Source.OAI)
        assert stored() == (paper, 0)
        assert archive.papers.changed_since(change)[0] == []


# When the query API is down.


def test_oai_takes_over_in_the_second_run_that_the_query_api_fails(
    first_route: dict[str, bytes], tmp_path: Path
) -> None:
    desk = desk_in(tmp_path)
    desk.run_on(MONDAY)
    outage = query_down()
    desk.arxiv.fail(outage)
    desk.requests()

    report = desk.run_on(TUESDAY)
    assert isinstance(report.failure, Unavailable)
    assert asked(desk) == {"query"}

    report = desk.run(at=morning(TUESDAY) + HOUR / 4)
    assert ends(report) == (0, [DayState.COMPLETE])
    assert asked(desk) == {"query", "oai"}
    assert any("has not answered since 2026-03-10 05:" in note for note in report.notes)
    assert "OAI-PMH was asked" in report.notes[-1]
    assert not list(desk.folder.glob("output/*.orig"))

    report = desk.run_on(WEDNESDAY)
    assert ends(report) == (0, [DayState.COMPLETE])
    assert desk.files().keys() == first_route.keys()


def test_a_run_with_nothing_due_does_not_fail_because_words_have_to_wait(tmp_path: Path) -> None:
    desk = desk_in(tmp_path)
    desk.run(at=morning(MONDAY), source=Source.OAI)
    desk.arxiv.fail(query_down())
    report = desk.run(at=morning(MONDAY) + HOUR)
    assert report.exit_code == 0
    assert any("have the words of OAI-PMH still: arXiv cannot" in note for note in report.notes)
    assert marked(desk) > 15


def test_an_answer_ends_the_count_of_hours(tmp_path: Path) -> None:
    desk = desk_in(tmp_path)
    desk.arxiv.fail(query_down(times=7))
    assert desk.run_on(MONDAY).failure
    assert desk.run(at=morning(MONDAY) + HOUR).exit_code == 0
    desk.arxiv.fail(query_down())
    desk.requests()
    assert isinstance(desk.run_on(TUESDAY).failure, Unavailable)
    assert asked(desk) == {"query"}


def test_oai_takes_over_in_a_run_for_which_the_query_api_is_down_for_an_hour(
    tmp_path: Path,
) -> None:
    desk = desk_in(tmp_path, DIGEST_ARXIV__ATTEMPTS="20")
    desk.arxiv.fail(query_down())
    assert ends(desk.run_on(MONDAY)) == (0, [DayState.COMPLETE])
    assert sum(desk.slept) > 3600


def test_the_hours_can_be_set(tmp_path: Path) -> None:
    desk = desk_in(tmp_path, DIGEST_ARXIV__FALLBACK_AFTER_HOURS="0")
    desk.arxiv.fail(query_down())
    assert ends(desk.run_on(MONDAY)) == (0, [DayState.COMPLETE])


@pytest.mark.parametrize(
    ("fault", "kind"), [(query_down(403), Blocked), (query_down(414), Exception)]
)
def test_what_is_no_outage_never_falls_back(
    fault: Fault, kind: type[Exception], tmp_path: Path
) -> None:
    desk = desk_in(tmp_path, DIGEST_ARXIV__FALLBACK_AFTER_HOURS="0")
    desk.arxiv.fail(fault)
    for hours in (0, 48):
        report = desk.run(at=morning(MONDAY) + hours * HOUR)
        assert isinstance(report.failure, kind) and report.exit_code == 1
    assert asked(desk) == {"query"}


def test_only_the_query_api_is_asked_where_that_is_wanted(tmp_path: Path) -> None:
    desk = desk_in(tmp_path, DIGEST_ARXIV__FALLBACK_AFTER_HOURS="0")
    desk.arxiv.fail(query_down())
    assert desk.run(at=morning(MONDAY), source=Source.QUERY).exit_code == 3
    assert asked(desk) == {"query"}


def test_the_real_arxiv_is_never_asked_beside_one_of_this_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environ = {
        "DIGEST_ARXIV__FALLBACK_AFTER_HOURS": "0",
        "DIGEST_ARXIV__OAI_URL": "https://oaipmh.arxiv.org/oai",
    }
    desk = Desk(tmp_path, CORPUS, environ=environ)
    handle, hosts = desk.arxiv.handle, set[str]()

    def noted(request: httpx.Request) -> httpx.Response:
        hosts.add(f"{request.url.host}{request.url.path}")
        return handle(request)

    monkeypatch.setattr(desk.arxiv, "handle", noted)
    desk.arxiv.fail(query_down())
    assert desk.run_on(MONDAY).exit_code == 0
    assert hosts == {"127.0.0.1/api/query", "127.0.0.1/oai"}


def test_both_routes_keep_one_pause(tmp_path: Path) -> None:
    desk = desk_in(
        tmp_path, DIGEST_ARXIV__DELAY_SECONDS="3", DIGEST_ARXIV__FALLBACK_AFTER_HOURS="0"
    )
    desk.arxiv.fail(query_down())
    desk.run_on(MONDAY)
    moments = [exchange.moment for exchange in desk.requests()]
    assert len(moments) > 10
    gaps = [after - before for before, after in pairwise(moments)]
    assert min(gaps) >= timedelta(seconds=3)


# Scopes.


def test_categories_are_kept_to(tmp_path: Path) -> None:
    scope = '["cs.*", "stat.ML"]'
    query, oai = (desk_in(tmp_path / name, DIGEST_ARXIV__SCOPE=scope) for name in ("query", "oai"))
    for day in DAYS[1:]:
        assert query.run_on(day).exit_code == 0
        assert ends(oai.run(at=morning(day), source=Source.OAI)) == (0, [DayState.COMPLETE])
    assert {day.proof for day in oai.status().days} == {"scope"}
    assert oai.status().papers == query.status().papers
    oai.run(at=morning(WEDNESDAY) + HOUR)
    assert oai.files() == query.files()


def test_topics_need_the_query_api(tmp_path: Path) -> None:
    desk = desk_in(tmp_path, DIGEST_ARXIV__SCOPE="topics", DIGEST_ARXIV__FALLBACK_AFTER_HOURS="0")
    with pytest.raises(UsageError, match="it has no search"):
        desk.run(at=morning(MONDAY), source=Source.OAI)
    desk.arxiv.fail(query_down())
    assert desk.run_on(MONDAY).exit_code == 3
    assert asked(desk) == {"query"}


# What lists do not tell.


def without(ids: list[str]) -> Callable[[bytes], bytes]:
    """A list that lacks some records."""

    def change(body: bytes) -> bytes:
        head, *records = body.split(b"<record>")
        *kept, last = records
        last, tail = last.split(b"</record>", 1)
        every = [*kept, last + b"</record>"]
        shown = [one for one in every if not any(f":{base}<".encode() in one for base in ids)]
        return b"<record>".join([head, *shown]) + tail

    return change


@pytest.mark.parametrize("place", ["first", "middle", "last"])
def test_papers_that_a_list_lacks_are_found_by_their_ids(
    first_route: dict[str, bytes], place: str, tmp_path: Path
) -> None:
    ids = [paper.id for paper in CORPUS.papers(MONDAY)]
    start = {"first": 0, "middle": len(ids) // 2, "last": len(ids) - 4}[place]
    desk = desk_in(tmp_path)
    desk.arxiv.fail(oai_only(without(ids[start : start + 4])))
    report = desk.run(at=morning(MONDAY), source=Source.OAI)
    assert ends(report) == (0, [DayState.COMPLETE])
    assert day_of(report).papers == len(ids)
    assert desk.files()[f"{MONDAY}.md"] == first_route[f"{MONDAY}.md"]


def test_an_empty_list_is_no_quiet_day(tmp_path: Path) -> None:
    """An early poll's `noRecordsMatch` is kept until midnight; it says nothing of the day."""
    empty = (
        b'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
        b"<error code='noRecordsMatch'></error></OAI-PMH>"
    )
    desk = desk_in(tmp_path)
    desk.arxiv.fail(
        Fault(
            "early",
            times=None,
            when=lambda asked: asked.get("from") == str(MONDAY),
            instead=lambda _, __: httpx.Response(200, content=empty),
        )
    )
    report = desk.run(at=morning(MONDAY), source=Source.OAI)
    assert ends(report) == (3, [DayState.WAITING])
    with Archive(desk.config.digest.archive) as archive:
        assert archive.coverage.found_empty(MONDAY) is None


def test_an_interface_that_lost_its_records_settles_nothing(tmp_path: Path) -> None:
    desk = desk_in(tmp_path)
    ids = [paper.id for paper in CORPUS.papers(MONDAY)]
    desk.arxiv.fail(
        oai_only(without(ids[5:9])),
        oai_only(
            lambda _: (
                b'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
                b"<error code='idDoesNotExist'></error></OAI-PMH>"
            ),
            "GetRecord",
        ),
    )
    report = desk.run(at=morning(MONDAY), source=Source.OAI)
    assert isinstance(report.failure, Unavailable)
    assert "not even" in report.failure.message
    desk_after = desk.run(at=morning(MONDAY) + HOUR)
    assert desk_after.exit_code == 0


def test_both_interfaces_down_is_an_outage(tmp_path: Path) -> None:
    desk = desk_in(tmp_path, DIGEST_ARXIV__FALLBACK_AFTER_HOURS="0")
    desk.arxiv.fail(Fault.status(503, times=None))
    report = desk.run_on(MONDAY)
    assert isinstance(report.failure, Unavailable) and report.exit_code == 3
    assert desk.files() == {}


class Killed(BaseException):
    """The end of a process."""


def kill(_: httpx.Request, __: datetime) -> httpx.Response:
    raise Killed


@pytest.mark.parametrize("seed", range(3))
def test_outages_kills_and_short_lists_in_any_order_come_to_the_same_files(
    first_route: dict[str, bytes], seed: int, tmp_path: Path
) -> None:
    chance = Random(seed)
    desk = desk_in(tmp_path, DIGEST_ARXIV__FALLBACK_AFTER_HOURS="0", DIGEST_ARXIV__ATTEMPTS="1")
    for day in DAYS:
        lost = chance.sample([paper.id for paper in CORPUS.papers(day)], 3)
        faults = [
            query_down(),
            oai_only(without(lost)),
            Fault("kill", after=chance.randrange(8), instead=kill),
        ]
        desk.now = morning(day)
        desk.arxiv = Simulator(
            CORPUS, now=desk.clock, faults=[one for one in faults if chance.random() < 0.5]
        )
        for source in (None, Source.OAI):
            with suppress(Killed):
                desk.run(source=source)
    desk.arxiv = Simulator(CORPUS, now=desk.clock)
    desk.run(at=morning(WEDNESDAY) + HOUR)
    desk.backfill(MONDAY, WEDNESDAY, at=morning(WEDNESDAY) + 2 * HOUR)
    assert desk.files() == first_route
    assert marked(desk) == 0
