"""How many requests a backfill takes, for days of many sizes: `python -m bench.backfill`.

Prints the tables of docs/scale.md: what was counted with the simulated arXiv, and what follows from
it for all of arXiv since April 2007. Takes some minutes.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import pairwise
from logging import Logger
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory

from bench.corpus import ENVIRON
from digest.app import App
from digest.app.world import World
from digest.cli.progress import Lines
from digest.config import load
from digest.config.workspace import create
from digest.fetcher.calendar import Calendar, public_at
from digest.simulator import Corpus, Simulator

#: Papers a day: of 2007, 2012, 2021 and 2026, roughly.
SIZES = (200, 500, 1000, 1430)
#: Shares of papers that were revised since.
REVISED = (0.06, 0.4)
DAYS = Calendar().days(date(2025, 3, 3), date(2025, 3, 28))

#: All of arXiv with ids in one sequence: its days, its papers, and how its months grew.
ALL_DAYS = Calendar().days(date(2007, 4, 2), date(2026, 10, 30))
ALL_PAPERS = 2_700_000
GROWTH = 30_000 / 4_500

_SEED = 4
_MARGIN = timedelta(days=14)
#: Seconds between two requests, and for an answer: none, and five.
_PAUSE, _ANSWERS = 3.0, (0.0, 5.0)


def requests(per_day: int, revised: float) -> float:
    """Requests a day of a backfill of DAYS, a year later."""
    corpus = Corpus.generate(
        seed=_SEED,
        first=DAYS[0] - _MARGIN,
        last=DAYS[-1] + _MARGIN,
        per_day=per_day,
        revised=revised,
    )
    now = public_at(DAYS[-1]) + timedelta(days=365)
    arxiv = Simulator(corpus, now=lambda: now)
    with TemporaryDirectory() as folder:
        workspace = Path(folder)
        create(workspace)
        world = World(
            now=lambda: now,
            sleep=lambda _: None,
            random=random.random,
            cache=workspace / "cache",
            transport=arxiv.transport(),
        )
        silent = Lines(Logger("bench"))  # without a handler
        report = App(load(workspace, ENVIRON), world).backfill(DAYS[0], DAYS[-1], silent)
    if report.exit_code:
        raise RuntimeError(f"the backfill was not complete: {report.failure}")
    return report.requests / len(DAYS)


def sizes() -> Iterator[float]:
    """Papers a day of ALL_DAYS: they grow by the same factor from each day to the next."""
    shape = [GROWTH ** (n / len(ALL_DAYS)) for n in range(len(ALL_DAYS))]
    return (ALL_PAPERS / len(ALL_DAYS) * each / mean(shape) for each in shape)


def all_requests(counted: Mapping[int, float]) -> int:
    """Requests for ALL_DAYS, by a straight line between the sizes counted, and beyond the ends."""
    return round(sum(_between(counted, papers) for papers in sizes()))


def _between(counted: Mapping[int, float], papers: float) -> float:
    parts = list(pairwise(sorted(counted.items())))
    (low, few), (high, many) = next((part for part in parts if papers <= part[1][0]), parts[-1])
    return few + (papers - low) * (many - few) / (high - low)


def main() -> None:
    """Count, and print both tables."""
    counted = {share: {size: requests(size, share) for size in SIZES} for share in REVISED}
    for size in SIZES:
        print(f"| {size:,} |", " | ".join(f"{counted[share][size]:.2f}" for share in REVISED), "|")
    print(f"\n{ALL_PAPERS:,} papers on {len(ALL_DAYS):,} days:")
    for share in REVISED:
        every = all_requests(counted[share])
        hours = (f"{every * (_PAUSE + answer) / 3600:.0f} h" for answer in _ANSWERS)
        print(f"| {share:.0%} | {every:,} |", " | ".join(hours), "|")


if __name__ == "__main__":
    main()
