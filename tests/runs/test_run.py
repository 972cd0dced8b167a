"""`digest run`: which days it makes, when it waits, what it never overwrites."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from desk import Desk, morning, shown
from filelock import FileLock

from digest.fetcher.calendar import Calendar
from digest.model import Paper
from digest.model.errors import ArchiveError, LockHeld, TemplateError, UsageError, WriteError
from digest.model.reports import DayState
from digest.simulator import Corpus, Fault

DAYS = Calendar().days(date(2026, 3, 2), date(2026, 3, 20))
CORPUS = Corpus.generate(seed=11, first=date(2025, 12, 1), last=date(2026, 3, 24), per_day=60)
ALL = '[[topic]]\n[[topic.group]]\nkeywords = ["We", "with", "that"]\n'


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk whose topic takes every paper."""
    return Desk(tmp_path, CORPUS, topics=ALL)


def ids(desk: Desk, day: date) -> set[str]:
    return {paper.partition("v")[0] for paper in shown(desk.path(day).read_bytes())}


def truth(*days: date) -> set[str]:
    return {paper.id for day in days for paper in CORPUS.papers(day)}


def test_the_first_run_makes_the_latest_announcement_only(desk: Desk) -> None:
    report = desk.run_on(DAYS[4])

    assert [day.day for day in report.days] == [DAYS[4]]
    assert list(desk.files()) == [f"{DAYS[4]}.md"]
    assert ids(desk, DAYS[4]) == truth(DAYS[4])


def test_a_second_run_of_the_day_asks_arxiv_nothing(desk: Desk) -> None:
    desk.run_on(DAYS[0])
    before = desk.files()
    desk.requests()

    report = desk.run()

    assert desk.requests() == []
    assert desk.files() == before
    assert report.exit_code == 0
    assert "nothing is due; arXiv announces next on Tuesday 2026-03-03 01:00 UTC" in report.notes


def test_days_missed_are_made_up_each_in_its_own_file(desk: Desk) -> None:
    desk.run_on(DAYS[0])

    report = desk.run_on(DAYS[8])

    assert [day.day for day in report.days] == DAYS[1:9]
    assert all(ids(desk, day) == truth(day) for day in DAYS[:9])


def test_days_longer_ago_than_the_limit_are_left_out_and_named(desk: Desk) -> None:
    desk.configure(DIGEST_DIGEST__CATCH_UP_DAYS="3")
    desk.run_on(DAYS[0])

    report = desk.run_on(DAYS[8])

    assert [day.day for day in report.days] == DAYS[5:9]
    assert any(f"digest backfill {DAYS[1]} {DAYS[4]}" in note for note in report.notes)


def test_since_makes_one_digest_of_many_days_and_run_does_not_repeat_them(desk: Desk) -> None:
    desk.now = morning(DAYS[3])

    report = desk.run(DAYS[3], DAYS[0])
    desk.run_on(DAYS[4])

    assert report.exit_code == 0
    assert list(desk.files()) == [f"{DAYS[3]}.md", f"{DAYS[4]}.md"]
    assert ids(desk, DAYS[3]) == truth(*DAYS[1:4])
    assert ids(desk, DAYS[4]) == truth(DAYS[4])


def test_a_past_day_can_be_named_and_is_the_same_file_as_made_live(
    desk: Desk, tmp_path: Path
) -> None:
    desk.run_on(DAYS[2])
    later = Desk(tmp_path / "later", CORPUS, topics=ALL)

    later.run(DAYS[2], at=morning(DAYS[10]))

    assert later.files() == desk.files()


def test_a_weekly_digest_holds_every_paper_of_its_week_once(desk: Desk) -> None:
    desk.configure(DIGEST_DIGEST__DAYS="fri")

    for day in DAYS:
        desk.run_on(day)

    fridays = [day for day in DAYS if day.weekday() == 4]
    assert list(desk.files()) == [f"{day}.md" for day in [date(2026, 2, 27), *fridays]]
    assert ids(desk, fridays[1]) == truth(*DAYS[5:10])


def test_on_a_weekend_there_is_nothing_to_do(desk: Desk) -> None:
    desk.run_on(date(2026, 3, 6))

    report = desk.run(at=datetime(2026, 3, 8, 12, tzinfo=UTC))

    assert report.exit_code == 0
    assert report.days == ()
    assert any("nothing is due" in note for note in report.notes)


def test_an_empty_answer_on_an_announcement_day_is_not_done(desk: Desk) -> None:
    desk.run_on(DAYS[0])
    desk.arxiv.fail(Fault.stale(morning(DAYS[1]) + timedelta(hours=3), hours=24))

    empty = desk.run_on(DAYS[1])
    after = desk.run(at=morning(DAYS[1]) + timedelta(hours=4))

    assert empty.exit_code == 3
    assert empty.days[0].state == DayState.WAITING
    assert "no paper" in empty.days[0].note
    assert after.exit_code == 0
    assert ids(desk, DAYS[1]) == truth(DAYS[1])


def test_an_absent_id_keeps_a_day_waiting_then_partial_then_complete(tmp_path: Path) -> None:
    gone = CORPUS.papers(DAYS[1])[20].id
    desk = Desk(tmp_path, CORPUS, topics=ALL)
    desk.arxiv.fail(Fault.stale(datetime(2030, 1, 1, tzinfo=UTC), ids=[gone]))
    desk.run_on(DAYS[0])

    first = desk.run_on(DAYS[1])
    assert (first.exit_code, first.days[0].state) == (3, DayState.WAITING)
    assert not desk.path(DAYS[1]).exists()

    overdue = desk.run_on(DAYS[3])
    # On days of so few papers the number may be that of a held paper of the day after.
    assert [day.state for day in overdue.days] == ["partial", "waiting", "complete"]
    assert overdue.exit_code == 3
    assert "1 id" in overdue.days[0].note

    settled = desk.run_on(DAYS[5])
    assert (settled.days[0].day, settled.days[0].state) == (DAYS[1], DayState.COMPLETE)
    assert settled.exit_code == 0
    assert desk.status().days[1].absent == 1
    assert ids(desk, DAYS[1]) == truth(DAYS[1]) - {gone}


def test_papers_that_come_later_join_their_day_and_are_named(desk: Desk) -> None:
    late = [paper.id for paper in CORPUS.papers(DAYS[1])[-3:]]
    desk.run_on(DAYS[0])
    desk.arxiv.fail(Fault.stale(morning(DAYS[2]) - timedelta(hours=1), ids=late))

    desk.run_on(DAYS[1])
    report = desk.run_on(DAYS[2])

    rewritten = [day for day in report.days if day.action == "rewritten"]
    assert [day.day for day in rewritten] == [DAYS[1]]
    assert {paper.partition("v")[0] for paper in rewritten[0].joined} == set(late)
    assert ids(desk, DAYS[1]) == truth(DAYS[1])


def test_papers_that_leave_a_digest_are_named(desk: Desk) -> None:
    late = [CORPUS.papers(DAYS[1])[-1].id]
    desk.run_on(DAYS[0])
    desk.arxiv.fail(Fault.stale(morning(DAYS[2]) - timedelta(hours=1), ids=late))
    desk.run_on(DAYS[1])
    before = ids(desk, DAYS[1])

    (desk.folder / "config/keywords.toml").write_text(
        ALL.replace('"We", "with", "that"', '"However"')
    )
    report = desk.run_on(DAYS[2])

    (rewritten,) = [day for day in report.days if day.day == DAYS[1]]
    assert rewritten.left
    assert set(rewritten.left) == before - ids(desk, DAYS[1])


def test_a_digest_changed_by_hand_is_kept_beside_the_new_one(desk: Desk) -> None:
    late = [CORPUS.papers(DAYS[1])[-1].id]
    desk.run_on(DAYS[0])
    desk.arxiv.fail(Fault.stale(morning(DAYS[2]) - timedelta(hours=1), ids=late))
    desk.run_on(DAYS[1])
    mine = desk.path(DAYS[1]).read_bytes() + b"my note\n"
    desk.path(DAYS[1]).write_bytes(mine)

    report = desk.run_on(DAYS[2])

    assert desk.files()[f"{DAYS[1]}.md.orig"] == mine
    assert ids(desk, DAYS[1]) == truth(DAYS[1])
    assert "not as it was written last" in next(
        day.note for day in report.days if day.day == DAYS[1]
    )


def test_a_digest_that_was_deleted_is_made_again_without_asking_arxiv(desk: Desk) -> None:
    desk.run_on(DAYS[0])
    before = desk.files()
    desk.requests()
    desk.path(DAYS[0]).unlink()

    desk.run()

    assert desk.files() == before
    assert desk.requests() == []


def test_a_paper_revised_since_is_shown_as_it_was_on_its_day(tmp_path: Path) -> None:
    day, later = DAYS[0], DAYS[6]
    work = CORPUS.papers(day)[5]
    published = Calendar().window(later)
    assert published is not None
    revised = Paper(
        **{name: getattr(work, name) for name in Paper.__slots__}
        | {
            "version": work.version + 1,
            "url": f"http://arxiv.org/abs/{work.id}v{work.version + 1}",
            "title": "Second thoughts",
            "updated": published.start + timedelta(hours=1),
        }
    )
    papers = [paper for d in CORPUS.days for work in CORPUS.papers(d) for paper in [work]]
    corpus = Corpus.of(
        [*papers, revised], {work.id: d for d in CORPUS.days for work in CORPUS.papers(d)}
    )
    live = Desk(tmp_path / "live", corpus, topics=ALL)
    again = Desk(tmp_path / "again", corpus, topics=ALL)

    live.run_on(day)
    again.run(day, at=morning(DAYS[12]))

    assert again.files() == live.files()
    assert b"Second thoughts" not in again.path(day).read_bytes()
    asked = [entry.params.get("id_list", "") for entry in again.requests()]
    assert any(f"{work.id}v{work.version}" in ids for ids in asked)


def test_only_one_run_at_a_time(desk: Desk) -> None:
    lock = desk.folder / "output/.archive.sqlite3.lock"
    with FileLock(lock), pytest.raises(LockHeld) as held:
        desk.run_on(DAYS[0])

    assert held.value.exit_code == 4


@pytest.mark.parametrize(
    ("upto", "since", "words"),
    [
        (date(2026, 3, 6), None, "future"),
        (date(2026, 3, 2), date(2026, 3, 2), "not before"),
        (date(1991, 8, 13), None, "before arXiv began"),
        (None, date(1991, 1, 1), "before arXiv began"),
    ],
)
def test_impossible_days_are_refused_with_the_reason(
    desk: Desk, upto: date | None, since: date | None, words: str
) -> None:
    with pytest.raises(UsageError, match=words):
        desk.run(upto, since, at=morning(date(2026, 3, 4)))

    assert desk.requests() == []


def test_a_template_error_writes_nothing_and_asks_nothing(desk: Desk) -> None:
    (desk.folder / "templates/digest.md.j2").write_text("# {{ day }\n", encoding="utf-8")

    with pytest.raises(TemplateError, match=r"digest\.md\.j2:1"):
        desk.run_on(DAYS[0])

    assert desk.files() == {}
    assert desk.requests() == []


def test_an_unknown_variable_in_the_template_is_named_and_the_next_run_writes(desk: Desk) -> None:
    template = desk.folder / "templates/digest.md.j2"
    right = template.read_text(encoding="utf-8")
    template.write_text("# {{ dya }}\n", encoding="utf-8")
    with pytest.raises(TemplateError, match="dya"):
        desk.run_on(DAYS[0])
    assert desk.files() == {}
    template.write_text(right, encoding="utf-8")

    desk.run()

    assert ids(desk, DAYS[0]) == truth(DAYS[0])


def test_an_archive_of_another_program_is_left_alone(desk: Desk) -> None:
    path = desk.folder / "output/.archive.sqlite3"
    path.write_bytes(b"these are not the papers" * 100)

    with pytest.raises(ArchiveError, match=r"\.archive\.sqlite3"):
        desk.run_on(DAYS[0])

    assert path.read_bytes() == b"these are not the papers" * 100


def test_an_output_that_cannot_be_written_is_named_and_nothing_is_lost(desk: Desk) -> None:
    desk.path(DAYS[0]).mkdir(parents=True)
    with pytest.raises(WriteError, match=f"{DAYS[0]}.md"):
        desk.run_on(DAYS[0])
    desk.path(DAYS[0]).rmdir()
    desk.requests()

    desk.run()

    assert ids(desk, DAYS[0]) == truth(DAYS[0])
    assert desk.requests() == []


def test_a_deferral_that_no_table_has_is_recognised_by_the_next_batch(tmp_path: Path) -> None:
    put_off, following = date(2026, 3, 5), date(2026, 3, 6)
    unknown = Calendar([date(2026, 3, 4)])
    corpus = Corpus.generate(
        seed=2, first=date(2025, 12, 1), last=date(2026, 3, 20), per_day=60, calendar=unknown
    )
    desk = Desk(tmp_path, corpus, topics=ALL)
    desk.run_on(date(2026, 3, 4))

    empty = desk.run_on(put_off)
    after = desk.run_on(following)
    nothing = desk.run(at=morning(following) + timedelta(hours=2))

    assert [(day.day, day.state) for day in empty.days] == [(put_off, DayState.WAITING)]
    assert empty.exit_code == 3
    assert [(day.day, day.state) for day in after.days] == [
        (put_off, DayState.QUIET),
        (following, DayState.COMPLETE),
    ]
    assert after.exit_code == 0
    assert ids(desk, following) == {paper.id for paper in corpus.papers(following)}
    assert not desk.path(put_off).exists()
    assert (nothing.exit_code, nothing.days) == (0, ())


def test_a_backfill_recognises_a_deferral_that_no_table_has(tmp_path: Path) -> None:
    put_off, following = date(2026, 3, 5), date(2026, 3, 6)
    unknown = Calendar([date(2026, 3, 4)])
    corpus = Corpus.generate(
        seed=2, first=date(2026, 2, 16), last=date(2026, 3, 20), per_day=250, calendar=unknown
    )
    desk = Desk(tmp_path, corpus, topics=ALL)

    report = desk.backfill(
        date(2026, 3, 3), date(2026, 3, 10), at=datetime(2026, 3, 21, tzinfo=UTC)
    )

    assert report.exit_code == 0
    assert not desk.path(put_off).exists()
    for day in corpus.days:
        if date(2026, 3, 3) <= day <= date(2026, 3, 10):
            assert ids(desk, day) == {paper.id for paper in corpus.papers(day)}
    assert [day.state for day in report.days if day.day == put_off] == [DayState.QUIET]
    assert ids(desk, following) == {paper.id for paper in corpus.papers(following)}


def test_an_archive_of_another_rule_has_its_digests_written_again(desk: Desk) -> None:
    """As after an upgrade of the program, or of its table of deferred days."""
    for day in DAYS[:3]:
        desk.run_on(day)
    files = desk.files()
    for day in DAYS[1:3]:  # as if the other rule had put papers of one day on the other
        desk.path(day).write_bytes(files[f"{DAYS[0]}.md"])
        with closing(sqlite3.connect(desk.config.digest.archive)) as db, db:
            digest = sha256(files[f"{DAYS[0]}.md"]).hexdigest()
            db.execute("UPDATE digest SET sha256 = ? WHERE day = ?", (digest, day.isoformat()))
            db.execute("UPDATE mark SET value = value + 1 WHERE name = 'rule'")
            db.execute("UPDATE batch SET calendar = '1'")

    report = desk.run()

    assert desk.files() == files
    assert [(day.day, day.action) for day in report.days] == [
        (day, "rewritten") for day in DAYS[1:3]
    ]
    assert any("2 digests written again: the rule" in note for note in report.notes)
    assert not any("written again" in note for note in desk.run().notes)


def test_an_index_that_is_a_day_late_is_no_deferral(desk: Desk) -> None:
    desk.run_on(DAYS[0])
    desk.arxiv.fail(Fault.stale(morning(DAYS[2]) - timedelta(hours=1), hours=30))

    empty = desk.run_on(DAYS[1])
    after = desk.run_on(DAYS[2])

    assert empty.exit_code == 3
    assert [day.state for day in after.days] == [DayState.COMPLETE, DayState.COMPLETE]
    assert ids(desk, DAYS[1]) == truth(DAYS[1])


def test_a_deferral_given_in_the_configuration_is_quiet_at_once(tmp_path: Path) -> None:
    unknown = Calendar([date(2026, 3, 4)])
    corpus = Corpus.generate(
        seed=2, first=date(2025, 12, 1), last=date(2026, 3, 20), per_day=60, calendar=unknown
    )
    desk = Desk(tmp_path, corpus, topics=ALL, environ={"DIGEST_ARXIV__DEFERRED": "[2026-03-04]"})
    desk.run_on(date(2026, 3, 4))

    report = desk.run(at=datetime(2026, 3, 5, 9, tzinfo=UTC))

    assert report.exit_code == 0
    assert any("nothing is due; arXiv announces next on Friday" in note for note in report.notes)


def test_a_monthly_digest_holds_the_month(desk: Desk) -> None:
    desk.configure(DIGEST_DIGEST__DAYS="month-end")

    desk.run(date(2026, 2, 27), at=morning(DAYS[0]))

    assert list(desk.files()) == ["2026-02-27.md"]
    assert ids(desk, date(2026, 2, 27)) == truth(
        *Calendar().days(date(2026, 1, 31), date(2026, 2, 27))
    )


def test_changing_the_digest_days_neither_repeats_nor_loses_a_paper(desk: Desk) -> None:
    for day in DAYS[:3]:
        desk.run_on(day)
    desk.configure(DIGEST_DIGEST__DAYS="fri")
    for day in DAYS[3:10]:
        desk.run_on(day)
    desk.configure(DIGEST_DIGEST__DAYS="mon,tue,wed,thu,fri")
    for day in DAYS[10:12]:
        desk.run_on(day)

    papers = [paper for name in desk.files() for paper in shown(desk.files()[name])]
    assert len(papers) == len(set(papers))
    assert {paper.partition("v")[0] for paper in papers} == truth(*DAYS[:12])
