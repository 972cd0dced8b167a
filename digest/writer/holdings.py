"""What each digest chooses from: the papers of its days, and those that a matcher keeps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from fnmatch import fnmatchcase
from hashlib import sha256

from digest.archive import Archive, DigestRecord
from digest.fetcher.announcements import Announcements, Works
from digest.matcher import Match, Matcher
from digest.model import Paper, Period, Span, Style, Topic
from digest.model.reports import DayState


class Holdings:
    """The papers of digests, as the archive has them.

    `categories` are those of the scope (`cs.*`), empty for any: an archive may hold more than the
    scope asks for today.
    """

    def __init__(
        self, archive: Archive, announcements: Announcements, categories: tuple[str, ...]
    ) -> None:
        self._archive = archive
        self._announcements = announcements
        self._categories = categories

    @property
    def rule(self) -> str:
        """Tells apart what assigns papers to days."""
        return self._announcements.rule

    def digests(self, first: date | None = None, last: date | None = None) -> list[DigestRecord]:
        """The digests written so far, from `first` to `last`, both included; days ascend.

        Imported ones are left out: they were made elsewhere, and the archive knows too little to
        make them again.
        """
        return [
            record
            for day, record in self._archive.ledger.digests().items()
            if (first or day) <= day <= (last or day) and record.state != DayState.IMPORTED
        ]

    def digest(self, day: date) -> DigestRecord | None:
        """The digest of a day; None if none was written."""
        return self._archive.ledger.digest(day)

    def imported(self, first: date, last: date) -> list[date]:
        """The days of the imported digests from `first` to `last`, both included; ascending."""
        return [
            day
            for day, record in self._archive.ledger.digests().items()
            if first <= day <= last and record.state == DayState.IMPORTED
        ]

    def altered(self, since: int) -> tuple[list[str], int]:
        """The works stored or altered since a change of the archive, and its last change."""
        return self._archive.papers.changed_since(since)

    def days_back(self, days: int) -> date | None:
        """The first of so many days up to the newest digest; None if there is no digest."""
        newest = max((record.period.day for record in self.digests()), default=None)
        return newest and newest - timedelta(days=days - 1)

    def ids(self, period: Period, among: Works | None = None) -> list[str]:
        """The base ids of a period's papers, in no promised order; with `among`, only of those."""
        return self._announcements.ids(period, among)

    def span(self, periods: Iterable[Period]) -> Span:
        """A stretch of the id sequence with all papers of some periods that have a place in it."""
        places = [place for period in periods for place in self._announcements.ends(period)]
        return Span(min(places, default=1) - 1, max(places, default=1))

    def keep(self, period: Period) -> None:
        """Keep which papers are a period's, so that `ids` is quick the next time."""
        self._announcements.keep(period)

    def made_with(self, topics: Sequence[Topic], style: Style) -> str:
        """Names what a digest is made with: equal for equal keywords, style and scope."""
        return sha256(repr((tuple(topics), style.name, self._categories)).encode()).hexdigest()

    def kept(
        self, period: Period, ids: Sequence[str], matcher: Matcher
    ) -> Iterator[tuple[Paper, Match]]:
        """The papers among `ids` that the digest of the period shows, each in its version then."""
        for paper in self.papers(period, self.candidates(ids, matcher)):
            if match := matcher.match(paper):
                yield paper, match

    def candidates(self, ids: Sequence[str], *matchers: Matcher) -> list[str]:
        """Those with a version that has what a matcher needs; looking at texts alone is quick."""
        return list(
            dict.fromkeys(
                paper
                for paper, title, abstract, authors in self._archive.papers.texts(ids)
                if any(
                    matcher.has_keywords(abstract, title) or matcher.has_author(authors)
                    for matcher in matchers
                )
            )
        )

    def papers(self, period: Period, ids: Sequence[str]) -> Iterator[Paper]:
        """The papers among `ids` that the digest of the period may choose, as it would show them.

        A paper is in one digest only, also where that was made elsewhere.
        """
        imported = self._archive.imports.days(ids)
        own = [paper for paper in ids if imported.get(paper, period.day) == period.day]
        papers = self._announcements.papers(period, own)
        return (paper for paper in papers if in_scope(paper, self._categories))


def in_scope(paper: Paper, categories: Sequence[str]) -> bool:
    """Whether a paper has one of the scope's categories (`cs.*`); empty means any."""
    return not categories or any(
        fnmatchcase(category, pattern) for category in paper.categories for pattern in categories
    )
