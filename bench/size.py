"""How large an archive is, against its papers as JSON Lines, packed with zstd."""

from __future__ import annotations

from pathlib import Path

import zstandard

from bench.measure import Row
from bench.prose import Prose
from bench.year import first_days
from digest.archive import Archive
from digest.archive.copies import compact
from digest.archive.table import table_writer
from digest.runs.upkeep import free_bytes
from digest.simulator import Corpus

_DAYS, _PAPERS_A_DAY = 60, 1_000
_SEED = 1
_TARGET = 1.3
_LEVEL = 3


def measure(folder: Path) -> Row:
    """Some months of papers whose abstracts pack like real ones; one size is one size."""
    days, prose = first_days(_DAYS), Prose(_SEED)
    corpus = Corpus.generate(seed=_SEED, first=days[0], last=days[-1], per_day=_PAPERS_A_DAY)
    path, table = folder / "archive", folder / "papers.jsonl"
    written = []
    with Archive(path) as archive:
        for day in days:
            papers = [prose.of(paper) for paper in corpus.papers(day)]
            archive.papers.store(papers, day)
            written += [(paper, day, day) for paper in papers]
    compact(path, free_bytes)
    table_writer(table)(table, written)
    packed = len(zstandard.compress(table.read_bytes(), _LEVEL))
    name = f"an archive of {len(written):,} papers"
    size = path.stat().st_size
    return Row(name, "JSON Lines, zstd -3", size / 1e6, packed / 1e6, _TARGET, unit="MB")
