"""The pages of weeks: the papers of several days at once, in a list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from digest.outlets.site.addresses import slug_of
from digest.outlets.site.looks import Looks
from digest.outlets.site.memory import Day
from digest.outlets.site.months import day_name, short_name
from digest.outlets.site.pages import Site
from digest.outlets.site.text import possible
from digest.outlets.site.views import Link, choices, listed
from digest.writer.editions import page_of


def week_of(day: date) -> Link:
    """The page of the ISO week that a day is in: `2026-W10`."""
    year, week, _ = day.isocalendar()
    return Link(f"Week {week}, {year}", f"week/{year}-W{week:02d}.html")


def write_weeks(site: Site, looks: Looks, days: Sequence[Day]) -> None:
    """All of them, of the days in ascending order. Raises WriteError."""
    weeks = [(link, list(group)) for link, group in groupby(days, key=lambda one: week_of(one.day))]
    for number, (link, of_week) in enumerate(weeks):
        earlier = weeks[number - 1][0] if number else None
        later = weeks[number + 1][0] if number + 1 < len(weeks) else None
        site.page(
            link.page,
            "week",
            link.name,
            ([(day.day, day.mark) for day in of_week], earlier, later),
            # Made at once if at all, so with this week and those beside it.
            lambda: _view(looks, link, of_week, earlier, later),  # noqa: B023
        )


def _view(
    looks: Looks, link: Link, days: Sequence[Day], earlier: Link | None, later: Link | None
) -> dict[str, object]:
    papers = [paper for day in days for paper in day.papers]
    words = [word for paper in papers for word in looks.words(paper.keywords)]
    return {
        "name": link.name,
        "span": " to ".join(dict.fromkeys(short_name(day.day) for day in (days[0], days[-1]))),
        "papers": len(papers),
        "earlier": earlier,
        "later": later,
        "keywords": choices((word.slug, word.name) for word in words),
        "categories": choices((name, name) for paper in papers for name in paper.categories),
        "topics": choices(
            (slug_of(topic), possible(topic)) for one in papers for topic in one.topics
        ),
        "days": [
            Link(day_name(day.day), page_of(day.day), len(day.papers)) for day in reversed(days)
        ],
        "shown": [
            [listed(day.day, paper, looks) for paper in day.papers] for day in reversed(days)
        ],
    }
