"""A year of arXiv at full size, four ways.

250 daily runs, one backfill at the end, a backfill killed at random points and continued, and a
rebuild must all give the same files, byte for byte.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

from desk import Desk

from campaign.result import Row
from digest.fetcher.calendar import Calendar
from digest.simulator import Corpus

FIRST = date(2025, 12, 1)
LATER = datetime(2027, 6, 1, 6, tzinfo=UTC)
MOST_KILLS = 500


@dataclass(frozen=True, slots=True)
class Size:
    """How many announcement days, how many papers each, and which ones."""

    number: int
    per_day: int
    seed: int

    def days(self) -> list[date]:
        """The announcement days of the year."""
        return Calendar().days(FIRST, FIRST + timedelta(days=2 * self.number))[: self.number]

    def corpus(self) -> Corpus:
        """The papers of the year, and of some months before it."""
        return Corpus.generate(
            seed=self.seed,
            first=FIRST - timedelta(days=160),
            last=self.days()[-1] + timedelta(days=40),
            per_day=self.per_day,
            revised=0.2,
            absent=0.0005,
        )


def reader(folder: Path, corpus: Corpus) -> Desk:
    """A workspace in a folder, long after the year."""
    desk = Desk(folder, corpus)
    desk.now = LATER
    return desk


def campaign(folder: Path, size: Size) -> Iterator[Row]:
    """Make the year four ways; a row for each but the first, which the others must equal."""
    days, corpus = size.days(), size.corpus()
    daily = reader(folder / "daily", corpus)
    for day in days:
        daily.run_on(day)
    # Ids that arXiv never gave out are settled some days later.
    daily.now += timedelta(days=5)
    daily.backfill(days[0], days[-1])
    expected = daily.files()
    for path in daily.folder.glob("output/2*.md"):
        path.unlink()
    list(daily.app.rebuild(None, None, diff=False))
    yield _compared("made again from the archive", len(days), daily, expected)
    once = reader(folder / "once", corpus)
    note = in_a_process(once, size)
    yield _compared(f"backfilled at once ({note})", len(days), once, expected)
    killed = reader(folder / "killed", corpus)
    kills = killing(killed, size)
    yield _compared("backfilled, killed at random and continued", kills, killed, expected)


def _compared(name: str, tried: int, desk: Desk, expected: dict[str, bytes]) -> Row:
    row = Row(f"a year at full size: {name}", tried)
    row.compare(desk.files(), expected, name)
    return row


def in_a_process(desk: Desk, size: Size) -> str:
    """A backfill in a process of its own, for its peak memory. Twice, for ids that are absent."""
    output, _ = start(desk, size).communicate()
    settle(desk, size)
    return f"{output.decode().strip()} MB at the most"


def killing(desk: Desk, size: Size) -> int:
    """A backfill killed (SIGKILL) at random moments until one run comes to its end."""
    chance = Random(size.seed)
    kills = 0
    while kills < MOST_KILLS:
        process = start(desk, size)
        try:
            process.communicate(timeout=chance.uniform(1, 20 + kills))
            break
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            kills += 1
    settle(desk, size)
    return kills


def settle(desk: Desk, size: Size) -> None:
    """A later backfill, for which ids asked for in vain some days before are absent."""
    days = size.days()
    desk.now = LATER + timedelta(days=5)
    desk.backfill(days[0], days[-1])


def start(desk: Desk, size: Size) -> subprocess.Popen[bytes]:
    """A backfill of the whole year in another process."""
    numbers = map(str, (size.number, size.per_day, size.seed))
    command = (sys.executable, "-m", "campaign.year", *numbers, str(desk.folder))
    return subprocess.Popen(command, stdout=subprocess.PIPE)


def main() -> None:
    """The backfill of that process; prints the most memory it had, in MB."""
    size = Size(*map(int, sys.argv[1:4]))
    days = size.days()
    reader(Path(sys.argv[4]), size.corpus()).backfill(days[0], days[-1])
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)


if __name__ == "__main__":
    main()
