"""Digests of six days, to be made by several processes."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from datetime import date
from functools import partial

from digest.app.parts import opened_make
from digest.config import Config
from digest.fetcher.calendar import Calendar
from digest.model import Period
from digest.simulator import Corpus
from digest.writer.editions import Made
from digest.writer.order import NewestFirst, Ordering
from digest.writer.workers import Make, make_together

DAYS = Calendar().days(date(2025, 3, 3), date(2025, 3, 10))
PERIODS = [Period.of(day) for day in DAYS]
CORPUS = Corpus.generate(
    seed=5, first=date(2025, 1, 1), last=date(2025, 3, 14), per_day=40, revised=0.3
)
TOPICS = '[[topic]]\n[[topic.group]]\nkeywords = ["model", "scales"]\n'


def together(
    config: Config, make: Make, periods: Sequence[Period], ordering: Ordering | None = None
) -> Generator[Made]:
    """The digests of periods, made by two processes; newest first if no order is given."""
    open_make = partial(opened_make, config, ordering or NewestFirst())
    return make_together(open_make, make, periods, 2)
