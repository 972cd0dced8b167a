"""Marks of the served pages in the order: for and against, by age, and for the days to come."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest
from desk import Desk, morning, shown
from likeness import CACHE, GLACIER, PRUNING, TODAY
from test_order import kept, relevance, titles
from test_order_digests import CORPUS, DAYS, TOPICS

from digest.model.errors import ConfigError
from digest.writer.order.ordering import LibraryPaper
from digest.writer.order.relevance import ByRelevance

BY_MARKS = {"DIGEST_DIGEST__ORDER": "relevance"}


def mark(desk: Desk, stars: list[str], dislikes: list[str], at: str = "2025-03-03") -> None:
    """Write the file as the server of the pages does."""
    papers = dict.fromkeys(stars, ("star", True)) | dict.fromkeys(dislikes, ("dislike", True))
    data = {
        "version": 1,
        "papers": {
            paper: {name: {"value": value, "at": f"{at}T08:00:00.000Z"}}
            for paper, (name, value) in papers.items()
        },
    }
    (desk.folder / "output/marks.json").write_text(json.dumps(data), "utf-8")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two daily runs; nothing is marked."""
    desk = Desk(tmp_path_factory.mktemp("marks"), CORPUS, topics=TOPICS, environ=BY_MARKS)
    for day in DAYS[:2]:
        assert desk.run_on(day).exit_code == 0
    return desk.folder


@pytest.fixture
def desk(made: Path, tmp_path: Path) -> Desk:
    shutil.copytree(made, tmp_path / "desk")
    desk = Desk(tmp_path / "desk", CORPUS, environ=BY_MARKS)
    desk.now = morning(DAYS[1])
    return desk


def ids(desk: Desk, day: date) -> list[str]:
    return [name.partition("v")[0] for name in shown(desk.path(day).read_bytes())]


def test_marks_change_tomorrow_and_no_day_before_it(desk: Desk, tmp_path: Path) -> None:
    before = desk.files()
    first = ids(desk, DAYS[0])
    mark(desk, first[:3], first[-3:])
    assert desk.run_on(DAYS[2]).exit_code == 0
    assert {name: desk.files()[name] for name in before} == before
    with desk.app.editions() as editions:
        (edition,) = editions.between(DAYS[2], DAYS[2])
    found = [one.relevance for one in edition.shown if one.relevance]
    assert any(one.words for one in found) and any(one.against for one in found)
    # Rebuild, and another workspace with the same marks, give the same bytes.
    after = desk.files()
    assert {change.action for change in desk.app.rebuild(None, None, diff=False)} == {"unchanged"}
    (tmp_path / "other").mkdir()
    other = Desk(tmp_path / "other", CORPUS, topics=TOPICS, environ=BY_MARKS)
    for day in DAYS[:2]:
        other.run_on(day)
    mark(other, first[:3], first[-3:])
    report = other.backfill(DAYS[2], DAYS[2], at=morning(DAYS[2]))
    assert report.exit_code == 0
    assert other.files() == after
    # Without marks it would be another order.
    (other.folder / "output/marks.json").unlink()
    (change,) = other.app.rebuild(DAYS[2], DAYS[2], diff=False)
    assert change.reordered
    # And a day before it gets them when it is named.
    (change,) = desk.app.rebuild(DAYS[0], DAYS[0], diff=False)
    assert change.reordered


def test_marks_can_be_left_out(desk: Desk) -> None:
    first = ids(desk, DAYS[0])
    mark(desk, first[-3:], first[:3])
    desk.configure(DIGEST_DIGEST__MARKS="false", DIGEST_DIGEST__ORDER="newest")
    assert [change.action for change in desk.app.rebuild(DAYS[0], DAYS[1], diff=False)] == [
        "unchanged"
    ] * 2


def test_a_file_of_marks_that_cannot_be_read_is_named(desk: Desk) -> None:
    (desk.folder / "output/marks.json").write_text("{", "utf-8")
    with pytest.raises(ConfigError, match=r"marks\.json: marks: cannot be read"):
        desk.run()
    assert desk.requests() == []


def test_what_is_not_liked_counts_against_and_says_why() -> None:
    books = [LibraryPaper(*CACHE), LibraryPaper(*GLACIER), LibraryPaper(*PRUNING)]
    placed = ByRelevance(books).placed(kept(*TODAY))
    disliked = [*books[:2], LibraryPaper(*PRUNING, liked=False)]
    again = ByRelevance(disliked).placed(kept(*TODAY))
    assert relevance(again, PRUNING[0]).score == 0
    assert relevance(again, PRUNING[0]).words == ()
    assert {"experts", "pruning"} < set(relevance(again, PRUNING[0]).against)
    assert relevance(placed, PRUNING[0]).against == ()
    assert titles(again)[-1] == PRUNING[0]
    assert relevance(again, CACHE[0]).against == ()


def test_newer_entries_weigh_more() -> None:
    old = LibraryPaper(*CACHE, added="2020-01-01")
    new = LibraryPaper(*GLACIER, added="2026-03-01")
    assert titles(ByRelevance([old, new]).placed(kept(*TODAY)))[:2] == [GLACIER[0], CACHE[0]]
    turned = [
        LibraryPaper(*CACHE, added="2026-03-01"),
        LibraryPaper(*GLACIER, added="2020-01-01"),
    ]
    assert titles(ByRelevance(turned).placed(kept(*TODAY)))[:2] == [CACHE[0], GLACIER[0]]


def test_of_two_marks_of_a_paper_the_later_one_counts() -> None:
    star = LibraryPaper(*CACHE, "2501.00001", "2026-01-01")
    dislike = LibraryPaper(*CACHE, "2501.00001", "2026-02-01", liked=False)
    (one,) = ByRelevance([star, dislike]).library
    assert one == dislike
    longer = LibraryPaper(CACHE[0], CACHE[1] + " More.", "2501.00001", "2020-01-01")
    (one,) = ByRelevance([dislike, longer]).library
    assert (one.abstract, one.liked, one.added) == (longer.abstract, False, "2026-02-01")
