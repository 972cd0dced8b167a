"""Whatever arXiv does: the same bytes as without it, or nothing written and a run that repairs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
from desk import Desk, morning, shown

from digest.fetcher.calendar import Calendar
from digest.model.reports import RunReport
from digest.simulator import Corpus, Fault

EVERY_PAPER = '[[topic]]\n[[topic.group]]\nkeywords = ["We", "with", "that"]\n'
DAYS = Calendar().days(date(2026, 3, 4), date(2026, 3, 6))
CORPUS = Corpus.generate(seed=5, first=date(2026, 1, 5), last=date(2026, 3, 9), per_day=40)

SMALL_PAGES = {"DIGEST_ARXIV__PAGE_SIZE": "20"}

POISONED: str = CORPUS.papers(DAYS[1])[17].id

#: Every kind of fault of the simulator, so that a new one cannot be forgotten.
FAULTS: dict[str, Callable[[int, int], Fault]] = {
    "429": lambda after, times: Fault.status(429, after=after, times=times),
    "503 with Retry-After": lambda after, times: Fault.status(
        503, retry_after=20, after=after, times=times
    ),
    "500": lambda after, times: Fault.status(500, after=after, times=times),
    "403": lambda after, times: Fault.status(403, after=after, times=times),
    "moved": lambda after, times: Fault.moved(after=after, times=times),
    "blank": lambda after, times: Fault.text("", after=after, times=times),
    "html": lambda after, times: Fault.text("<html>Busy</html>", after=after, times=times),
    "rate exceeded with 200": lambda after, times: Fault.text(
        "Rate exceeded.", after=after, times=times
    ),
    "error entry": lambda after, times: Fault.error_entry(after=after, times=times),
    "reset": lambda after, times: Fault.reset(after=after, times=times),
    "hang": lambda after, times: Fault.hang(after=after, times=times),
    "drip": lambda after, times: Fault.drip(after=after, times=times),
    "cut off": lambda after, times: Fault.cut_off(after=after, times=times),
    "empty page": lambda after, times: Fault.empty_page(after=after, times=times),
    "outage": lambda after, times: Fault.outage(after=after, times=times),
    "moving total": lambda after, times: Fault.moving_total(after=after, times=times),
    "short page": lambda after, times: Fault.short_page(after=after, times=times),
    "duplicate": lambda after, times: Fault.duplicate(after=after, times=times),
    "truncated": lambda after, times: Fault.truncated(after=after, times=times),
    "undated": lambda after, times: Fault.undated(after=after, times=times),
    "renamed": lambda after, times: Fault.renamed("published", "issued", after=after, times=times),
    "lost shard": lambda after, times: Fault.lost_shard(
        morning(DAYS[1]) + timedelta(hours=2), after=after, times=times
    ),
    "stale": lambda after, times: Fault.stale(
        morning(DAYS[1]) + timedelta(hours=2), after=after, times=times
    ),
    "poison": lambda after, times: Fault.poison(POISONED, after=after, times=times),
}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    desk = Desk(tmp_path_factory.mktemp("undisturbed"), CORPUS, topics=EVERY_PAPER)
    for day in DAYS:
        assert desk.run_on(day).exit_code == 0
    assert sum(len(shown(data)) for data in desk.files().values()) > 100
    return desk.files()


def assert_weathered(desk: Desk, undisturbed: dict[str, bytes], *, lagging: bool = False) -> None:
    """Three runs a day through the faults, then calm: every file as if nothing had been.

    At no moment is there a file that a complete day contradicts; unless arXiv's index lags, and
    its answers are whole in themselves: then the following day's ids show what was missing.
    """
    for day in DAYS:
        for hours in (0, 6, 12):
            report = desk.run(at=morning(day) + timedelta(hours=hours))
            assert report.exit_code in (0, 1, 3)
            for done in report.days:
                if done.state == "complete" and not lagging:
                    assert desk.path(done.day).read_bytes() == undisturbed[f"{done.day}.md"]
                if done.state == "waiting":
                    assert not desk.path(done.day).exists()
    calm = Desk(desk.folder, CORPUS)
    report = calm.run(at=morning(DAYS[-1]) + timedelta(days=1))
    assert report.exit_code == 0
    assert desk.files() == undisturbed


def test_every_kind_of_fault_is_tried() -> None:
    made = {fault(0, 1).name.partition(" ")[0] for fault in FAULTS.values()}
    kinds = {name for name, member in vars(Fault).items() if isinstance(member, classmethod)}
    assert len(made) >= len(kinds)
    assert {"status", "poison", "stale", "moving", "truncated", "undated"} <= made


@pytest.mark.parametrize("times", [1, 7])
@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_changes_no_byte(
    name: str, times: int, tmp_path: Path, undisturbed: dict[str, bytes]
) -> None:
    desk = Desk(tmp_path, CORPUS, topics=EVERY_PAPER, environ=SMALL_PAGES)
    desk.arxiv.fail(FAULTS[name](7, times))

    assert_weathered(desk, undisturbed)


@pytest.mark.parametrize("seed", range(4))
def test_faults_mixed_at_random_change_no_byte(
    seed: int, tmp_path: Path, undisturbed: dict[str, bytes]
) -> None:
    chance = Random(seed)
    desk = Desk(tmp_path, CORPUS, topics=EVERY_PAPER, environ=SMALL_PAGES)
    names = chance.choices(sorted(FAULTS), k=chance.randint(2, 8))
    for name in names:
        desk.arxiv.fail(FAULTS[name](chance.randint(0, 60), chance.randint(1, 9)))

    assert_weathered(desk, undisturbed, lagging="stale" in names)


@pytest.mark.parametrize("way", ["backfill", "run"])
def test_an_outage_in_the_middle_of_past_days_leaves_no_half_digest(
    way: str, tmp_path: Path, undisturbed: dict[str, bytes]
) -> None:
    """However many requests came before it, and although patience with these days is long over."""
    late = morning(DAYS[-1]) + timedelta(days=9)

    def begun(name: str) -> Desk:
        desk = Desk(tmp_path / name, CORPUS, topics=EVERY_PAPER, environ=SMALL_PAGES)
        if way == "run":
            desk.run_on(DAYS[0])
            desk.arxiv.log.clear()
        return desk

    def go(desk: Desk) -> RunReport:
        if way == "run":
            return desk.run(DAYS[-1], at=late)
        return desk.backfill(DAYS[0], DAYS[-1], at=late)

    whole = begun("whole")
    assert go(whole).exit_code == 0
    assert whole.files() == undisturbed
    for number in range(len(whole.requests())):
        desk = begun(str(number))
        desk.arxiv.fail(Fault.reset(after=number, times=10_000))
        report = go(desk)
        assert report.exit_code == 3
        assert {day.state for day in report.days} <= {"complete", "waiting"}
        assert desk.files().items() <= undisturbed.items()
