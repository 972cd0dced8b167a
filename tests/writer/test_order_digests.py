"""Digests and pages in the order of relevance: the same bytes however they came about."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from desk import Desk, morning, rebuild_command, shown
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from workers import together

from digest.app.parts import Parts
from digest.app.world import real_world
from digest.archive import Archive
from digest.cli.changes import change_lines
from digest.fetcher.calendar import Calendar
from digest.model import Period
from digest.model.errors import ConfigError
from digest.simulator import Corpus

DAYS = Calendar().days(date(2025, 3, 3), date(2025, 3, 5))
CORPUS = Corpus.generate(seed=5, first=date(2025, 2, 3), last=date(2025, 3, 6), per_day=30)
TOPICS = '[[topic]]\n[[topic.group]]\nkeywords = ["model", "scales"]\n'
RELEVANCE = {"DIGEST_DIGEST__ORDER": "relevance", "DIGEST_DIGEST__LIBRARY": "papers.bib"}
LINE = re.compile(r'<p class="relevance">Relevance (\d+)(?:: (.*?))?</p>')


def write_library(folder: Path, number: int = 20) -> None:
    """A BibTeX file of papers that were announced before the days, and a broken entry."""
    entries = [
        f"@misc{{k{place}, title = {{{one.title}}}, abstract = {{{one.abstract}}}}}\n"
        for place, one in enumerate(CORPUS.papers(date(2025, 2, 3))[:number])
    ]
    (folder / "papers.bib").write_text("".join(entries) + "@misc{broken, title = {", "utf-8")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace of three daily runs in the order of relevance."""
    folder = tmp_path_factory.mktemp("made")
    write_library(folder)
    desk = Desk(folder, CORPUS, topics=TOPICS, environ=RELEVANCE)
    for day in DAYS:
        assert desk.run_on(day).exit_code == 0
    return desk.folder


@pytest.fixture
def desk(made: Path, tmp_path: Path) -> Desk:
    """A copy of it."""
    shutil.copytree(made, tmp_path / "desk")
    desk = Desk(tmp_path / "desk", CORPUS, environ=RELEVANCE)
    desk.now = morning(DAYS[-1])
    return desk


def rebuild(desk: Desk) -> list[str]:
    """Rebuild all, and tell what was done to each digest."""
    return [change.action for change in desk.app.rebuild(None, None, diff=False)]


def page(desk: Desk, day: date) -> str:
    return (desk.folder / f"output/site/day/{day}.html").read_text(encoding="utf-8")


def relevances(desk: Desk, day: date) -> list[tuple[int, str]]:
    """The line of each paper of a page: the score and the words."""
    lines = LINE.findall(page(desk, day))
    return [(int(score), re.sub("</?bdi>", "", found)) for score, found in lines]


def test_run_backfill_rebuild_and_workers_give_the_same_bytes(desk: Desk, tmp_path: Path) -> None:
    files = desk.files()
    assert len(files) == len(DAYS)
    write_library(tmp_path)
    later = Desk(tmp_path, CORPUS, topics=TOPICS, environ=RELEVANCE)
    report = later.backfill(DAYS[0], DAYS[-1], at=morning(DAYS[-1]))
    assert later.files() == files
    note = "1 entry of the library left out: broken or without a title"
    assert note in report.notes
    assert rebuild(desk) == ["unchanged"] * len(DAYS)
    parts = Parts(desk.config, real_world())
    periods = [Period.of(day) for day in DAYS]
    with (
        parts.opened() as archive,
        closing(
            together(desk.config, parts.make(archive), periods, parts.ordering(archive))
        ) as made,
    ):
        assert {f"{one.edition.day}.md": one.data for one in made} == files


def test_the_order_is_another_one_of_the_same_papers(desk: Desk) -> None:
    by_relevance = desk.files()
    desk.configure(DIGEST_DIGEST__ORDER="newest")
    changes = list(desk.app.rebuild(None, None, diff=True))
    assert {change.reordered for change in changes} == {True}
    assert not any(change.came or change.went or change.badges for change in changes)
    assert {change.bytes for change in changes} == {None}
    assert list(change_lines(changes[0]))[1:] == [("  in another order", None)]
    assert rebuild(desk) == ["rewritten"] * len(DAYS)
    newest = desk.files()
    for name, data in newest.items():
        assert shown(data) != shown(by_relevance[name])
        assert sorted(shown(data)) == sorted(shown(by_relevance[name]))
    desk.configure(DIGEST_DIGEST__ORDER="relevance")
    assert rebuild(desk) == ["rewritten"] * len(DAYS)
    assert desk.files() == by_relevance


def test_the_command_tells_of_the_order(
    desk: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert rebuild_command(desk, "--diff") == 0  # with the configuration of the files: newest first
    told = capsys.readouterr().out
    assert told.count("\n  in another order\n") == len(DAYS)
    assert "otherwise:" not in told
    assert told.endswith(" 0 with other badges. Digests in another order: 3.\n")
    for name, text in RELEVANCE.items():
        monkeypatch.setenv(name, text)
    assert rebuild_command(desk, "--diff") == 0
    assert capsys.readouterr().out == "0 of 3 digests would change.\n"


def test_the_pages_say_how_relevant_a_paper_is_and_why(desk: Desk) -> None:
    desk.app.site()
    for day in DAYS:
        found = relevances(desk, day)
        assert len(found) == len(shown(desk.path(day).read_bytes()))
        assert [score for score, _ in found] == scores(desk, day)
        assert sorted(found, key=lambda one: -one[0]) == found
        assert found[0][0] > 0
        with desk.app.editions() as editions:
            (edition,) = editions.between(day, day)
        for (_, told), one in zip(found, edition.shown, strict=True):
            text = f"{one.paper.title} {one.paper.abstract}".lower()
            assert all(word.lower() in text for word in told.split(", "))
            assert len(told.split(", ")) <= 3


def test_pages_are_made_again_with_the_digests_that_get_another_library_and_only_then(
    desk: Desk,
) -> None:
    desk.app.site()
    path = desk.folder / "papers.bib"
    path.write_text("% a comment\n" + path.read_text("utf-8"), "utf-8")
    assert desk.app.site().written == 0
    before = [page(desk, day) for day in DAYS]
    write_library(desk.folder, 10)
    assert desk.app.site().written == 0
    list(desk.app.rebuild(DAYS[0], DAYS[0], diff=False))
    assert desk.app.site().written
    assert page(desk, DAYS[0]) != before[0]
    assert [page(desk, day) for day in DAYS[1:]] == before[1:]
    desk.configure(DIGEST_DIGEST__ORDER="newest")
    assert desk.app.site().written
    assert relevances(desk, DAYS[0]) == []


def test_an_edit_of_the_library_reorders_the_days_that_are_named_and_those_to_come(
    desk: Desk,
) -> None:
    before = desk.files()
    write_library(desk.folder, 3)
    assert rebuild(desk) == ["unchanged"] * len(DAYS)
    (change,) = desk.app.rebuild(DAYS[1], DAYS[1], diff=False)
    assert change.reordered
    assert [name for name, data in desk.files().items() if data != before[name]] == [
        f"{DAYS[1]}.md"
    ]
    named = desk.files()
    # Which library made it stays known, also where another one is there since.
    write_library(desk.folder, 20)
    assert rebuild(desk) == ["unchanged"] * len(DAYS)
    assert desk.files() == named
    list(desk.app.rebuild(DAYS[0], DAYS[-1], diff=False))
    assert desk.files() == before


def star(desk: Desk, *ids: str) -> None:
    papers = [
        {"id": one, "title": "", "starred": "2025-03-03T00:00:00Z", "read": None} for one in ids
    ]
    (desk.folder / "stars.json").write_text(json.dumps({"papers": papers}), "utf-8")
    desk.configure(DIGEST_DIGEST__LIBRARY="stars.json")


def scores(desk: Desk, day: date) -> list[int]:
    """The scores of a digest's papers, in their order."""
    with desk.app.editions() as editions:
        (edition,) = editions.between(day, day)
    return [one.relevance.score for one in edition.shown if one.relevance]


def test_a_starred_paper_is_not_compared_with_itself(desk: Desk) -> None:
    first, *_, last = shown(desk.path(DAYS[0]).read_bytes())
    star(desk, last.partition("v")[0])
    (change, *_) = desk.app.rebuild(DAYS[0], DAYS[0], diff=False)
    assert change.reordered
    assert shown(desk.path(DAYS[0]).read_bytes())[-1] != first
    found = scores(desk, DAYS[0])
    assert found[0] > found[-1] == 0


def test_a_star_that_the_archive_does_not_have_is_told_and_stops_nothing(desk: Desk) -> None:
    star(desk, "2412.99999")
    report = desk.run()
    assert report.exit_code == 0
    list(desk.app.rebuild(DAYS[0], DAYS[-1], diff=False))
    assert "1 star of the library left out: not in the archive" in report.notes
    assert set(scores(desk, DAYS[0])) == {0}


def test_the_order_of_a_digest_does_not_depend_on_what_else_the_archive_has(desk: Desk) -> None:
    (desk.folder / "more").mkdir()
    other = Desk(desk.folder / "more", CORPUS, topics=TOPICS, environ=RELEVANCE)
    write_library(other.folder)
    other.run(DAYS[2], at=morning(DAYS[2]))
    assert other.files() == {f"{DAYS[2]}.md": desk.files()[f"{DAYS[2]}.md"]}


def test_a_library_that_is_no_library_ends_a_run_before_it_asks_arxiv(desk: Desk) -> None:
    (desk.folder / "papers.bib").write_text("nothing", "utf-8")
    with pytest.raises(ConfigError, match=r"papers\.bib: library: holds no entry"):
        desk.run()
    assert desk.requests() == []


@pytest.fixture(scope="module")
def archive(made: Path) -> Iterator[Archive]:
    with Archive(made / "output/.archive.sqlite3") as archive:
        yield archive


@given(st.lists(st.integers(0, 19), max_size=6), st.booleans())
@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_order_of_files_and_entries_is_nothing(
    made: Path, archive: Archive, split: list[int], turned: bool
) -> None:
    text = (made / "papers.bib").read_text("utf-8")
    entries = re.findall(r"@misc\{k.*?\}\}\n", text, re.DOTALL)
    first = [entry for number, entry in enumerate(entries) if number not in split]
    second = [entry for number, entry in enumerate(entries) if number in split]
    names = ["one.bib"] + ["two.bib"] * bool(second)
    for name, some in zip(names, (first, second), strict=False):
        (made / name).write_text("".join(some[::-1]), "utf-8")
    environ = {**RELEVANCE, "DIGEST_DIGEST__LIBRARY": ",".join(names[:: -1 if turned else 1])}
    config = Desk(made, CORPUS, environ=environ).config
    make = Parts(config, real_world()).make(archive)
    made_again = make(Period.of(DAYS[1]))
    assert made_again.data == (made / f"output/{DAYS[1]}.md").read_bytes()
