"""A year of arXiv at full size, four ways: `make campaign`.

250 daily runs, one backfill at the end, a backfill killed at random points and continued, and a
rebuild must all give the same files, byte for byte. Prints a table; exits with 1 if they do not.
"""

from __future__ import annotations

import argparse
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

from desk import Desk

from digest.fetcher.calendar import Calendar
from digest.simulator import Corpus

FIRST = date(2025, 12, 1)
LATER = datetime(2027, 6, 1, 6, tzinfo=UTC)
MOST_KILLS = 500


def reader(folder: Path, corpus: Corpus) -> Desk:
    """A workspace in a folder, long after the year."""
    desk = Desk(folder, corpus)
    desk.now = LATER
    return desk


def main() -> int:
    """Run the campaign at the size asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=250)
    parser.add_argument("--per-day", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--backfill-in", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    days = Calendar().days(FIRST, FIRST + timedelta(days=2 * options.days))[: options.days]
    corpus = Corpus.generate(
        seed=options.seed,
        first=FIRST - timedelta(days=160),
        last=days[-1] + timedelta(days=40),
        per_day=options.per_day,
        revised=0.2,
        absent=0.0005,
    )
    if options.backfill_in:
        reader(options.backfill_in, corpus).backfill(days[0], days[-1])
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        return compare(Path(folder), corpus, days, options)


def compare(folder: Path, corpus: Corpus, days: list[date], options: argparse.Namespace) -> int:
    """Make the year four ways and print how each differs from the daily runs."""
    print(f"{len(days)} days from {days[0]} to {days[-1]}, {options.per_day} papers a day")
    daily = reader(folder / "daily", corpus)

    def every_day() -> str:
        for day in days:
            daily.run_on(day)
        # Ids that arXiv never gave out are settled some days later.
        daily.now += timedelta(days=5)
        daily.backfill(days[0], days[-1])
        return f"{len(daily.arxiv.log)} requests"

    def rebuilt() -> str:
        for path in daily.folder.glob("output/2*.md"):
            path.unlink()
        changes = list(daily.app.rebuild(None, None, diff=False))
        return f"{len(changes)} digests made again"

    failed = report("daily runs", every_day, daily.files, None)
    expected = daily.files()
    failed |= report("rebuild", rebuilt, daily.files, expected)
    once = reader(folder / "once", corpus)
    failed |= report("one backfill", lambda: in_a_process(once, options), once.files, expected)
    killed = reader(folder / "killed", corpus)
    failed |= report("killed backfills", lambda: killing(killed, options), killed.files, expected)
    return int(failed)


def report(
    name: str,
    make: Callable[[], str],
    files: Callable[[], dict[str, bytes]],
    expected: dict[str, bytes] | None,
) -> bool:
    """Make the files, print a line, say whether they are not the expected ones."""
    began = time.monotonic()
    note = make()
    made = files()
    wrong = {
        name
        for name in made.keys() | (expected or made).keys()
        if expected is not None and made.get(name) != expected.get(name)
    }
    print(
        f"{name:18} {len(made):4} files  {len(wrong):3} wrong  "
        f"{time.monotonic() - began:6.0f} s  {note}",
        flush=True,
    )
    return bool(wrong)


def in_a_process(desk: Desk, options: argparse.Namespace) -> str:
    """A backfill in a process of its own, for its peak memory. Twice, for ids that are absent."""
    process = start(desk, options)
    output, _ = process.communicate()
    settle(desk, options)
    return f"{output.decode().strip()} MB at the most"


def killing(desk: Desk, options: argparse.Namespace) -> str:
    """A backfill killed (SIGKILL) at random moments until one run comes to its end."""
    chance = Random(options.seed)  # noqa: S311  moments, no secrets
    kills = 0
    while kills < MOST_KILLS:
        process = start(desk, options)
        try:
            process.communicate(timeout=chance.uniform(1, 20 + kills))
            break
        except subprocess.TimeoutExpired:
            os.kill(process.pid, signal.SIGKILL)
            process.communicate()
            kills += 1
    settle(desk, options)
    return f"{kills} kills"


def settle(desk: Desk, options: argparse.Namespace) -> None:
    """A later backfill, for which ids asked for in vain some days before are absent."""
    days = Calendar().days(FIRST, FIRST + timedelta(days=2 * options.days))[: options.days]
    desk.now = LATER + timedelta(days=5)
    desk.backfill(days[0], days[-1])


def start(desk: Desk, options: argparse.Namespace) -> subprocess.Popen[bytes]:
    """A backfill of the whole year in another process."""
    size = ["--days", str(options.days), "--per-day", str(options.per_day)]
    return subprocess.Popen(
        [
            sys.executable,
            __file__,
            *size,
            "--seed",
            str(options.seed),
            "--backfill-in",
            str(desk.folder),
        ],
        stdout=subprocess.PIPE,
    )


if __name__ == "__main__":
    sys.exit(main())
