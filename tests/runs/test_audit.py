"""The audit: what the archive lacks against arXiv's own list is found, fetched and written."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from desk import Desk, Silence, morning, shown

from digest.app.world import real_world
from digest.cli import exit_code
from digest.config.workspace import create
from digest.fetcher.calendar import Calendar
from digest.model import Outcome
from digest.model.errors import Unavailable, UsageError
from digest.model.reports import AuditReport, DayState
from digest.simulator import Corpus, Fault, Simulator, serve

CORPUS = Corpus.generate(seed=3, first=date(2026, 1, 12), last=date(2026, 4, 1), per_day=25)
DAYS = Calendar().days(date(2026, 3, 9), date(2026, 3, 11))
MONDAY, TUESDAY, WEDNESDAY = DAYS
HOUR = timedelta(hours=1)
NOW = morning(WEDNESDAY) + HOUR
ANY = '[[topic]]\n[[topic.group]]\nkeywords = ["the"]\n'


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A workspace with three days, of which nothing is missing."""
    desk = desk_in(tmp_path_factory.mktemp("whole"))
    for day in DAYS:
        assert desk.run_on(day).exit_code == 0
    return desk


@pytest.fixture
def desk(whole: Desk, tmp_path: Path) -> Desk:
    """The same in a folder of its own."""
    with sqlite3.connect(whole.config.digest.archive) as source:
        copy = desk_in(tmp_path)
        path = copy.config.digest.archive
        path.parent.mkdir(exist_ok=True)
        with sqlite3.connect(path) as target:
            source.backup(target)
        target.close()
    source.close()
    for name, data in whole.files().items():
        (path.parent / name).write_bytes(data)
    return copy


def desk_in(folder: Path, **more: str) -> Desk:
    oai = {"DIGEST_ARXIV__OAI_URL": "http://127.0.0.1:1/oai"}
    return Desk(folder, CORPUS, environ=oai | more, topics=ANY)


def audit(desk: Desk, first: date = MONDAY, last: date = WEDNESDAY) -> AuditReport:
    desk.now = NOW
    return desk.app.audit(first, last, Silence())


def lose(path: Path, ids: list[str]) -> None:
    """Take papers out of an archive that believes to have them, and out of its digests' record."""
    with sqlite3.connect(path) as db:
        for paper in ids:
            db.execute("DELETE FROM version WHERE paper = ?", (paper,))
            db.execute("DELETE FROM paper WHERE id = ?", (paper,))
        db.execute("DELETE FROM batch")
    db.close()


def ids_of(day: date) -> list[str]:
    return [paper.id for paper in CORPUS.papers(day)]


def query_down(code: int = 503) -> Fault:
    return Fault.status(code, times=None, when=lambda asked: "verb" not in asked)


def test_a_whole_archive_costs_one_request_and_changes_nothing(desk: Desk) -> None:
    before = desk.files()
    report = audit(desk)
    assert report.exit_code == 0
    assert report.listed == sum(len(ids_of(day)) for day in DAYS)
    assert (report.repaired, report.lacking, report.deleted, report.unread) == ((), (), (), ())
    assert (report.requests, len(desk.requests()), report.digests) == (1, 1, ())
    assert desk.files() == before


@pytest.mark.parametrize("kept", [5, 1])
def test_a_first_day_of_which_hardly_anything_is_left_is_audited_from_its_beginning(
    desk: Desk, kept: int
) -> None:
    lost = ids_of(MONDAY)[: len(ids_of(MONDAY)) - kept]
    lose(desk.config.digest.archive, lost)
    report = audit(desk)
    assert report.repaired == tuple(sorted(lost))
    assert report.listed == sum(len(ids_of(day)) for day in DAYS)


@pytest.mark.parametrize("which", ["middle", "last", "first"])
def test_missing_papers_are_fetched_and_their_digests_written_again(
    whole: Desk, desk: Desk, which: str
) -> None:
    place = {"first": slice(0, 2), "middle": slice(9, 12), "last": slice(-3, None)}[which]
    day = {"first": MONDAY, "middle": TUESDAY, "last": WEDNESDAY}[which]
    lost = ids_of(day)[place]
    lose(desk.config.digest.archive, lost)
    rebuilt = list(desk.app.rebuild(None, None, diff=False))
    assert any(change.action == "rewritten" for change in rebuilt)
    assert desk.files() != whole.files()

    report = audit(desk)
    assert report.exit_code == 0
    assert report.repaired == tuple(sorted(lost))
    assert [digest.day for digest in report.digests] == [day]
    assert desk.files() == whole.files()
    assert desk.app.log(1).runs[0].outcome == Outcome.DONE

    assert audit(desk).repaired == ()


def test_what_cannot_be_got_is_named(desk: Desk) -> None:
    lost = sorted(ids_of(TUESDAY)[9:12])
    lose(desk.config.digest.archive, lost)
    desk.arxiv.fail(query_down())
    report = audit(desk)
    assert report.exit_code == 3
    assert isinstance(report.failure, Unavailable)
    assert (report.repaired, report.lacking) == ((), tuple(lost))
    assert desk.app.log(1).runs[0].outcome == Outcome.INCOMPLETE


def test_a_paper_that_only_the_list_has_is_missing(desk: Desk) -> None:
    lost = ids_of(TUESDAY)[9]
    lose(desk.config.digest.archive, [lost])
    until = NOW + timedelta(days=9)
    hidden = Fault.stale(until, ids=[lost])
    desk.arxiv.fail(
        Fault(hidden.name, None, when=lambda asked: "verb" not in asked, hides=hidden.hides)
    )
    report = audit(desk)
    assert (report.exit_code, report.lacking, report.failure) == (3, (lost,), None)


def test_an_arxiv_without_its_list_is_an_outage(desk: Desk) -> None:
    desk.arxiv.fail(Fault.status(503, times=None))
    report = audit(desk)
    assert (report.exit_code, report.listed, report.digests) == (3, 0, ())
    assert isinstance(report.failure, Unavailable)


def test_a_deleted_work_is_named_and_kept(whole: Desk, desk: Desk) -> None:
    gone = ids_of(TUESDAY)[4]
    header = f"<header>\n        <identifier>oai:arXiv.org:{gone}<".encode()
    deleted = header.replace(b"<header>", b"<header status='deleted'>")
    desk.arxiv.fail(Fault("deleted", body=lambda body: body.replace(header, deleted)))
    report = audit(desk)
    assert (report.exit_code, report.deleted, report.lacking) == (0, (gone,), ())
    assert desk.status().papers == whole.status().papers


def test_days_never_fetched_are_named(desk: Desk) -> None:
    with sqlite3.connect(desk.config.digest.archive) as db:
        db.execute("DELETE FROM reading WHERE day = ?", (str(TUESDAY),))
    db.close()
    report = audit(desk, date(2026, 2, 2))
    assert (report.first, report.unread, report.exit_code) == (MONDAY, (TUESDAY,), 3)


@pytest.mark.parametrize(
    ("first", "last", "message"),
    [
        (date(2026, 2, 2), date(2026, 2, 6), "the archive has no announcement day"),
        (TUESDAY, MONDAY, "is before"),
        (MONDAY, date(2026, 3, 12), "in the future"),
    ],
)
def test_days_that_make_no_sense_are_refused(
    desk: Desk, first: date, last: date, message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        audit(desk, first, last)
    assert desk.requests() == []


def test_within_categories_only_their_papers_are_missed(tmp_path: Path) -> None:
    desk = desk_in(tmp_path, DIGEST_ARXIV__SCOPE='["cs.*", "stat.ML"]')
    for day in DAYS:
        desk.run_on(day)
    whole = desk.files()
    lost = sorted(paper.partition("v")[0] for paper in shown(whole[f"{TUESDAY}.md"])[:2])
    lose(desk.config.digest.archive, lost)
    list(desk.app.rebuild(None, None, diff=False))
    assert desk.files() != whole

    report = audit(desk)
    assert (report.exit_code, report.repaired, report.lacking) == (0, tuple(lost), ())
    assert desk.files() == whole
    assert {day.state for day in desk.status().days} == {DayState.COMPLETE}


@pytest.fixture
def on_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A workspace whose arXiv listens on a socket; its lists are as old as its announcements."""
    create(tmp_path)
    now = real_world().now
    last = Calendar().latest(now())
    corpus = Corpus.generate(seed=4, first=last - timedelta(days=9), last=last, per_day=15)
    with serve(Simulator(corpus, now=lambda: now() + 4 * HOUR), 0) as server:
        for name, value in {
            "API_URL": server.url,
            "OAI_URL": server.oai_url,
            "DELAY_SECONDS": "0",
            "ATTEMPTS": "1",
        }.items():
            monkeypatch.setenv(f"DIGEST_ARXIV__{name}", value)
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
        yield tmp_path


def test_the_commands_ask_the_route_that_is_chosen(
    on_line: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    here = ("-C", str(on_line))
    assert exit_code((*here, "run", "--source", "oai", "--json")) == 0
    (day,) = (one["day"] for one in json.loads(capsys.readouterr().out)["days"])
    archive = on_line / "output/.archive.sqlite3"
    with sqlite3.connect(archive) as db:
        ((paper,),) = db.execute("SELECT id FROM paper ORDER BY id DESC LIMIT 1")
    db.close()
    lose(archive, [paper])

    assert exit_code((*here, "audit", day, day)) == 0
    assert f"repaired (1): {paper}" in capsys.readouterr().out.splitlines()
    assert exit_code((*here, "audit", day, day, "--json")) == 0
    assert json.loads(capsys.readouterr().out)["repaired"] == []
    assert exit_code((*here, "backfill", day, "--dry-run", "--source", "oai")) == 2
    assert "only the query API has them" in capsys.readouterr().err
