"""The start page: the latest digest, the calendar, and what the numbers tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from digest.outlets.site import plots
from digest.outlets.site.counts import Counts
from digest.outlets.site.keyword_pages import courses
from digest.outlets.site.looks import Looks, Word
from digest.outlets.site.memory import Day
from digest.outlets.site.months import WEEKDAYS, day_name, months
from digest.outlets.site.pages import Site
from digest.outlets.site.tables import daily_table, pairs_table, weekly_table
from digest.outlets.site.views import listed
from digest.outlets.site.weeks import week_of
from digest.writer.editions import page_of

#: What is shown at once.
_PAPERS = 12
_MONTHS = 6


def write_start(site: Site, looks: Looks, days: Sequence[Day], numbers: Counts) -> None:
    """The start page of the days, which ascend. Raises WriteError."""
    of = ([(day.day, len(day.papers)) for day in days], [day.mark for day in days[-1:]], numbers)
    site.page("index.html", "start", "Start", of, lambda: _view(looks, days, numbers))


def _view(looks: Looks, days: Sequence[Day], numbers: Counts) -> Mapping[str, object]:
    frequent = looks.words(numbers.frequent())
    return {
        "latest": _latest(days[-1], looks) if days else None,
        "week": week_of(days[-1].day) if days else None,
        "days": len(days),
        "papers": sum(len(day.papers) for day in days),
        "weekdays": WEEKDAYS,
        "shown_months": _MONTHS,
        "months": months({day.day: len(day.papers) for day in days}),
        "daily": {
            "plot": plots.bars(
                "Papers a day", [(f"{day.day} {day:%b}", papers) for day, papers in numbers.daily]
            ),
            "table": daily_table(numbers),
        },
        "pairs": {"plot": _pairs(numbers, frequent), "table": pairs_table(numbers)},
        "weekly": {"lines": courses(numbers, frequent), "table": weekly_table(numbers, frequent)},
    }


def _latest(day: Day, looks: Looks) -> Mapping[str, object]:
    return {
        "name": day_name(day.day),
        "iso": day.day.isoformat(),
        "page": page_of(day.day),
        "papers": len(day.papers),
        "shown": [listed(day.day, paper, looks, teaser=True) for paper in day.papers[:_PAPERS]],
    }


def _pairs(numbers: Counts, words: Sequence[Word]) -> Markup:
    """A dot for each pair: a row for each keyword but the first, a column for all but the last."""
    names = [word.name for word in words]
    rows = [
        (
            one,
            [numbers.both(one, other) if other in names[:place] else None for other in names[:-1]],
        )
        for place, one in enumerate(names)
    ]
    return plots.dots("Papers with both of two keywords", names[:-1], rows[1:])
