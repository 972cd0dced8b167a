"""Wanted: which digests are to be made, from the announcement days that each one holds.

Every announcement day is in exactly one digest. A digest day covers the announcement days since the
digest day before it that no other digest holds. Where it has no announcement itself, or its name is
taken by a digest that stays as it is, its digest is named after the last day that it covers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

from digest.archive import Archive, DigestRecord
from digest.fetcher.announcements import Announcements
from digest.fetcher.calendar import FIRST_DAY
from digest.model import Period
from digest.model.errors import UsageError
from digest.model.reports import DayState, counted
from digest.writer.keeping import digest_files, is_ours, linked_papers, read_file
from digest.writer.periods import DigestDays

_DAY = timedelta(days=1)

#: So many ranges of digests that are left out are named.
_RANGES_NAMED = 3


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
        self.catch_up = catch_up

    def missing(self, last: date) -> tuple[list[Period], list[str]]:
        """What a run up to a day has to make, oldest first, and what to say of what it leaves out.

        Where nothing was ever looked at up to then, the latest digest only; or those behind the
        last file, if the folder has digests that the archive does not know.
        """
        records = self._archive.ledger.digests()
        known = {record.day for record in self._archive.ledger.days() if record.day <= last}
        unknown = [day for day in digest_files(self._folder) if day not in records and day <= last]
        if not known:
            behind = max(unknown, default=last) + _DAY
            late = self._open(max(behind, last - self.catch_up), last, records)
            return late or self._latest(last, records), _unknown(unknown)
        limit = max(min(known), last - self.catch_up)
        periods = self._open(min(known), last, records)
        late = [period for period in periods if period.day < limit]
        # Far behind, what was never looked at lies between ranges that somebody asked for.
        left_out = [one for one in late if one.day > max(known) or one.days & known]
        # So they are named until somebody makes them.
        self._archive.ledger.remember(day for one in left_out for day in one.days)
        notes = _unknown(unknown) + self._odd_files(records)
        notes += [_left_out(left_out)] if left_out else []
        return [period for period in periods if period.day >= limit], notes

    def between(self, first: date, last: date) -> list[Period]:
        """The digests of a range that are not made yet, ascending.

        A digest of the range whose days a person chose is to be made anew, as its day has it. One
        whose days were read in another scope is to be made again: the archive may lack what today's
        scope asks for.
        """
        records = self._archive.ledger.digests()
        chosen = {
            day for day, record in records.items() if record.period.chosen and first <= day <= last
        }
        others = {day: record for day, record in records.items() if day not in chosen}
        periods = self._open(first, last, others)
        taken = frozenset[date]().union(*(period.days for period in periods))
        read = self._announcements.read()
        for day in chosen - {period.day for period in periods}:
            rest = records[day].period._replace(days=records[day].period.days - taken)
            if rest.days and not self._is_done(rest, records[day], read):
                periods.append(rest)
        return sorted(periods)

    def released(self, periods: Sequence[Period]) -> dict[date, frozenset[date]]:
        """The days that would be in no digest if these were made, by the digest they are in now."""
        new = {period.day: period.days for period in periods}
        taken = frozenset[date]().union(*new.values())
        return {
            day: lost
            for day, record in self._archive.ledger.digests().items()
            if day in new and (lost := self._announced(record.period) - taken)
        }

    def chosen(self, day: date, after: date) -> Period:
        """The digest of all days behind `after` up to `day`.

        Of the day of an imported digest it has the papers that this one lacks. Raises UsageError
        if the digest of `day` itself is an imported one.
        """
        record = self._archive.ledger.digest(day)
        if record and record.state == DayState.IMPORTED:
            raise UsageError(
                f"the digest of {day} was imported, and its file stays as it is",
                hint="choose another day with --date",
            )
        return Period(day, self._announced(Period.since(day, after)), chosen=True)

    def taken(self, period: Period) -> dict[date, frozenset[date]]:
        """The days of a digest that others hold, by these others."""
        return {
            day: both
            for day, record in self._archive.ledger.digests().items()
            if day != period.day and (both := record.period.days & period.days)
        }

    def named(self, period: Period) -> Period:
        """A digest not written yet, named anew once more is known of days without announcement."""
        if period.chosen or self._archive.ledger.digest(period.day):
            return period
        days = self._announced(period)
        return Period(max(days), days) if days else period

    def _odd_files(self, records: Mapping[date, DigestRecord]) -> list[str]:
        """What to say of files that an older archive, restored, does not know as they are.

        Who changed them by hand wants them as they are.
        """
        day_of = {paper: day for day, record in records.items() for paper in record.shown or ()}
        notes = []
        for day, path in digest_files(self._folder).items():
            data = read_file(path) or b""
            record = records.get(day)
            if record is None or record.state == DayState.IMPORTED or is_ours(data, record):
                continue
            if what := _oddity(data, record, day_of):
                notes.append(
                    f"{path.name} is not as it was written last: it {what}; "
                    f"`digest rebuild {day} {day}` makes it anew"
                )
        return notes

    def _latest(self, last: date, records: Mapping[date, DigestRecord]) -> list[Period]:
        """The last digest that is due by a day, if a run never made one."""
        day = self._digest_days.next(last)
        while True:
            segment = self._digest_days.latest(day)
            days = self._announced(segment)
            if days and max(days) <= last:
                whole = Period(max(days), days)
                return self._open(min(days), whole.day, records) or [whole]
            day = min(segment.days) - _DAY

    def _open(self, first: date, last: date, records: Mapping[date, DigestRecord]) -> list[Period]:
        """The digests named after days from `first` to `last` that are not made yet, ascending."""
        read = self._announcements.read()
        wanted = {day: record.period for day, record in records.items() if first <= day <= last}
        for period in self._covers(first, self._digest_days.next(last), records):
            if first <= period.day and max(period.days) <= last:
                wanted[period.day] = period
        return [
            period
            for day, period in sorted(wanted.items())
            if not self._is_done(period, records.get(day), read)
        ]

    def _covers(
        self, first: date, last: date, records: Mapping[date, DigestRecord]
    ) -> Iterator[Period]:
        """What each digest day of a range covers, if that is any day that no digest holds yet."""
        holders = {day: record for record in records.values() for day in record.period.days}
        for segment in self._digest_days.between(first, last):
            free = self._announced(segment) - holders.keys()
            if not free:
                continue
            own = holders.get(segment.day)
            is_open = own and own.period.day == segment.day and not _stays(own)
            name = segment.day if is_open else max(free)
            before = records.get(name)
            yield Period(name, free | (before.period.days if before else frozenset()))

    def _is_done(self, period: Period, record: DigestRecord | None, read: Set[date]) -> bool:
        """Whether a digest is complete with these days, and its file there."""
        return (
            record is not None
            and (self._folder / period.file).exists()
            and (
                record.state == DayState.IMPORTED
                or (
                    record.state != DayState.PARTIAL
                    and not record.stale
                    and period.days <= record.period.days
                    and read >= self._announced(period)
                )
            )
        )

    def _announced(self, period: Period) -> frozenset[date]:
        return frozenset(self._announcements.days(period))


def checked_range(first: date | None, last: date | None, today: date) -> None:
    """Raises UsageError, with the reason, for days that make no sense as a range."""
    for day in filter(None, (first, last)):
        if day > today:
            raise UsageError(f"{day} is in the future", hint=f"today is {today} (UTC)")
        if day < FIRST_DAY:
            raise UsageError(f"{day} is before arXiv began", hint=f"it began on {FIRST_DAY}")
    if first and last and last < first:
        raise UsageError(f"{last} is before {first}", hint="give the earlier day first")


def _stays(record: DigestRecord) -> bool:
    """Whether a digest has the days that it has, whatever else there is."""
    return record.period.chosen or record.state == DayState.IMPORTED


def _oddity(data: bytes, record: DigestRecord, day_of: Mapping[str, date]) -> str:
    """What a file has that puts papers into two digests, or into none; empty if it is none."""
    papers = linked_papers(data)
    day = record.period.day
    others = sum(day_of.get(paper, day) != day for paper in papers)
    if others:
        return f"has {counted(others, 'paper')} of other digests"
    lacking = len(set(record.shown or ()) - papers)
    return f"lacks {counted(lacking, 'paper')}" if lacking else ""


def _unknown(days: Sequence[date]) -> list[str]:
    if not days:
        return []
    files = "digest file" if len(days) == 1 else "digest files"
    return [
        f"{len(days)} {files} ({_range(days)}) not in the archive: `digest import` makes "
        f"the papers known, `digest backfill {days[0]} {days[-1]}` makes them anew"
    ]


def _range(days: Sequence[date]) -> str:
    return f"{days[0]} to {days[-1]}" if len(days) > 1 else str(days[0])


def _left_out(periods: Sequence[Period]) -> str:
    left_out = counted(len(periods), "digest is", "digests are")
    ranges = _ranges([period.day for period in periods])
    commands = [f"digest backfill {first} {last}" for first, last in ranges[:_RANGES_NAMED]]
    more = len(ranges) - len(commands)
    return (
        f"{left_out} left out, longer ago than catch_up_days; "
        f"to make them: {', '.join(commands)}{f' and {more} more ranges' if more else ''}"
    )


def _ranges(days: Sequence[date]) -> list[tuple[date, date]]:
    """Ascending days in ranges without long gaps: what lies between two was asked for as well."""
    cuts = [0, *(n for n, (one, other) in enumerate(pairwise(days), 1) if other - one > 7 * _DAY)]
    return [(days[start], days[end - 1]) for start, end in pairwise([*cuts, len(days)])]
