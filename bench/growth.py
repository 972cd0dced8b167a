"""Whether a day costs more the more there is: in a larger archive, in a longer backfill."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median

from bench.corpus import ENVIRON
from bench.measure import Row, Spent, spent
from digest.archive import Archive
from digest.config import load
from digest.config.workspace import create
from digest.fetcher.calendar import Calendar
from digest.model import Paper, base_of, sequence_of
from digest.simulator import Corpus, Simulator, serve

_RUNS = 5
_TARGET = 1.1
_SEED = 3

#: Papers that are in the archive before, and days of a backfill.
_SIZES = (10_000, 100_000, 1_000_000)
_LENGTHS = (1, 10, 100)
_PAPERS_A_DAY = 300

#: The days of backfills are before today, and the papers of larger archives long before.
_LAST = date(2026, 10, 30)
_FIRST_OF_OLD = date(2008, 1, 7)
_OLD_A_DAY = 1_000


def measure(folder: Path) -> list[Row]:
    """One more day by archive size, a day by the length of a backfill, and the memory of both."""
    days = Calendar().days(_LAST - timedelta(days=160), _LAST)[-max(_LENGTHS) :]
    corpus = Corpus.generate(
        seed=_SEED,
        first=days[0] - timedelta(days=20),
        last=_LAST + timedelta(days=10),
        per_day=_PAPERS_A_DAY,
    )
    with serve(Simulator(corpus, now=lambda: datetime.now(UTC))) as server:
        environ = os.environ | ENVIRON | {"DIGEST_ARXIV__API_URL": server.url}
        sizes = dict(zip(_SIZES, _in_archives(folder, days[-1], environ), strict=True))
        lengths = {
            length: _backfills(folder / "backfill", days[-length:], environ) for length in _LENGTHS
        }
    least, most = min(_SIZES), max(_SIZES)
    shortest, longest = min(_LENGTHS), max(_LENGTHS)
    # What a command costs before its first day is no part of a day.
    marginal = (lengths[longest].cpu - lengths[10].cpu) / (longest - 10)
    first = (lengths[10].cpu - lengths[shortest].cpu) / (10 - shortest)
    return [
        Row(
            f"one more day, {most:,} papers there",
            f"{least:,} papers there",
            sizes[most].cpu,
            sizes[least].cpu,
            _TARGET,
        ),
        Row(f"a day of a backfill of {longest}", "of one of 10", marginal, first, _TARGET),
        Row(
            f"memory of a backfill of {longest} days",
            "of one of 10",
            lengths[longest].memory,
            lengths[10].memory,
            _TARGET,
            unit="MB",
        ),
    ]


def _in_archives(folder: Path, day: date, environ: dict[str, str]) -> Iterator[Spent]:
    """A backfill of one day in workspaces with so many older papers."""
    for size in _SIZES:
        workspace = folder / f"with-{size}"
        create(workspace)
        with Archive(load(workspace, ENVIRON).digest.archive) as archive:
            for of, papers in _old(size):
                archive.papers.store(papers, of)
            _, change = archive.papers.changed_since(0)
            archive.ledger.mark_composed(change, Calendar().name)
        yield _median([_once(workspace, folder / "copy", [day], environ) for _ in range(_RUNS)])
        shutil.rmtree(workspace)


def _old(size: int) -> Iterator[tuple[date, list[Paper]]]:
    """So many papers, a thousand a day, with the texts of one day again and again."""
    days = Calendar().days(_FIRST_OF_OLD, _FIRST_OF_OLD + timedelta(days=2 * size // _OLD_A_DAY))
    corpus = Corpus.generate(seed=_SEED, first=days[0], last=days[0], per_day=_OLD_A_DAY).papers(
        days[0]
    )
    for number, day in enumerate(days[: size // _OLD_A_DAY]):
        window = Calendar().window(day)
        assert window is not None  # noqa: S101  it is an announcement day
        # A month of ids for each ten days: places that no backfill asks for.
        start = (801 + number // 10 // 12 * 88 + number // 10) * 100_000
        yield (
            day,
            [
                replace(
                    paper,
                    id=(work := base_of(start + number % 10 * 5_000 + at)),
                    url=f"http://arxiv.org/abs/{work}v1",
                    version=1,
                    published=window.start,
                    updated=window.start,
                )
                for at, paper in enumerate(corpus, start=1)
                if sequence_of(paper.id)
            ],
        )


def _backfills(workspace: Path, days: list[date], environ: dict[str, str]) -> Spent:
    create(workspace)
    found = _median(
        [_once(workspace, workspace.with_name("copy"), days, environ) for _ in range(_RUNS)]
    )
    shutil.rmtree(workspace)
    return found


def _once(workspace: Path, copy: Path, days: list[date], environ: dict[str, str]) -> Spent:
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(workspace, copy)
    command = ("-m", "digest", "backfill", f"{days[0]}", f"{days[-1]}")
    here = environ | {"XDG_CACHE_HOME": str(copy / "cache")}
    return spent(*command, folder=copy, environ=here)


def _median(runs: list[Spent]) -> Spent:
    return Spent(median(run.cpu for run in runs), median(run.memory for run in runs))
