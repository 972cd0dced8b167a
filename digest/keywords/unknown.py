"""An id that the archive does not have: what is known of it, and what to do."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from digest.fetcher.calendar import FIRST_DAY
from digest.fetcher.walk import Walk, walk
from digest.keywords.report import Explanation
from digest.model import Asked, month_start, sequence_of

if TYPE_CHECKING:
    from digest.keywords.material import Material

#: Ids of today's form have been given out since then; those of the form before until then.
_NEW_STYLE_SINCE = date(2007, 4, 1)

_NO_SUCH = "arXiv never assigned such an id"


def unknown(keywords: Material, base: str) -> Explanation:
    """What is known of an id, without version, that the archive does not have."""
    place = sequence_of(base)
    month = _month(base, old_style=place is None)
    if month is None:
        return _say(base, f"{_NO_SUCH}.")
    if month > keywords.now.date():
        return _say(base, f"arXiv has not assigned ids of {month:%B %Y} yet.")
    latest = keywords.calendar.latest(keywords.now)
    if place is None:
        days = keywords.calendar.days(month, min(_following(month), latest))
        return _by_days(keywords, base, days, None)
    points, _ = keywords.archive.coverage.points_near(place, place, 1)
    found = walk(points, keywords.calendar)
    below, above = _neighbours(found, place)
    if above is None and below == latest:
        return _say(
            base,
            f"It is not public yet: the archive has all days up to {latest}, and no id as high.",
            "Check the number, or run again after the next announcement.",
        )
    first = below or month
    last = min(above or _following(month), latest)
    days = keywords.calendar.days(first, last)
    return _by_days(
        keywords,
        base,
        days,
        keywords.archive.coverage.asked(keywords.scope, place, place).get(base),
    )


def _by_days(
    keywords: Material, base: str, days: Sequence[date], asked: Asked | None
) -> Explanation:
    """By the announcement days that an id may be of."""
    read = keywords.announcements.read()
    unread = [day for day in days if day not in read]
    scoped = bool(keywords.scope)
    if asked and asked.settled:
        if scoped:
            return _say(
                base,
                f"arXiv was asked for it on {asked.last:%Y-%m-%d}: it is not in your scope, or "
                "the paper does not exist.",
            )
        return _say(
            base, f"arXiv was asked for it on {asked.last:%Y-%m-%d}, and has no such paper."
        )
    if asked:
        return _say(
            base,
            f"arXiv was asked for it on {asked.last:%Y-%m-%d}, and did not have it then.",
            "`digest run` asks again.",
        )
    if unread:
        span = f"{unread[0]}" if len(unread) == 1 else f"{unread[0]} {unread[-1]}"
        return _say(
            base,
            "Its announcement day is not in the archive.",
            f"`digest backfill {span}` fetches "
            + ("that day." if len(unread) == 1 else "the days that it may be of."),
        )
    if scoped:
        return _say(base, "It is not in your scope, or it does not exist.")
    return _say(
        base,
        "The days that it may be of are in the archive, and it is not among their papers.",
        "Check the number; `digest status` shows whether these days are complete.",
    )


def _say(base: str, why: str, advice: str = "") -> Explanation:
    return Explanation(id=base, known=False, why=why, advice=advice)


def _neighbours(found: Walk, place: int) -> tuple[date | None, date | None]:
    """The announcement days of the papers next to a place, within its month."""
    month = month_start(place)
    known = [
        (point.sequence, day)
        for point, day in zip(found.points, found.days, strict=True)
        if month_start(point.sequence) == month
    ]
    index = bisect_left(known, (place, date.min))
    below = known[index - 1][1] if index else None
    above = known[index][1] if index < len(known) else None
    return below, above


def _month(base: str, *, old_style: bool) -> date | None:
    """The first day of the month of an id; None if arXiv has no ids of such a month."""
    digits = base.partition("/")[2] if old_style else base
    year, month = int(digits[:2]), int(digits[2:4])
    if not 1 <= month <= 12:
        return None
    first = date(
        1900 + year if old_style and year >= FIRST_DAY.year % 100 else 2000 + year, month, 1
    )
    is_old = first < _NEW_STYLE_SINCE
    if old_style != is_old or _following(first) < FIRST_DAY:
        return None
    return first


def _following(month: date) -> date:
    """The first day of the month after."""
    return (month + timedelta(days=31)).replace(day=1)
