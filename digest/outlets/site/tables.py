"""The numbers of plots as tables: what is drawn can be read, too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from digest.outlets.site.counts import Counts
from digest.outlets.site.looks import Word
from digest.outlets.site.months import short_name
from digest.outlets.site.text import possible

_PAIRS = 30


@dataclass(frozen=True, slots=True)
class Table:
    """Names of columns, and rows; the first cell of a row names it."""

    head: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]


def daily_table(numbers: Counts) -> Table:
    """Papers a day, the newest first."""
    rows = tuple((short_name(day), papers) for day, papers in reversed(numbers.daily))
    return Table(("Day", "Papers"), rows)


def weekly_table(numbers: Counts, words: Sequence[Word]) -> Table:
    """Papers a week, a column for each keyword."""
    return Table(
        ("Week of", *(possible(word.name) for word in words)),
        tuple(
            (week.isoformat(), *(numbers.weekly[word.name][place] for word in words))
            for place, week in enumerate(numbers.weeks)
        ),
    )


def pairs_table(numbers: Counts) -> Table:
    """The most frequent pairs of keywords."""
    ordered = sorted(numbers.pairs.items(), key=lambda item: (-item[1], item[0]))
    rows = tuple(
        (f"{possible(one)} and {possible(other)}", papers)
        for (one, other), papers in ordered[:_PAIRS]
    )
    return Table(("Keywords", "Papers"), rows)
