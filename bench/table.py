"""The table, for the terminal and as docs/benchmarks.md."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version

from bench.measure import RUNS, Row
from bench.ordinary_day import Cost
from bench.year import DAYS

_PAGE = """\
# Benchmarks

Written by `make bench`. Each row is a ratio of medians: ours by the yardstick, {runs} runs of each
in turns, in one call. The times beside it are those of one machine that did other things, too;
only the ratios say something about another one.

- {date}, {machine}
- Python {python}; {packages}

{table}

The day has {papers:,} papers of invented text ({size:.1f} MB in all answers) and took {requests}
requests to arXiv; one request for each page of the day's papers and one more would be {least}.
Both contenders are processes of their own and get the same recorded answers from a third one on
loopback, without the pause of three seconds that arXiv asks for. `digest run` finds the days
before in its archive; beyond fetching it stores the papers, proves the day, matches, and writes
the digest.

The effect of an edit is what `digest keywords add` shows before it asks, on a year of digests with
375,000 papers to choose from, or on its last 30 days; the time is that of one process after its
start, and the yardstick is `digest rebuild --diff` of that year. `estimator` brings some hundred
papers a year and `disaggregated` none; `LLM` is in more of the digests' papers than any other
keyword. These rows are medians of 5.

The site is that of {site_days} days with about 40 papers each, made from nothing, and brought up to
date when one more day has come; each is one process after its start. The yardstick of the first is
`digest rebuild` of these days, that of the second the whole site. These rows are medians of 3.

The yardstick of matching puts a picture in place of each keyword, one keyword after the other, as
one would by hand; the keywords are those of a new workspace and pairs of words of these abstracts.
The strict reader uses the `arxiv` package too, after checks that the package does not make
([decision 001](decisions/001-arxiv-adapter.md)).
"""

_PACKAGES = ("arxiv-digest", "httpx", "lxml", "arxiv", "ahocorasick-rs", "pydantic")


def page(rows: Iterable[Row], cost: Cost) -> str:
    """The whole of docs/benchmarks.md."""
    return _PAGE.format(
        runs=RUNS,
        date=f"{datetime.now(UTC):%Y-%m-%d}",
        machine=_machine(),
        python=platform.python_version(),
        packages=", ".join(f"{name} {version(name)}" for name in _PACKAGES),
        table="\n".join(_markdown(rows)),
        papers=cost.papers,
        size=cost.bytes / 1e6,
        requests=cost.requests,
        least=cost.least,
        site_days=DAYS,
    )


def lines(rows: Sequence[Row], cost: Cost) -> list[str]:
    """The table for a terminal."""
    table = [("what", "against", "ratio", "ours", "theirs"), *map(_cells, rows)]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    aligned = [
        "  ".join(
            cell.ljust(width) if number < 2 else cell.rjust(width)
            for number, (cell, width) in enumerate(zip(cells, widths, strict=True))
        )
        for cells in table
    ]
    return [*aligned, f"requests of the day: {cost.requests}, by its pages and one: {cost.least}"]


def _markdown(rows: Iterable[Row]) -> list[str]:
    head = ["| what | against | ratio | ours | theirs |", "|---|---|--:|--:|--:|"]
    return head + [f"| {' | '.join(_cells(row))} |" for row in rows]


def _cells(row: Row) -> tuple[str, str, str, str, str]:
    ratio = f"{row.ratio:.2f}" if row.ratio < 10 else f"{row.ratio:.0f}"
    return row.ours, row.yardstick, ratio, _seconds(row.seconds), _seconds(row.yardstick_seconds)


def _seconds(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.1f} ms"


def _machine() -> str:
    return f"{platform.machine()}, {os.cpu_count()} cores, {sys.platform}"
