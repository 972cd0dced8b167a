"""A workspace whose digests are in the clean style, and one that changes to it."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from desk import Desk, morning, shown

from digest.fetcher.calendar import Calendar
from digest.model import CLEAN
from digest.simulator import Corpus, Fault
from digest.writer.format.index import frequent_badges
from digest.writer.format.read import read_back

DAYS = Calendar().days(date(2025, 3, 3), date(2025, 3, 6))
CORPUS = Corpus.generate(seed=5, first=date(2025, 2, 20), last=date(2025, 3, 10), per_day=30)
TOPICS = '[[topic]]\n[[topic.group]]\nkeywords = ["model", "scale", "noise", "problem", "inter"]\n'


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk that writes in the source style."""
    return Desk(tmp_path / "desk", CORPUS, topics=TOPICS)


def turn_clean(desk: Desk) -> Desk:
    desk.configure(DIGEST_DIGEST__STYLE="clean")
    return desk


def papers(desk: Desk, day: date) -> set[str]:
    return {paper.partition("v")[0] for paper in shown(desk.path(day).read_bytes())}


def test_run_check_rebuild_and_index_agree_on_clean_digests(desk: Desk) -> None:
    turn_clean(desk)
    for day in DAYS:
        assert desk.run_on(day).exit_code == 0
    files = desk.files()
    digests = [read_back(data) for data in files.values()]

    changes = list(desk.app.rebuild(None, None, diff=True))
    report = desk.app.check(list(desk.folder.glob("output/*.md")))
    index = (desk.folder / "output/index.md").read_text(encoding="utf-8")

    assert {one.style for one in digests} == {CLEAN}
    assert {change.action for change in changes} == {"unchanged"}
    assert [file.problem for file in report.files] == [""] * len(DAYS)
    assert [", ".join(frequent_badges(one)) in index for one in digests] == [True] * len(DAYS)
    assert desk.files() == files


def test_a_rebuild_in_another_style_tells_the_papers_that_come_and_go(desk: Desk) -> None:
    desk.run_on(DAYS[0])
    before = papers(desk, DAYS[0])
    turn_clean(desk)

    (change,) = desk.app.rebuild(None, None, diff=False)

    after = papers(desk, DAYS[0])
    came, went = {paper.id for paper in change.came}, {paper.id for paper in change.went}
    assert came == after - before
    assert {paper.partition("v")[0] for paper in went} == before - after
    assert went
    assert before & after
    assert change.bytes


def test_only_papers_that_come_join_a_day_when_the_style_changes(desk: Desk) -> None:
    desk.run_on(DAYS[0])
    late = [paper.id for paper in CORPUS.papers(DAYS[1])[-8:]]
    desk.arxiv.fail(Fault.stale(morning(DAYS[2]) - timedelta(hours=1), ids=late))
    desk.run_on(DAYS[1])
    before = papers(desk, DAYS[1])
    turn_clean(desk)

    report = desk.run_on(DAYS[2])

    (rewritten,) = [day for day in report.days if day.action == "rewritten"]
    joined = papers(desk, DAYS[1]) - before
    assert joined
    assert set(rewritten.joined) == joined


def test_clean_digests_are_imported(desk: Desk, tmp_path: Path) -> None:
    turn_clean(desk).run_on(DAYS[1])
    other = Desk(tmp_path / "other", CORPUS, topics=TOPICS)
    other.now = morning(DAYS[2])

    (report,) = other.app.import_digests([desk.path(DAYS[1])], really=True).files
    (again,) = desk.app.import_digests([desk.path(DAYS[1])], really=True).files

    assert report.day == DAYS[1]
    assert set(report.taken) == papers(desk, DAYS[1])
    assert not report.problem
    assert {known.where for known in again.known} == {"written"}
    assert not again.taken


def test_a_clean_digest_is_checked_with_the_keywords_in_its_own_style(desk: Desk) -> None:
    turn_clean(desk).run_on(DAYS[0])
    desk.configure(DIGEST_DIGEST__STYLE="source")
    assert desk.app.check([desk.path(DAYS[0])]).exit_code == 0

    (desk.folder / "config/keywords.toml").write_text(
        TOPICS.replace('"model", ', ""), encoding="utf-8"
    )

    (file,) = desk.app.check([desk.path(DAYS[0])]).files
    assert file.problem.startswith("with your keywords in the clean style: line ")
