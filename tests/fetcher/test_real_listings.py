"""The walk against arXiv's own listings, where the folder `DIGEST_REAL` names has them.

`announced-open.csv.gz` holds ids, seconds and the day of the listing that had them as new. They
are not part of the repository.
"""

from __future__ import annotations

import csv
import gzip
import os
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random

import pytest

from digest.fetcher.calendar import Calendar
from digest.fetcher.walk import walk
from digest.model import Point, sequence_of

FOLDER = os.environ.get("DIGEST_REAL")
CALENDAR = Calendar()

pytestmark = pytest.mark.skipif(
    not FOLDER, reason="DIGEST_REAL names no folder with arXiv's real listings"
)


@dataclass(frozen=True)
class Listings:
    """The papers of which at least the order is known, and the days of those that are listed."""

    points: list[Point]
    listed: dict[int, date]

    def judge(self, points: list[Point]) -> tuple[float, float, int]:
        """The shares of all and of the held papers on their day, and the days with five wrong."""
        right, held, wrong = Counter[bool](), Counter[bool](), Counter[date]()
        for point, day in zip(points, walk(points, CALENDAR).days, strict=True):
            true = self.listed.get(point.sequence)
            if true is None:
                continue
            right[day == true] += 1
            held[day == true] += CALENDAR.day_of_second(point.published) < true
            wrong[true] += day != true
        return (
            right[True] / right.total(),
            held[True] / held.total(),
            sum(count >= 5 for count in wrong.values()),
        )


@pytest.fixture(scope="module")
def listings() -> Listings:
    points, listed = [], {}
    with gzip.open(Path(FOLDER or "") / "announced-open.csv.gz", "rt", encoding="ascii") as file:
        for row in csv.DictReader(file):
            at = datetime.fromisoformat(row["published"]).astimezone(UTC)
            place = sequence_of(row["id"])
            assert place is not None
            points.append(Point(place, int(at.timestamp()), date.max))
            if row["listed"]:
                listed[place] = date.fromisoformat(row["listed"])
    return Listings(sorted(points), listed)


def test_papers_have_the_day_of_their_listing(listings: Listings) -> None:
    share, held, bad_days = listings.judge(listings.points)
    assert share >= 0.996
    assert held >= 0.98
    assert bad_days <= 1


def test_a_tenth_of_the_papers_is_enough(listings: Listings) -> None:
    """As much as a narrow scope has of them."""
    shares = []
    for seed in range(1, 5):
        chance = Random(seed)
        kept = [point for point in listings.points if chance.random() < 0.1]
        shares.append(listings.judge(kept)[0])
    assert sum(shares) / len(shares) >= 0.993


def test_what_comes_later_changes_no_earlier_day(listings: Listings) -> None:
    """Wherever the sequence is cut, every day but the last one of a month stays as it was."""
    points = listings.points
    whole = walk(points, CALENDAR)
    for batch in whole.batches[:-1]:
        start = max(0, batch.start - 2_000)
        while points[start].sequence // 100_000 != points[batch.start].sequence // 100_000:
            start += 1
        cut = walk(points[start : batch.end], CALENDAR)
        settled = [day for day in cut.days if day < batch.day]
        known = whole.days[start : batch.end]
        assert settled[-1_000:] == [day for day in known if day < batch.day][-1_000:]
