"""The calendar of digests: months of weeks of days, a shade for the number of papers."""

from __future__ import annotations

from calendar import Calendar, month_name
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from digest.writer.editions import page_of

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SHADES = 4


@dataclass(frozen=True, slots=True)
class Cell:
    """A day of a month; `page` is "" where there is no digest. `shade` is 0 to 4.

    `iso` is the day as `2026-03-02`.
    """

    number: int
    name: str
    page: str = ""
    papers: int = 0
    shade: int = 0
    iso: str = ""


@dataclass(frozen=True, slots=True)
class Month:
    """A month as a table: each week has seven cells, None for days of other months."""

    name: str
    weeks: tuple[tuple[Cell | None, ...], ...]


def months(papers: Mapping[date, int]) -> list[Month]:
    """The months that have digests, the newest first; `papers` tells the number of each."""
    numbers = [number for number in papers.values() if number]
    least, most = min(numbers, default=0), max(numbers, default=0)
    found = sorted({(day.year, day.month) for day in papers}, reverse=True)
    return [
        Month(
            f"{month_name[month]} {year}",
            tuple(
                tuple(
                    _cell(day, papers, least, most) if day.month == month else None for day in week
                )
                for week in Calendar().monthdatescalendar(year, month)
            ),
        )
        for year, month in found
    ]


def day_name(day: date) -> str:
    """`Friday, 28 November 2025`."""
    return f"{WEEKDAYS[day.weekday()]}, {short_name(day)}"


@cache
def short_name(day: date) -> str:
    """`28 November 2025`."""
    return f"{day.day} {month_name[day.month]} {day.year}"


def _cell(day: date, papers: Mapping[date, int], least: int, most: int) -> Cell:
    if day not in papers:
        return Cell(day.day, short_name(day))
    number = papers[day]
    # From the day with fewest papers to the one with most, in equal steps.
    step = (number - least) * _SHADES // (most - least + 1) + 1 if number else 0
    return Cell(day.day, short_name(day), page_of(day), number, step, day.isoformat())
