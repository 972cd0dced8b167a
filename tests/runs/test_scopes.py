"""Narrower scopes give the digests of all of arXiv, restricted to them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
from desk import Desk, shown

from digest.config import load
from digest.fetcher.calendar import Calendar
from digest.fetcher.query.queries import scope_query
from digest.model.reports import DayState
from digest.simulator import Corpus, Fault, Simulator

DAYS = Calendar().days(date(2026, 3, 2), date(2026, 3, 13))
CORPUS = Corpus.generate(seed=3, first=date(2025, 11, 3), last=date(2026, 4, 1), per_day=120)
CATEGORIES = ("cs.*", "stat.ML")


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = Desk(tmp_path_factory.mktemp("all"), CORPUS)
    for day in DAYS:
        desk.run_on(day)
    return desk


def run_daily(desk: Desk) -> list[int]:
    """Run every morning; how many requests each day took."""
    requests = []
    for day in DAYS:
        assert desk.run_on(day).exit_code == 0
        requests.append(len(desk.requests()))
    assert {day.state for day in desk.status().days} == {DayState.COMPLETE}
    assert {day.proof for day in desk.status().days} == {"scope"}
    return requests


def restricted(everything: Desk, keep: set[str]) -> dict[str, list[str]]:
    return {
        name: [paper for paper in shown(data) if paper.partition("v")[0] in keep]
        for name, data in everything.files().items()
    }


def test_categories_give_the_same_digests_in_few_requests(everything: Desk, tmp_path: Path) -> None:
    desk = Desk(tmp_path, CORPUS, environ={"DIGEST_ARXIV__SCOPE": '["cs.*", "stat.ML"]'})

    requests = run_daily(desk)

    inside = {
        paper.id
        for day in DAYS
        for paper in CORPUS.papers(day)
        if any(fnmatchcase(c, p) for c in paper.categories for p in CATEGORIES)
    }
    assert {name: shown(data) for name, data in desk.files().items()} == restricted(
        everything, inside
    )
    assert max(requests) <= 12


def test_topics_give_the_same_digests_in_few_requests(everything: Desk, tmp_path: Path) -> None:
    desk = Desk(tmp_path, CORPUS, environ={"DIGEST_ARXIV__SCOPE": "topics"})

    requests = run_daily(desk)

    query = scope_query("topics", load(tmp_path, {}).topics)
    arxiv = Simulator(CORPUS, now=lambda: datetime(2026, 5, 1, tzinfo=UTC))
    found = {
        paper.id for day in DAYS for paper in CORPUS.papers(day) if arxiv.matches(query, paper)
    }
    assert {name: shown(data) for name, data in desk.files().items()} == restricted(
        everything, found
    )
    assert max(requests) <= 12
    assert sum(len(shown(data)) for data in desk.files().values()) > 20


def test_a_paper_the_index_lacked_on_its_day_is_found_by_the_totals(
    everything: Desk, tmp_path: Path
) -> None:
    day, following = DAYS[3], DAYS[4]
    late = shown(everything.files()[f"{day}.md"])[1].partition("v")[0]
    until = datetime(day.year, day.month, day.day, 20, tzinfo=UTC)
    desk = Desk(
        tmp_path,
        CORPUS,
        environ={"DIGEST_ARXIV__SCOPE": "topics"},
        faults=[Fault.stale(until, ids=[late])],
    )

    desk.run_on(day)
    before = shown(desk.files()[f"{day}.md"])
    report = desk.run_on(following)

    assert late not in {paper.partition("v")[0] for paper in before}
    assert late in {paper.partition("v")[0] for paper in shown(desk.files()[f"{day}.md"])}
    joined = {paper.partition("v")[0] for day in report.days for paper in day.joined}
    assert joined == {late}


def test_a_new_keyword_is_fetched_for_the_days_before(tmp_path: Path) -> None:
    one = '[[topic]]\n[[topic.group]]\nkeywords = ["transformer"]\n'
    two = '[[topic]]\n[[topic.group]]\nkeywords = ["transformer", "sparse"]\n'
    topics = {"DIGEST_ARXIV__SCOPE": "topics"}
    desk = Desk(tmp_path / "edited", CORPUS, environ=topics, topics=one)
    for day in DAYS[:3]:
        desk.run_on(day)
    before = desk.files()
    (desk.folder / "config/keywords.toml").write_text(two, encoding="utf-8")
    fresh = Desk(tmp_path / "fresh", CORPUS, environ=topics, topics=two)
    for day in DAYS[:4]:
        fresh.run_on(day)

    desk.run_on(DAYS[3])

    assert desk.files() == fresh.files()
    assert all(desk.files()[name] != data for name, data in before.items())


def test_a_narrower_scope_needs_nothing_that_all_of_arxiv_was_read_for(tmp_path: Path) -> None:
    desk = Desk(tmp_path, CORPUS)
    desk.run_on(DAYS[0])
    desk.requests()
    desk.configure(DIGEST_ARXIV__SCOPE='["cs.*"]')

    desk.run()

    assert desk.requests() == []
