"""The workspace as the archive has it: how it stands, its days, its runs. No network."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Set
from dataclasses import replace
from datetime import date, datetime, timedelta

from digest.archive import Archive, DayRecord, DigestRecord
from digest.config import Config
from digest.fetcher.calendar import Calendar, public_at
from digest.model import Outcome, Run
from digest.model.reports import DayState, DayStatus, RunLog, Status
from digest.runs.standing import Records, last_success, standing

#: What `status` lists: enough to see a month.
_DAYS_SHOWN = 30

_DAY = timedelta(days=1)
_EVERY_DAY = frozenset(range(5))


class Overview:
    """Reads one workspace's archive; `calendar` is the schedule without what runs learned of it."""

    def __init__(self, archive: Archive, config: Config, calendar: Calendar) -> None:
        self._archive = archive
        self._config = config
        self._calendar = calendar

    def status(self, now: datetime) -> Status:
        """How everything stands. Raises ArchiveError."""
        runs = self._runs()
        digests = self._archive.ledger.digests()
        written = _days_in(digests.values())
        days = [_day_status(record, written) for record in self._archive.ledger.days()]
        imported, completed = self._archive.imports.count()
        following = self._calendar.next(now)
        scope = self._config.arxiv.scope
        return Status(
            standing=standing(
                self._records(runs, written, now),
                now,
                timedelta(hours=self._config.digest.patience_hours),
                following,
            ),
            scope=scope if isinstance(scope, str) else ", ".join(scope),
            days=tuple(days[-_DAYS_SHOWN:]),
            days_by_state=dict(sorted(Counter(day.state.value for day in days).items())),
            papers=self._archive.papers.count(),
            last_run=runs[0] if runs else None,
            last_success=last_success(runs),
            next_announcement=following,
            imported=imported,
            completed=completed,
            imported_days=tuple(
                day for day, record in digests.items() if record.state == DayState.IMPORTED
            ),
        )

    def log(self, limit: int | None = None) -> RunLog:
        """The last runs, all that are kept if None. Raises ArchiveError."""
        return RunLog(tuple(self._runs(limit)))

    def _runs(self, limit: int | None = None) -> list[Run]:
        """The runs, newest first; one without an end is broken off if nobody holds the lock."""
        runs = self._archive.runs.latest(limit)
        if runs and runs[0].outcome == Outcome.RUNNING and not self._is_held():
            # It may have ended meanwhile. Its end is on record before the lock is free.
            runs = self._archive.runs.latest(limit)
            if runs[0].outcome == Outcome.RUNNING:
                runs[0] = replace(runs[0], outcome=Outcome.BROKEN_OFF)
        return runs

    def _is_held(self) -> bool:
        from digest.runs.lock import is_held

        return is_held(self._config.digest.archive)

    def _records(self, runs: list[Run], written: Set[date], now: datetime) -> Records:
        latest = self._calendar.latest(now)
        limit = latest - timedelta(days=self._config.digest.catch_up_days)
        known = [
            record
            for record in self._archive.ledger.days()
            if record.day <= latest and self._calendar.is_announcement_day(record.day)
        ]
        waiting = [
            record.day
            for record in known
            if record.state == DayState.WAITING
            and record.day not in written
            and record.day >= limit
        ]
        if known:
            unseen = self._calendar.days(max(known[-1].day + _DAY, limit), latest)
        else:
            unseen = [latest] if runs else []
        newest = known[-1] if known else None
        return Records(runs, self._due(waiting, latest), self._due(unseen, latest), newest, latest)

    def _due(self, days: Iterable[date], latest: date) -> dict[date, datetime]:
        """Those of some days whose digest is due by the day `latest`, and since when it is."""
        settings = self._config.digest
        if settings.weekdays == _EVERY_DAY:  # and all that comes with the writer is not loaded
            return {day: public_at(day) for day in days}
        from digest.writer.periods import DigestDays

        digest_days = DigestDays(settings.weekdays, month_end=settings.month_end)
        ends = {day: self._calendar.days(day, digest_days.next(day))[-1] for day in days}
        return {day: public_at(end) for day, end in ends.items() if end <= latest}


def _days_in(digests: Iterable[DigestRecord]) -> set[date]:
    """The days of digests that were written."""
    return {day for record in digests for day in record.period.days}


def _day_status(record: DayRecord, written: Set[date]) -> DayStatus:
    """A waiting day whose digest was written with what there is counts as partial."""
    is_written = record.day in written
    state = DayState(record.state)
    return DayStatus(
        record.day,
        DayState.PARTIAL if is_written and state == DayState.WAITING else state,
        record.papers,
        record.gaps,
        record.absent,
        record.proof,
        written=is_written,
    )
