"""The table, for the terminal and in docs/benchmarks.md."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version

from bench.measure import Row

_PACKAGES = (
    "arxiv-daily-digest",
    "httpx",
    "lxml",
    "arxiv",
    "ahocorasick-rs",
    "pydantic",
    "zstandard",
)

#: What lies between these lines of the page is written anew; the words around it are a person's.
_BEGIN, _END = "<!-- written by make bench -->", "<!-- to here -->"


def page(rows: Iterable[Row], before: str) -> str:
    """The page docs/benchmarks.md with another table."""
    head, _, rest = before.partition(_BEGIN)
    _, _, tail = rest.partition(_END)
    packages = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    machine = f"{platform.machine()}, {os.cpu_count()} cores, {sys.platform}"
    facts = (
        f"- {datetime.now(UTC):%Y-%m-%d}, {machine}",
        f"- Python {platform.python_version()}; {packages}",
    )
    middle = "\n".join([_BEGIN, "", *facts, "", *_markdown(rows), "", _END])
    return head + middle + tail


def lines(rows: Sequence[Row]) -> list[str]:
    """The table for a terminal."""
    table = [_HEAD, *map(_cells, rows)]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    return [
        "  ".join(
            cell.ljust(width) if number < _TEXTS else cell.rjust(width)
            for number, (cell, width) in enumerate(zip(cells, widths, strict=True))
        ).rstrip()
        for cells in table
    ]


_HEAD = ("what", "against", "ratio", "target", "ours", "theirs", "met")
_TEXTS = 2


def _markdown(rows: Iterable[Row]) -> list[str]:
    head = [f"| {' | '.join(_HEAD)} |", "|---|---|--:|--:|--:|--:|---|"]
    return head + [f"| {' | '.join(_cells(row))} |" for row in rows]


def _cells(row: Row) -> tuple[str, ...]:
    times, bound = ("× faster", "≥") if row.faster else ("×", "≤")
    return (
        *(row.ours, row.yardstick),
        f"{_number(row.ratio)} {times}",
        f"{bound} {row.target:.3g} {times}",
        *(_value(value, row.unit) for value in (row.value, row.yardstick_value)),
        "yes" if row.is_met else "no",
    )


def _number(ratio: float) -> str:
    return f"{ratio:.2f}" if ratio < 10 else f"{ratio:.0f}"


def _value(value: float, unit: str) -> str:
    if unit != "s":
        is_small = 0 < value < 1
        return f"{value:.2f} {unit}".rstrip() if is_small else f"{value:,.0f} {unit}".rstrip()
    return f"{value:.2f} s" if value >= 1 else f"{value * 1000:.1f} ms"
