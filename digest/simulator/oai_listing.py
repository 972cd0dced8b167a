"""Which records a harvest finds: works by the day on which their record was last touched.

That is the announcement day of the newest version. Records appear on it some hours after their
papers; a new version takes a record off its old day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Final

from digest.model import Paper
from digest.simulator.corpus import Corpus
from digest.simulator.oai_sets import sets_of
from digest.simulator.search import View

#: arXiv announces at 20:00 New York and updates OAI-PMH "typically around 22:30".
BEHIND: Final = timedelta(hours=2.5)


@dataclass(frozen=True, slots=True)
class Item:
    """A record: its work's index, base id and categories, and when it was last touched."""

    index: int
    datestamp: date
    base: str
    categories: tuple[str, ...]


class Listing:
    """The records of a corpus, by datestamp and then by id."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus

    def between(self, first: date, last: date, set_: str | None, view: View) -> list[Item]:
        """What was last touched from one day to another, both included, as a moment sees it."""
        latest = min(last.toordinal(), view.horizon)
        days = (day for day in sorted(self._touched) if first.toordinal() <= day <= latest)
        items = (self.find(index, view) for day in days for index in self._touched[day])
        unique = {item.index: item for item in items if item and first <= item.datestamp <= last}
        wanted = (item for item in unique.values() if set_ is None or _is_in(item, set_))
        return sorted(wanted, key=lambda item: (item.datestamp, item.base))

    def find(self, index: int | None, view: View) -> Item | None:
        """The record of a work, None if it is not public."""
        if index is None:
            return None
        corpus, base = self._corpus, self._corpus.base(index)
        public = [day for day in corpus.announcements(index) if day <= view.horizon]
        if not public or (view.hidden and view.hidden(base, date.fromordinal(public[0]))):
            return None
        return Item(index, date.fromordinal(max(public)), base, corpus.categories(index))

    def history(self, item: Item, view: View) -> tuple[Paper, dict[int, int]]:
        """The newest public version, and the submission in seconds of each one by its number."""
        versions = self._corpus.public_versions(item.index, view.horizon)
        return self._corpus.paper(item.index, max(versions)), versions

    def named(self, base: str, view: View) -> Item | None:
        """The record of a base id."""
        return self.find(self._corpus.find(base), view)

    @cached_property
    def _touched(self) -> dict[int, list[int]]:
        """The works of which a version was announced on a day."""
        touched: dict[int, list[int]] = {}
        for index in range(len(self._corpus)):
            for day in self._corpus.announcements(index):
                touched.setdefault(day, []).append(index)
        return touched


def _is_in(item: Item, wanted: str) -> bool:
    sets = sets_of(item.categories, twins=True)
    return any(name == wanted or name.startswith(f"{wanted}:") for name in sets)
