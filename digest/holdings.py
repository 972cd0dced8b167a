"""What each digest chooses from: the papers of its days, and those that a matcher keeps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from fnmatch import fnmatchcase

from digest.announcements import Announcements
from digest.archive import Archive, DigestRecord
from digest.matcher import Match, Matcher
from digest.model import Paper, Period
from digest.report import DayState


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

    def ids(self, period: Period) -> list[str]:
        """The base ids of all papers of a period, in no promised order."""
        return self._announcements.ids(period)

    def kept(
        self, period: Period, ids: Sequence[str], matcher: Matcher
    ) -> Iterator[tuple[Paper, Match]]:
        """The papers among `ids` that the digest of the period shows, each in its version then."""
        for paper in self.papers(period, self._candidates(ids, matcher)):
            if match := matcher.match(paper):
                yield paper, match

    def papers(self, period: Period, ids: Sequence[str]) -> Iterator[Paper]:
        """The papers among `ids` that the digest of the period may choose, as it would show them.

        A paper is in one digest only, also where that was made elsewhere.
        """
        imported = self._archive.imports.days(ids)
        own = [paper for paper in ids if imported.get(paper, period.day) == period.day]
        return filter(self._in_scope, self._announcements.papers(period, own))

    def _candidates(self, ids: Sequence[str], matcher: Matcher) -> list[str]:
        """Those with a version that has the keywords; looking at texts alone is quick."""
        return list(dict.fromkeys(_with_keywords(self._archive.papers.abstracts(ids), matcher)))

    def _in_scope(self, paper: Paper) -> bool:
        return not self._categories or any(
            fnmatchcase(category, pattern)
            for category in paper.categories
            for pattern in self._categories
        )


def _with_keywords(abstracts: Iterable[tuple[str, str]], matcher: Matcher) -> Iterator[str]:
    return (paper for paper, abstract in abstracts if matcher.has_keywords(abstract))
