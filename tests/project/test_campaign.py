"""Short versions of the campaign of faults, with the same seeds every time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from desk import Desk, morning, shown

from campaign import clocks, crowd, fuzz, histories, striking, weather
from campaign.faulty import Calls, Mode, Strike, compiler
from campaign.inputs import TARGETS, Target
from campaign.result import Row, table
from campaign.scenes import EDIT, REBUILD, Theatre, corpus, files
from digest.fetcher.calendar import Calendar, public_at
from digest.fetcher.query.atom import parse_page
from digest.model.errors import Refused
from digest.simulator import Corpus, Fault
from digest.simulator.atom import Page, feed

#: The kinds of disks that stand for the others.
IN_SHORT = ("disk full (ENOSPC)", "failing fsync", "log's disk full (ENOSPC)")

needs_compiler = pytest.mark.skipif(
    not compiler(), reason="striking at system calls needs Linux and a C compiler (cc)"
)


@pytest.fixture(scope="module")
def theatre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Theatre]:
    with Theatre.open(tmp_path_factory.mktemp("theatre"), corpus(5)) as opened:
        yield opened


def assert_clean(rows: Sequence[Row]) -> None:
    assert rows
    assert [problem for row in rows for problem in row.problems] == []
    assert all(row.clean for row in rows)


@needs_compiler
def test_a_killed_command_leaves_whole_files_and_the_next_one_completes_them(
    theatre: Theatre,
) -> None:
    assert_clean(list(striking.campaign(theatre, [EDIT], striking.KILLS, 1, Random(1))))


@needs_compiler
def test_backfills_killed_at_random_moments_lose_nothing(theatre: Theatre) -> None:
    assert_clean([striking.random_kills(theatre, 1, Random(2))])


@needs_compiler
def test_a_failing_disk_ends_in_a_message_and_heals(theatre: Theatre) -> None:
    kinds = [kind for kind in striking.DISKS if kind.name in IN_SHORT]
    assert len(kinds) == len(IN_SHORT)
    assert_clean(list(striking.campaign(theatre, [REBUILD], kinds, 1, Random(3))))


@needs_compiler
def test_a_call_is_struck_where_it_was_meant_to_be(theatre: Theatre) -> None:
    scene = theatre.scene(REBUILD)
    workspace = theatre.copy(scene.start, "struck")
    ended = theatre.run(
        workspace, "rebuild", strike=Strike(Mode.KILL, Calls.NAME | Calls.SYNC, at=1)
    )
    assert ended.code == -9
    assert str(workspace / "output") in ended.where
    assert files(workspace) == scene.before != scene.after


@needs_compiler
def test_of_several_processes_one_works_and_the_others_say_so(theatre: Theatre) -> None:
    assert_clean([next(crowd.one_workspace(theatre, 4, 1))])


@needs_compiler
def test_two_workspaces_share_the_gap_between_requests(theatre: Theatre) -> None:
    assert_clean([crowd.shared_gap(theatre, 0.03)])


def test_what_differs_is_counted() -> None:
    row = Row("x", tried=1)
    row.compare({"a.md": b"A", "b.md": b"B", "new": b""}, {"a.md": b"A", "b.md": b"", "c": b""}, "")
    assert (row.lost, row.wrong, row.clean) == (1, 2, False)
    assert table([row])[-1] == "| x | 1 | 1 | 2 | 0 | 0 |"
    assert not Row("never tried").clean


def test_every_kind_of_fault_may_strike_in_the_simulated_year() -> None:
    kinds = {name for name, member in vars(Fault).items() if isinstance(member, classmethod)}
    assert set(weather.KINDS) == kinds


def test_a_stretch_of_bad_days_loses_nothing(tmp_path: Path) -> None:
    assert_clean(list(weather.year(tmp_path, 2, 1)))


@pytest.mark.parametrize(("old", "new"), weather.ELEMENTS)
def test_an_element_with_another_name_is_a_change_and_no_quiet_day(old: str, new: str) -> None:
    day = date(2026, 3, 5)
    papers = Corpus.generate(seed=2, first=day, last=day, per_day=5).papers(day)
    body = feed(
        Page("", "", "", 0, 5, len(papers), tuple(papers)), datetime(2026, 3, 5, tzinfo=UTC)
    )
    assert len(parse_page(body).papers) == len(papers)
    change = Fault.renamed(old, new).body
    assert change
    with pytest.raises(Refused, match=rf"changed: .*\b{old.rpartition(':')[2]}\b"):
        parse_page(change(body))


def test_papers_announced_while_a_run_lasts_are_of_the_later_day(tmp_path: Path) -> None:
    """The run begins a second before; its later answers have papers of the next announcement."""
    days = Calendar().days(date(2026, 3, 30), date(2026, 4, 13))
    end = public_at(days[-1])
    moments = [public_at(days[0]), end - timedelta(seconds=1), end, end + timedelta(hours=5)]
    case = clocks.Case("announced meanwhile", days, moments)
    assert_clean(list(clocks.campaign(tmp_path, [case], ["America/New_York"], 1)))


def test_older_days_read_late_move_no_paper_into_a_day_that_was_complete(tmp_path: Path) -> None:
    """They bring papers held until after the last day of the archive, behind all of its ids."""
    last = date(2026, 11, 4)
    papers = Corpus.generate(seed=1, first=date(2026, 9, 1), last=date(2026, 11, 6), per_day=15)
    desk = Desk(tmp_path, papers, topics='[[topic]]\n[[topic.group]]\nkeywords = ["a", "e"]\n')
    desk.run_on(last)
    alone = desk.path(last).read_bytes()
    desk.backfill(date(2026, 10, 28), last, at=morning(date(2026, 11, 6)))
    assert desk.path(last).read_bytes() == alone
    desk.run()
    ids = [paper.partition("v")[0] for data in desk.files().values() for paper in shown(data)]
    assert sorted(ids) == sorted(set(ids))


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: str(target.name))
def test_no_input_ends_in_a_traceback_or_a_hang(target: Target) -> None:
    tried, problems = fuzz.explore(target, 25, 1)
    assert (tried, problems) == (25, [])


@pytest.mark.parametrize(
    "scope",
    [
        "all",
        "topics",
        pytest.param(
            "categories",
            marks=pytest.mark.xfail(
                reason="known: a lost part of the index, then an outage, can settle one id"
            ),
        ),
    ],
)
def test_a_few_random_histories_have_no_wrong_complete_day(tmp_path: Path, scope: str) -> None:
    assert_clean(list(histories.campaign(tmp_path, 2, 1, [scope])))
