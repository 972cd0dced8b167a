"""Reading windows and ids page by page: nothing is lost, whatever arXiv's pages are like."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pytest
from asking import Clock, invented, query_api
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.fetcher.query.route import Harvester
from digest.fetcher.route import IdsRead, WindowRead
from digest.model import Paper, PaperId, Window
from digest.model.errors import Unavailable
from digest.simulator import Corpus, Fault, Simulator

START = datetime(2026, 3, 9, 18, tzinfo=UTC)
WINDOW = Window(START, START + timedelta(days=1))


class Reader:
    """A harvester over a simulated arXiv, and all papers that it stored."""

    def __init__(
        self,
        papers: Iterable[Paper],
        folder: Path,
        *,
        page_size: int = 5,
        batch: int = 5,
        attempts: int = 6,
        scope: str = "",
        faults: Iterable[Fault] = (),
        seed: int = 0,
    ) -> None:
        self.clock = Clock()
        self.arxiv = Simulator(Corpus.of(papers), now=self.clock, faults=faults, seed=seed)
        self.stored: dict[str, Paper] = {}
        self.pages: list[int] = []
        api = query_api(
            httpx.MockTransport(self.arxiv.handle), folder, clock=self.clock, attempts=attempts
        )
        self.harvester = Harvester(api, scope=scope, page_size=page_size, batch=batch)

    def store(self, papers: Sequence[Paper]) -> None:
        self.pages.append(len(papers))
        self.stored |= {f"{paper.id}v{paper.version}": paper for paper in papers}

    def window(self, window: Window = WINDOW) -> WindowRead:
        return self.harvester.read_window(window, self.store)

    def ids(self, *names: str) -> IdsRead:
        return self.harvester.read_ids([PaperId.parse(name) for name in names], self.store)

    @property
    def asked(self) -> list[int]:
        """How many papers each request asked for."""
        return [int(exchange.params["max_results"]) for exchange in self.arxiv.log]


def spread(count: int, step: float = 60.0) -> list[Paper]:
    """Papers from the window's start on, so many seconds apart."""
    return [
        invented(f"2603.{n + 1:05d}", START + timedelta(seconds=round(n * step)))
        for n in range(count)
    ]


def names(papers: Iterable[Paper]) -> set[str]:
    return {f"{paper.id}v{paper.version}" for paper in papers}


def read(papers: list[Paper], folder: Path) -> WindowRead:
    reader = Reader(papers, folder)
    result = reader.window()
    assert set(reader.stored) == names(papers)
    return result


# Windows.


@pytest.mark.parametrize("count", [0, 1, 4, 5, 6, 10, 11, 23])
@pytest.mark.parametrize("step", [7.0, 60.0, 600.0])
def test_a_window_is_read_in_full(count: int, step: float, tmp_path: Path) -> None:
    result = read(spread(count, step), tmp_path)
    assert result == WindowRead(count, count, (), ())


def test_an_ordinary_day_is_two_requests(tmp_path: Path) -> None:
    reader = Reader(spread(1500, 50), tmp_path, page_size=1000)
    reader.window()
    assert reader.asked == [1000, 1000]


def test_a_window_is_read_with_the_second_of_its_end(tmp_path: Path) -> None:
    inside = [invented("2603.00001", WINDOW.start), invented("2603.00002", WINDOW.end)]
    outside = [
        invented("2603.00003", WINDOW.start - timedelta(seconds=1)),
        invented("2603.00004", WINDOW.end + timedelta(seconds=1)),
    ]
    reader = Reader([*inside, *outside], tmp_path)
    assert reader.window().total == 2
    assert set(reader.stored) == names(inside)


seconds = st.lists(st.sampled_from([0, 1, 59, 60, 61, 119, 120, 180, 3600]), max_size=25)


@settings(max_examples=60, deadline=None)
@given(seconds, st.integers(1, 5), st.integers(0, 99))
def test_papers_of_the_same_second_are_not_lost_at_the_border_of_a_page(
    moments: list[int], page_size: int, seed: int
) -> None:
    # arXiv orders them differently at every request.
    papers = [
        invented(f"2603.{n + 1:05d}", START + timedelta(seconds=second))
        for n, second in enumerate(moments)
    ]
    with TemporaryDirectory() as folder:
        reader = Reader(papers, Path(folder), page_size=page_size, seed=seed)
        result = reader.window()
    assert result.total == len(papers)
    # More papers of a minute than a page holds can hide one; then the total tells.
    whole = set(reader.stored) == names(papers)
    assert whole or result.received < result.total
    minutes = [second // 60 for second in moments]
    if max(map(minutes.count, minutes), default=0) < page_size:
        assert (whole, result.received) == (True, result.total)


@settings(max_examples=20, deadline=None)
@given(st.permutations(range(8)))
def test_the_order_in_which_pages_are_stored_does_not_matter(order: list[int]) -> None:
    papers = spread(8, 20)
    with TemporaryDirectory() as folder:
        reader = Reader([papers[n] for n in order], Path(folder), page_size=3)
        reader.window()
    assert reader.stored == {f"{paper.id}v1": paper for paper in papers}


def test_a_scope_is_part_of_every_question(tmp_path: Path) -> None:
    papers = spread(6)
    others = [
        invented(f"2603.1000{n}", START + timedelta(minutes=n), categories=("math.CO",))
        for n in range(6)
    ]
    reader = Reader([*papers, *others], tmp_path, page_size=2, scope="(cat:cs.*)")
    assert reader.window() == WindowRead(6, 6, (), ())
    assert reader.harvester.count(WINDOW) == 6
    assert set(reader.stored) == names(papers)


def test_a_duplicate_in_a_page_is_counted_once_and_the_paper_missed_is_missing(
    tmp_path: Path,
) -> None:
    reader = Reader(spread(5), tmp_path, faults=[Fault.duplicate(times=None)])
    result = reader.window()
    assert (result.total, result.received) == (5, 4)


def test_a_total_that_moves_once_makes_it_read_the_window_again(tmp_path: Path) -> None:
    reader = Reader(spread(12), tmp_path, faults=[Fault.moving_total(after=1)])
    assert reader.window() == WindowRead(12, 12, (), ())
    assert len(reader.stored) == 12


def test_a_total_that_keeps_moving_is_left_to_the_next_run(tmp_path: Path) -> None:
    moving = [Fault.moving_total(by, after=n) for n, by in enumerate([0, 1, 0, 2] * 10)]
    reader = Reader(spread(12), tmp_path, faults=moving)
    result = reader.window()
    assert result.received < result.total or len(reader.stored) == 12
    assert len(reader.arxiv.log) < 20


# Faults.


@pytest.mark.parametrize("place", range(12))
def test_a_paper_that_arxiv_cannot_serve_is_stepped_over(place: int, tmp_path: Path) -> None:
    papers = spread(12)
    poisoned = papers[place]
    reader = Reader(papers, tmp_path, page_size=5, faults=[Fault.poison(poisoned.id)])
    result = reader.window()
    assert set(reader.stored) == names(papers) - {f"{poisoned.id}v1"}
    assert (result.total, result.received) == (12, 11)
    assert len(result.unreadable) == 1


def test_two_papers_that_arxiv_cannot_serve_are_stepped_over(tmp_path: Path) -> None:
    papers = spread(12)
    faults = [Fault.poison(papers[3].id), Fault.poison(papers[9].id)]
    reader = Reader(papers, tmp_path, page_size=5, faults=faults)
    assert len(reader.window().unreadable) == 2
    assert len(reader.stored) == 10


def test_two_neighbours_that_arxiv_cannot_serve_are_stepped_over(tmp_path: Path) -> None:
    papers = spread(12)
    faults = [Fault.poison(papers[3].id), Fault.poison(papers[4].id)]
    result = Reader(papers, tmp_path, page_size=5, faults=faults).window()
    assert (result.total, result.received, len(result.unreadable)) == (12, 10, 2)


@pytest.mark.parametrize("times", range(1, 12))
@pytest.mark.parametrize("page_size", [1, 2, 5, 20])
def test_a_burst_of_failures_loses_no_paper_without_saying_so(
    page_size: int, times: int, tmp_path: Path
) -> None:
    papers = spread(12)
    for after in range(4):
        faults = [Fault.status(500, after=after, times=times)]
        reader = Reader(papers, tmp_path, page_size=page_size, faults=faults)
        try:
            result = reader.window()
        except Unavailable:
            continue
        assert result.received == len(reader.stored)
        assert result.total == 12


def test_deep_pages_are_never_asked_for_also_where_a_paper_cannot_be_served(
    tmp_path: Path,
) -> None:
    papers = spread(10_100, 7)
    reader = Reader(papers, tmp_path, page_size=2000, faults=[Fault.poison(papers[500].id)])
    result = reader.window()
    assert (result.total, result.received) == (10_100, 10_099)
    assert len(reader.stored) == 10_099
    ends = [
        int(exchange.params["start"]) + int(exchange.params["max_results"])
        for exchange in reader.arxiv.log
        if exchange.params.get("start")
    ]
    assert max(ends) <= 10_000


@pytest.mark.parametrize("place", range(12))
def test_an_entry_without_a_date_is_named_and_the_rest_comes(place: int, tmp_path: Path) -> None:
    papers = spread(12)
    undated = papers[place]
    faults = [Fault.undated(undated.id, times=None)]
    reader = Reader(papers, tmp_path, page_size=5, faults=faults)
    result = reader.window()
    assert set(reader.stored) == names(papers) - {f"{undated.id}v1"}
    assert (result.total, result.received) == (12, 11)
    assert [entry.id for entry in result.rejected] == [f"{undated.id}v1"]
    assert len(reader.arxiv.log) <= 4


@pytest.mark.parametrize("attempts", [1, 2, 3, 6])
def test_an_outage_costs_the_attempts_and_one(attempts: int, tmp_path: Path) -> None:
    faults = [Fault.status(500, times=None)]
    reader = Reader(spread(3), tmp_path, attempts=attempts, faults=faults)
    with pytest.raises(Unavailable):
        reader.window()
    assert len(reader.arxiv.log) == attempts + 1  # and one that shows that arXiv is down
    with pytest.raises(Unavailable):
        reader.ids("2603.00001")
    assert len(reader.arxiv.log) == 2 * (attempts + 1)


def test_the_page_size_halves_and_recovers(tmp_path: Path) -> None:
    def large(params: object) -> bool:
        assert isinstance(params, dict)
        return int(params["max_results"]) > 30

    faults = [Fault.hang(times=2, when=large)]
    reader = Reader(spread(300), tmp_path, page_size=80, faults=faults)
    assert reader.window().received == 300
    assert reader.asked[:6] == [80, 40, 20, 40, 80, 80]
    assert set(reader.asked[5:]) == {80}


def test_rate_limits_do_not_shrink_pages(tmp_path: Path) -> None:
    reader = Reader(spread(3), tmp_path, faults=[Fault.status(429, times=3)])
    reader.window()
    assert reader.asked == [5, 5, 5, 5]


@pytest.mark.parametrize(
    "fault",
    [
        Fault.empty_page(),
        Fault.short_page(),
        Fault.truncated(),
        Fault.text(""),
        Fault.reset(),
        Fault.cut_off(),
        Fault.hang(),
        Fault.status(503, retry_after=5),
        Fault.empty_page(after=1),
        Fault.short_page(after=2),
    ],
    ids=lambda fault: f"{fault.name} after {fault.after}",
)
def test_a_fault_that_passes_changes_nothing(fault: Fault, tmp_path: Path) -> None:
    papers = spread(12)
    reader = Reader(papers, tmp_path, faults=[fault])
    assert reader.window() == WindowRead(12, 12, (), ())
    assert set(reader.stored) == names(papers)


# Ids.


def test_ids_that_arxiv_does_not_return_are_missing(tmp_path: Path) -> None:
    reader = Reader(spread(7), tmp_path, batch=3)
    wanted = ["2603.00001", "2603.00099", "2603.00003", "2603.00004", "2603.00098", "2603.00007"]
    result = reader.ids(*wanted)
    assert result == IdsRead((PaperId("2603.00099"), PaperId("2603.00098")), (), ())
    assert set(reader.stored) == {f"2603.0000{n}v1" for n in (1, 3, 4, 7)}
    assert reader.asked == [3, 3]


def test_earlier_versions_are_asked_for_past_the_scope(tmp_path: Path) -> None:
    first = invented("2603.00001", START, abstract="Lichen.")
    second = invented("2603.00001", START, version=2, updated=WINDOW.end, abstract="Tides.")
    reader = Reader([first, second], tmp_path, scope="(abs:tides)")
    result = reader.ids("2603.00001", "2603.00001v1", "2603.00001v7")
    assert result.missing == (PaperId("2603.00001", 7),)
    assert set(reader.stored) == {"2603.00001v1", "2603.00001v2"}


def test_ids_out_of_the_scope_are_missing(tmp_path: Path) -> None:
    reader = Reader(spread(2), tmp_path, scope="(cat:math.CO)")
    assert len(reader.ids("2603.00001", "2603.00002").missing) == 2


@pytest.mark.parametrize("count", [1, 2, 5, 7])
@pytest.mark.parametrize("place", [0, 1, 4, 6])
def test_a_paper_that_arxiv_cannot_serve_is_named_by_its_id(
    count: int, place: int, tmp_path: Path
) -> None:
    papers = spread(count)
    poisoned = papers[min(place, count - 1)]
    reader = Reader(papers, tmp_path, faults=[Fault.poison(poisoned.id)])
    result = reader.ids(*(paper.id for paper in papers))
    assert result.unreadable == (PaperId(poisoned.id),)
    assert result.missing == ()
    assert set(reader.stored) == names(papers) - {f"{poisoned.id}v1"}


def test_an_entry_that_is_no_usable_paper_is_not_missing(tmp_path: Path) -> None:
    papers = spread(3)
    faults = [Fault.undated(papers[1].id, times=None)]
    reader = Reader(papers, tmp_path, faults=faults)
    result = reader.ids(*(paper.id for paper in papers))
    assert [entry.id for entry in result.rejected] == [f"{papers[1].id}v1"]
    assert result.unreadable == (PaperId(papers[1].id),)
    assert result.missing == ()


@pytest.mark.parametrize("poisoned", [None, "2603.00001", "2603.00003"])
def test_a_witness_tells_an_answer_without_papers_from_a_lost_index(
    poisoned: str | None, tmp_path: Path
) -> None:
    papers = spread(4)
    faults = [Fault.poison(poisoned)] if poisoned else []
    reader = Reader(papers, tmp_path, faults=faults)
    witness = PaperId(papers[-1].id)
    wanted = [PaperId("2603.00001"), PaperId("2603.00099"), PaperId("2603.00003")]
    result = reader.harvester.read_ids(wanted, reader.store, witness=witness)
    assert result.missing == (PaperId("2603.00099"),)
    assert result.unreadable == ((PaperId(poisoned),) if poisoned else ())

    lost = Reader(papers, tmp_path, faults=[Fault.outage(times=None)])
    with pytest.raises(Unavailable, match=r"2603\.00004"):
        lost.harvester.read_ids(wanted, lost.store, witness=witness)


# Edges.


@pytest.mark.parametrize(("newest", "expected"), [(True, {10, 11, 12}), (False, {1, 2, 3})])
def test_an_edge_is_the_first_or_last_papers_of_all_of_arxiv(
    newest: bool, expected: set[int], tmp_path: Path
) -> None:
    reader = Reader(spread(12), tmp_path, scope="(cat:math.CO)")
    papers = reader.harvester.read_edge(WINDOW, 3, newest=newest)
    assert {int(paper.id[-2:]) for paper in papers} == expected


def test_an_edge_may_take_several_pages(tmp_path: Path) -> None:
    reader = Reader(spread(12), tmp_path, page_size=2)
    papers = reader.harvester.read_edge(WINDOW, 7, newest=True)
    assert {int(paper.id[-2:]) for paper in papers} == set(range(6, 13))


@pytest.mark.parametrize("place", range(4))
def test_an_edge_passes_over_what_arxiv_cannot_serve(place: int, tmp_path: Path) -> None:
    papers = spread(4)
    reader = Reader(papers, tmp_path, faults=[Fault.poison(papers[place].id)])
    edge = reader.harvester.read_edge(WINDOW, 10, newest=True)
    assert names(edge) == names(papers) - {f"{papers[place].id}v1"}


def test_the_edge_of_an_empty_window_is_empty(tmp_path: Path) -> None:
    reader = Reader([], tmp_path)
    assert reader.harvester.read_edge(WINDOW, 3, newest=True) == []


def test_an_answer_with_one_paper_in_the_place_of_another_shows_nothing_absent(
    tmp_path: Path,
) -> None:
    reader = Reader(spread(2), tmp_path, faults=[Fault.duplicate()])
    with pytest.raises(Unavailable, match="twice"):
        reader.ids("2603.00001", "2603.00002")
    assert reader.ids("2603.00001", "2603.00002").missing == ()
