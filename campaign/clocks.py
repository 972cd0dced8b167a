"""Clocks that change, jump, stand still or strike at the wrong moment; in several time zones."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from desk import Desk, morning

from campaign.result import Row
from digest.fetcher.calendar import Calendar, public_at
from digest.simulator import Corpus

_TOPIC = '[[topic]]\n[[topic.group]]\nkeywords = ["with", "from"]\n'

#: The machine's own zones: each changes its clocks on another day, or never, or by half an hour.
ZONES = ("UTC", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu")

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Case:
    """Runs at these moments bring the digests of these days."""

    name: str
    days: Sequence[date]
    moments: Sequence[datetime]


def cases() -> list[Case]:
    """Every kind of clock."""
    calendar = Calendar()
    spring = calendar.days(date(2026, 3, 5), date(2026, 3, 11))
    autumn = calendar.days(date(2026, 10, 29), date(2026, 11, 4))
    leap = calendar.days(date(2028, 2, 25), date(2028, 3, 3))
    week = calendar.days(date(2026, 4, 13), date(2026, 4, 17))
    mornings = [morning(day) for day in week]
    return [
        Case("daylight saving begins: a run every hour", spring, _hourly(spring)),
        Case("daylight saving ends: a run every hour", autumn, _hourly(autumn)),
        Case("leap day: a run every hour", leap, _hourly(leap)),
        Case(
            "set back an hour after each run",
            week,
            [at - back * _HOUR for at in _hourly(week)[::6] for back in (0, 1)],
        ),
        Case("asleep for three days", week, [mornings[0], mornings[3], mornings[4]]),
        Case("at midnight UTC", week, [_midnight(day) for day in week] + [_midnight(week[-1], 1)]),
        Case(
            "at 20:00 New York, to the second",
            [*week, *spring, *autumn],
            [
                public_at(day) + timedelta(seconds=second)
                for day in sorted([*week, *spring, *autumn])
                for second in (-1, 0, 1)
            ],
        ),
    ]


def campaign(
    folder: Path, chosen: Sequence[Case], zones: Sequence[str], seed: int
) -> Iterator[Row]:
    """A row for each kind of clock, in each of these time zones of the machine."""
    for number, case in enumerate(chosen):
        row = Row(f"clock: {case.name}")
        days = sorted(case.days)
        corpus = Corpus.generate(
            seed=seed,
            first=days[0] - timedelta(days=45),
            last=days[-1] + timedelta(days=9),
            per_day=15,
        )
        calm = Desk(folder / f"calm{number}", corpus, topics=_TOPIC)
        calm.backfill(days[0], days[-1], at=morning(days[-1]) + timedelta(days=2))
        expected = {f"{day}.md": calm.path(day).read_bytes() for day in days}
        for zone in zones:
            desk = Desk(folder / f"{number}-{zone.replace('/', '-')}", corpus, topics=_TOPIC)
            with _zone(zone):
                _follow(desk, case, expected, row, f"seed {seed}, {zone}")
                desk.backfill(days[0], days[-1], at=morning(days[-1]) + timedelta(days=2))
            made = {name: data for name, data in desk.files().items() if name in expected}
            row.compare(made, expected, f"{case.name}, seed {seed}, {zone}")
        yield row


def _follow(desk: Desk, case: Case, expected: dict[str, bytes], row: Row, how: str) -> None:
    for moment in case.moments:
        row.tried += 1
        report = desk.run(at=moment)
        if report.exit_code not in (0, 3):
            row.ended_badly(f"{case.name}, {how}, {moment}", f"exit {report.exit_code}")
        for done in report.days:
            name = f"{done.day}.md"
            if done.state == "complete" and name in expected:
                row.compare(
                    {name: desk.path(done.day).read_bytes()},
                    {name: expected[name]},
                    f"{case.name}, {how}, {moment}, told complete",
                )


@contextmanager
def _zone(name: str) -> Iterator[None]:
    """The machine's time zone."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = name
    time.tzset()
    try:
        yield
    finally:
        if before is None:
            del os.environ["TZ"]
        else:
            os.environ["TZ"] = before
        time.tzset()


def _hourly(days: Sequence[date]) -> list[datetime]:
    start, end = public_at(days[0]) - _HOUR, public_at(days[-1]) + 12 * _HOUR
    return [start + number * _HOUR for number in range(int((end - start) / _HOUR))]


def _midnight(day: date, later: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=later)
