"""`digest export`: papers of digests for other programs, those of some days, starred or new."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from digest.archive import Archive, DigestRecord
from digest.fetcher.announcements import Announcements
from digest.model import sequence_of
from digest.outlets.exports import Format, Picked, formatter
from digest.writer.editions import Editions
from digest.writer.order.stars import Starred

#: The first and the last day of a range, both included.
Days = tuple[date, date]

_HINT = "`digest status` and output/index.md tell which digests there are"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to export: digests of `days`, of all days if empty; only `starred` papers if not None.

    `unexported` leaves out the papers that an earlier export with it had.
    """

    days: tuple[Days, ...] = ()
    starred: Starred | None = None
    unexported: bool = False


@dataclass(frozen=True, slots=True)
class Exported:
    """What was exported: `papers` of so many `digests`.

    `missing` are starred papers that are in none of the digests that were looked at.
    """

    format: Format
    digests: int
    papers: int
    missing: tuple[str, ...]


class Exports:
    """Exports the digests of one archive."""

    def __init__(self, archive: Archive, announcements: Announcements, editions: Editions) -> None:
        self._archive = archive
        self._announcements = announcements
        self._editions = editions

    def export(self, wanted: Wanted, form: Format, write: Callable[[str], None]) -> Exported:
        """Give the text of what is wanted to `write`, and only then note what was exported.

        A run may go on meanwhile. Raises UsageError for days without a digest and for a format
        that needs what is not installed, and whatever `write` raises; nothing is noted then.
        """
        make = formatter(form)
        with self._archive.snapshot():
            papers = _once(self._picked(self._records(wanted), wanted))
        write(make(papers))
        if wanted.unexported:
            self._archive.ledger.note_exported(each.paper.id for each in papers)
        digests = len({each.day for each in papers})
        return Exported(form, digests, len(papers), _missing(wanted.starred, papers))

    def _records(self, wanted: Wanted) -> list[DigestRecord]:
        """The digests to look at; days ascend."""
        records = self._editions.records()
        if wanted.days:
            records = self._of_days(records, wanted.days)
        if wanted.starred is not None:
            records = self._with_any(records, wanted.starred.ids)
        return records

    def _of_days(
        self, records: Sequence[DigestRecord], wanted: Sequence[Days]
    ) -> list[DigestRecord]:
        found = []
        for first, last in wanted:
            within = [record for record in records if first <= record.period.day <= last]
            if not within:
                raise self._editions.absence(first, last, _HINT)
            found += within
        by_day = {record.period.day: record for record in found}
        return [by_day[day] for day in sorted(by_day)]

    def _with_any(self, records: list[DigestRecord], ids: Sequence[str]) -> list[DigestRecord]:
        """Those that may have one of some papers; ids before April 2007 do not tell their day."""
        if any(sequence_of(paper) is None for paper in ids):
            return records
        # Month by month: what is walked is all that lies between the ids that are asked for.
        months = groupby(sorted(ids), key=lambda paper: paper[:4])
        days = {day for _, each in months for day in self._announcements.days_of(list(each))}
        return [record for record in records if any(map(record.period.holds, days))]

    def _picked(self, records: Iterable[DigestRecord], wanted: Wanted) -> Iterator[Picked]:
        stars = None if wanted.starred is None else frozenset(wanted.starred.ids)
        exported = self._archive.ledger.exported() if wanted.unexported else frozenset()
        for edition in map(self._editions.written, records):
            shown = [
                one
                for one in edition.shown
                if (stars is None or one.paper.id in stars) and one.paper.id not in exported
            ]
            days = self._announcements.day_by_work([one.paper.id for one in shown])
            for one in shown:
                yield Picked(
                    one.paper,
                    edition.day,
                    self._announcements.announced(one.paper, days),
                    self._announcements.first_announced(one.paper, days),
                    one.match.topics,
                    one.entry.abstract,
                )


def _once(papers: Iterable[Picked]) -> list[Picked]:
    """Each paper as its first digest has it: a digest made with --since may repeat others."""
    first: dict[str, Picked] = {}
    for picked in papers:
        first.setdefault(picked.paper.id, picked)
    return list(first.values())


def _missing(starred: Starred | None, papers: Iterable[Picked]) -> tuple[str, ...]:
    if starred is None:
        return ()
    found = {picked.paper.id for picked in papers}
    return (*(paper for paper in starred.ids if paper not in found), *starred.unknown)
