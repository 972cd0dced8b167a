"""What is counted over all digests: papers a day, keywords by the week, pairs of keywords."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations

from digest.outlets.site.memory import Day

#: Digest days, weeks and keywords that plots show.
DAYS = 60
WEEKS = 26
KEYWORDS = 12
_WEEK = timedelta(days=7)
_FRIDAY = 4


@dataclass(frozen=True, slots=True)
class Counts:
    """The numbers of some days. `weeks` are Mondays, ascending; all lists go along with them."""

    daily: tuple[tuple[date, int], ...]
    weeks: tuple[date, ...]
    weekly: dict[str, tuple[int, ...]]
    pairs: Counter[tuple[str, str]]

    def total(self, keyword: str) -> int:
        """The papers of a keyword in these weeks."""
        return sum(self.weekly.get(keyword, ()))

    def course(self, keyword: str) -> tuple[int, ...]:
        """The papers of each week, without one that is not over: it would look like a decline."""
        row = self.weekly.get(keyword, ())
        is_over = bool(self.daily) and self.daily[-1][0].weekday() >= _FRIDAY
        return row if is_over or len(row) < 2 else row[:-1]

    def frequent(self) -> list[str]:
        """The keywords with most papers, at most twelve."""
        used = [word for word in self.weekly if self.total(word)]
        return sorted(used, key=lambda word: (-self.total(word), word))[:KEYWORDS]

    def both(self, one: str, other: str) -> int | None:
        """The papers with both of two keywords; None if there is none."""
        return self.pairs[min(one, other), max(one, other)] or None

    def partners(self, keyword: str, most: int = 5) -> list[tuple[str, int]]:
        """The keywords that are most often in a paper with this one, with how often."""
        found = [
            (pair[pair[0] == keyword], number)
            for pair, number in self.pairs.items()
            if keyword in pair
        ]
        return sorted(found, key=lambda each: (-each[1], each[0]))[:most]


def counts(days: Sequence[Day], keywords: Sequence[str]) -> Counts:
    """The numbers of the last weeks up to the newest of the days, which ascend."""
    weeks = _weeks(days[0].day, days[-1].day) if days else ()
    numbers = {week: number for number, week in enumerate(weeks)}
    weekly = {word: [0] * len(weeks) for word in keywords}
    pairs: Counter[tuple[str, str]] = Counter()
    for day in days:
        number = numbers.get(_monday(day.day))
        if number is None:
            continue
        for paper in day.papers:
            for word in paper.keywords:
                weekly.setdefault(word, [0] * len(weeks))[number] += 1
            pairs.update(combinations(sorted(paper.keywords), 2))
    return Counts(
        tuple((day.day, len(day.papers)) for day in days[-DAYS:]),
        weeks,
        {word: tuple(row) for word, row in weekly.items()},
        pairs,
    )


def _weeks(first: date, last: date) -> tuple[date, ...]:
    """The Mondays of the weeks from one day to another, as many as are shown."""
    weeks = (_monday(last) - _WEEK * back for back in reversed(range(WEEKS)))
    return tuple(week for week in weeks if week >= _monday(first))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
