"""Run the campaign, or parts of it, and print the table; exits with 1 if anything was found."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from random import Random

from campaign import clocks, crowd, fuzz, histories, striking, weather, year
from campaign.faulty import compiler
from campaign.result import Row, table
from campaign.scenes import PLANS, Theatre, corpus

_RANDOM_KILLS = 500
_CROWD = 20
_CROWDS = 10
_MINUTES = 10.0
_HISTORIES = 500


def main() -> int:
    """Each part in a folder of its own."""
    options = _options()
    chosen = options.only.split(",") if options.only else list(_PARTS)
    if strange := set(chosen) - set(_PARTS):
        sys.exit(f"no such part: {', '.join(sorted(strange))} (there are {', '.join(_PARTS)})")
    rows: list[Row] = []
    for part in chosen:
        with tempfile.TemporaryDirectory(prefix=f"campaign-{part}-") as folder:
            for row in _PARTS[part](Path(folder), options):
                rows.append(row)
                print(table([row])[-1], flush=True)
                for problem in row.problems:
                    print(f"    {problem}", file=sys.stderr, flush=True)
    print("\n" + "\n".join(table(rows)))
    return int(not all(row.clean for row in rows))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="campaign", description=__doc__)
    parser.add_argument("--only", metavar="PART,…", help=f"of {', '.join(_PARTS)}; default: all")
    parser.add_argument("--seed", type=int, default=1, help="the same seed, the same faults")
    parser.add_argument(
        "--tries", type=int, help="of each row of kill, disk and crowd; default: every call"
    )
    parser.add_argument(
        "--minutes", type=float, default=_MINUTES, help="for each input and engine; default: 10"
    )
    parser.add_argument("--days", type=int, default=250, help="of the years; default: 250")
    parser.add_argument("--per-day", type=int, default=1500, help="papers of the year at full size")
    return parser.parse_args()


def _kill(folder: Path, options: argparse.Namespace) -> Iterator[Row]:
    chance = Random(options.seed)
    with _theatre(folder, options) as theatre:
        yield from striking.campaign(theatre, PLANS, striking.KILLS, options.tries, chance)
        yield striking.random_kills(theatre, options.tries or _RANDOM_KILLS, chance)


def _disk(folder: Path, options: argparse.Namespace) -> Iterator[Row]:
    with _theatre(folder, options) as theatre:
        chance = Random(options.seed)
        yield from striking.campaign(theatre, PLANS, striking.DISKS, options.tries, chance)


def _crowd(folder: Path, options: argparse.Namespace) -> Iterator[Row]:
    with _theatre(folder, options) as theatre:
        yield from crowd.one_workspace(theatre, _CROWD, options.tries or _CROWDS)
        yield crowd.shared_gap(theatre, crowd.REAL_GAP)


def _arxiv(folder: Path, options: argparse.Namespace) -> Iterator[Row]:
    yield weather.api_changes(folder, options.seed)
    yield from weather.year(folder, options.days, options.seed)


def _histories(folder: Path, options: argparse.Namespace) -> Iterator[Row]:
    return histories.campaign(folder, options.tries or _HISTORIES, options.seed)


def _clock(folder: Path, options: argparse.Namespace) -> Iterator[Row]:
    return clocks.campaign(folder, clocks.cases(), clocks.ZONES, options.seed)


def _input(_: Path, options: argparse.Namespace) -> Iterator[Row]:
    return fuzz.campaign(options.minutes, options.seed)


def _year(folder: Path, options: argparse.Namespace) -> Iterator[Row]:
    return year.campaign(folder, year.Size(options.days, options.per_day, options.seed))


def _theatre(folder: Path, options: argparse.Namespace) -> AbstractContextManager[Theatre]:
    if not compiler():
        sys.exit("kill, disk and crowd need Linux and a C compiler (cc)")
    return Theatre.open(folder, corpus(options.seed))


_PARTS: dict[str, Callable[[Path, argparse.Namespace], Iterator[Row]]] = {
    "kill": _kill,
    "disk": _disk,
    "arxiv": _arxiv,
    "histories": _histories,
    "clock": _clock,
    "crowd": _crowd,
    "input": _input,
    "year": _year,
}

if __name__ == "__main__":
    sys.exit(main())
