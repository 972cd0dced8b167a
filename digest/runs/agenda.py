"""Wanted: which digests are to be made, from what the ledger says was made before."""

from __future__ import annotations

from collections.abc import Iterator, Set
from datetime import date, timedelta
from pathlib import Path

from digest.archive import Archive, DigestRecord
from digest.fetcher.announcements import Announcements
from digest.fetcher.calendar import FIRST_DAY
from digest.model import Period
from digest.model.errors import UsageError
from digest.model.reports import DayState, counted
from digest.writer.periods import DigestDays


class Agenda:
    """The digest days of a workspace that are still to be made; `folder` holds the files."""

    def __init__(
        self,
        archive: Archive,
        announcements: Announcements,
        digest_days: DigestDays,
        folder: Path,
        catch_up: timedelta,
    ) -> None:
        self._archive = archive
        self._announcements = announcements
        self._digest_days = digest_days
        self._folder = folder
        self._catch_up = catch_up

    def missing(self, last: date) -> tuple[list[Period], list[str]]:
        """What a run up to a day has to make, oldest first, and what to say of what it leaves out.

        Where nothing was ever looked at up to then, the latest digest only.
        """
        known = [record.day for record in self._archive.ledger.days() if record.day <= last]
        if not known:
            latest = self._digest_days.latest(last)
            while not self._announcements.days(latest):
                latest = self._digest_days.latest(latest.after)
            return [latest], []
        limit = last - self._catch_up
        left_out = self.between(max(known) + timedelta(days=1), limit - timedelta(days=1))
        notes = [_left_out(left_out)] if left_out else []
        return self.between(max(min(known), limit), last), notes

    def between(self, first: date, last: date) -> list[Period]:
        """The digests of a range that are not made yet, ascending.

        Each begins behind the digest before it, so that no paper comes twice where the digest
        days were changed meanwhile. A digest whose days were read in another scope is to be made
        again: the archive may lack what today's scope asks for.
        """
        records = list(self._archive.ledger.digests().values())
        read = self._announcements.read()
        return [
            _behind(period, records)
            for period in self._digest_days.between(first, last)
            if not self._is_done(period, records, read)
            and (self._announcements.days(period) or period.day == last)
        ]

    def _is_done(self, period: Period, records: list[DigestRecord], read: Set[date]) -> bool:
        """Whether a digest of the period, or one that holds it, is complete and its file there."""
        return any(
            _covers(record, period)
            and (self._folder / record.period.file).exists()
            and (record.state == DayState.IMPORTED or read >= set(self._days(record)))
            for record in records
        )

    def _days(self, record: DigestRecord) -> list[date]:
        return self._announcements.days(record.period)


def checked_range(first: date | None, last: date | None, today: date) -> None:
    """Raises UsageError, with the reason, for days that make no sense as a range."""
    for day in filter(None, (first, last)):
        if day > today:
            raise UsageError(f"{day} is in the future", hint=f"today is {today} (UTC)")
        if day < FIRST_DAY:
            raise UsageError(f"{day} is before arXiv began", hint=f"it began on {FIRST_DAY}")
    if first and last and last < first:
        raise UsageError(f"{last} is before {first}", hint="give the earlier day first")


def _covers(record: DigestRecord, period: Period) -> bool:
    if record.state == DayState.IMPORTED:
        return record.period.day == period.day
    return (
        record.period.after <= period.after
        and period.day <= record.period.day
        and (record.state != DayState.PARTIAL or record.period.day != period.day)
    )


def _behind(period: Period, records: list[DigestRecord]) -> Period:
    return Period(period.day, max([period.after, *_ends_within(period, records)]))


def _ends_within(period: Period, records: list[DigestRecord]) -> Iterator[date]:
    # An imported digest may lack papers of its time; those it has are known one by one.
    return (
        record.period.day
        for record in records
        if period.after < record.period.day < period.day and record.state != DayState.IMPORTED
    )


def _left_out(periods: list[Period]) -> str:
    first, last = periods[0].day, periods[-1].day
    left_out = counted(len(periods), "digest is", "digests are")
    return (
        f"{left_out} left out, longer ago than catch_up_days; "
        f"to make them: digest backfill {first} {last}"
    )
