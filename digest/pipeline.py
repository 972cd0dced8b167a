"""The flow of a run, from arXiv to the dated file:

    wanted   which digest days are missing, up to a date            writer.periods, archive.ledger
      │
    fetch    ask arXiv until each of their announcement days is     fetcher.plan → fetcher.harvest
      │      known, id by id                                         → archive
    match    find the keywords in every paper of the day            matcher
      │
    compose  the papers kept, in order, in the version of the day   writer.compose
      │
    render   bytes from the template                                writer.render
      │
    write    replace the file if its bytes differ                   writer.files, archive.ledger

Everything below `fetch` is a function of the archive, so a day made live, later or again is the
same file. The run can be killed between any two steps: each page fetched is one transaction, each
file is replaced whole, and what is missing is asked of the archive at the next start.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta

from digest.announcements import Announcements
from digest.archive import Archive, DayRecord, DigestRecord, RunRecord
from digest.errors import FetchError, UsageError
from digest.fetcher.api import QueryApi
from digest.fetcher.calendar import FIRST_DAY, Calendar, public_at
from digest.model import Period
from digest.publish import Publisher
from digest.report import DayReport, DayState, Progress, RunReport
from digest.update import Errand, Update
from digest.writer.periods import DigestDays


class Pipeline:
    """One workspace's run, put together by `app`.

    `catch_up` is how far back missing digests are made, `patience` how long a day may stay
    incomplete before its digest is written with what there is.
    """

    def __init__(
        self,
        archive: Archive,
        announcements: Announcements,
        update: Update,
        publisher: Publisher,
        api: QueryApi,
        calendar: Calendar,
        digest_days: DigestDays,
        *,
        catch_up: timedelta,
        patience: timedelta,
        now: Callable[[], datetime],
    ) -> None:
        self._archive = archive
        self._announcements = announcements
        self._update = update
        self._publisher = publisher
        self._api = api
        self._calendar = calendar
        self._digest_days = digest_days
        self._catch_up = catch_up
        self._patience = patience
        self._now = now

    def run(self, upto: date | None, since: date | None, progress: Progress) -> RunReport:
        """Fetch what is new and write every digest that is missing or has gained papers.

        Up to the day `upto`, today if None. With `since`, one digest named `upto` of all papers
        announced after that day. Raises UsageError for impossible days, ArchiveError, WriteError
        and TemplateError; what arXiv fails to give is told in the report.
        """
        began = self._now().replace(microsecond=0)
        last = _last_day(upto, since, began.date())
        notes: list[str] = []
        if since is not None:
            periods = [Period(last, since)]
        else:
            periods, notes = self._missing(min(last, self._calendar.latest(began)))
        days = frozenset(day for period in periods for day in self._due(period, began))
        progress.days(len(periods))
        errand = Errand(began, self._calendar.latest(began), days, progress)
        self._remember(days)
        failure = self._fetch(periods, errand)
        at_once = since is not None and failure is None
        reports = [self._settle(period, began, at_once=at_once) for period in periods]
        reports += self._rewrite({period.day for period in periods}, began)
        for day in reports:
            progress.day_done(day)
        notes += [f"not in the archive yet: {paper}" for paper in self._update.unserved]
        if not periods:
            notes.append(f"nothing is due; {self._next(began)}")
        report = RunReport(
            tuple(sorted(reports, key=lambda report: report.day)),
            self._api.requests,
            self._update.received,
            failure,
            tuple(notes),
        )
        self._record(report, began)
        return report

    def _missing(self, last: date) -> tuple[list[Period], list[str]]:
        """The periods to make, up to a day, and what to say about those left out.

        In an archive that has looked at nothing up to then, the latest only.
        """
        latest = self._digest_days.latest(last)
        while not self._announcements.days(latest):
            latest = self._digest_days.latest(latest.after)
        known = [record.day for record in self._archive.ledger.days() if record.day <= last]
        if not known:
            return [latest], []
        first = max(min(known), last - self._catch_up)
        records = self._archive.ledger.digests()
        notes: list[str] = []
        if max(known) < first:
            notes.append(
                f"days after {max(known)} and before {first} are left out: longer ago than "
                "catch_up_days"
            )
        return [
            period
            for period in self._digest_days.between(first, last)
            if not self._is_done(period, records)
        ], notes

    def _is_done(self, period: Period, records: dict[date, DigestRecord]) -> bool:
        """Whether a digest of the period, or a longer one, is complete and its file is there."""
        return any(
            record.period.after <= period.after
            and period.day <= record.period.day
            and (record.state == DayState.COMPLETE or record.period != period)
            and self._publisher.path(record.period).exists()
            for record in records.values()
        )

    def _due(self, period: Period, now: datetime) -> list[date]:
        """The period's announcement days that are public by now."""
        return [day for day in self._announcements.days(period) if public_at(day) <= now]

    def _remember(self, days: Iterable[date]) -> None:
        """Note days before anything is asked, so that a run that fails at once leaves a trace."""
        known = {record.day for record in self._archive.ledger.days()}
        self._archive.ledger.add_days(
            DayRecord(day, DayState.WAITING, 0, 0, 0, "") for day in days if day not in known
        )

    def _fetch(self, periods: Sequence[Period], errand: Errand) -> FetchError | None:
        """Bring the days of all periods up to date; returns what stopped it, if anything did."""
        last: date | None = None
        try:
            for period in periods:
                for last in self._due(period, errand.began):
                    self._update.bring(last, period.day, errand)
            if last:
                self._update.reconcile(last, errand)
        except FetchError as failure:
            return failure
        return None

    def _settle(self, period: Period, began: datetime, *, at_once: bool) -> DayReport:
        """Write the digest of a period if it is time to, and say how it stands."""
        days = self._announcements.days(period)
        if not days:
            note = "arXiv announced nothing"
            return DayReport(period.day, DayState.QUIET, note=note)
        found = [self._update.find(day, period.day) for day in self._due(period, began)]
        self._archive.ledger.add_days(found)
        missing = [record for record in found if record.state != DayState.COMPLETE]
        note = "; ".join(map(_why, missing))
        if len(found) < len(days):
            note = "; ".join(filter(None, [note, f"not announced yet; {self._next(began)}"]))
        if not note:
            return self._publisher.write(period, DayState.COMPLETE)
        papers = sum(record.papers for record in found)
        overdue = all(began - public_at(record.day) > self._patience for record in missing)
        written = period.day in self._archive.ledger.digests()
        if at_once or written or (papers and overdue and len(found) == len(days)):
            return self._publisher.write(period, DayState.PARTIAL, note)
        return DayReport(period.day, DayState.WAITING, papers, note=note)

    def _rewrite(self, done: set[date], began: datetime) -> list[DayReport]:
        """Bring digests written before up to date with papers that came since."""
        changed, change = self._archive.papers.changed_since(self._archive.ledger.composed())
        days = self._announcements.days_of(changed)
        reports = [
            self._settle(record.period, began, at_once=True)
            for record in self._archive.ledger.digests().values()
            if record.period.day not in done and any(map(record.period.holds, days))
        ]
        self._archive.ledger.mark_composed(change)
        return [report for report in reports if report.action != "unchanged"]

    def _record(self, report: RunReport, began: datetime) -> None:
        outcome = {0: "done", 3: "some days are not complete yet"}.get(report.exit_code, "failed")
        if report.failure:
            outcome = f"{outcome}: {report.failure.message}"
        self._archive.ledger.add_run(
            RunRecord(began, self._now(), report.requests, report.received, outcome)
        )

    def _next(self, now: datetime) -> str:
        return f"arXiv announces next on {self._calendar.next(now):%A %Y-%m-%d %H:%M} UTC"


def _last_day(upto: date | None, since: date | None, today: date) -> date:
    """The last day of a run; raises UsageError where the days make no sense."""
    last = upto or today
    if last > today:
        raise UsageError(f"--date {last} is in the future", hint=f"today is {today} (UTC)")
    for name, day in (("--date", last), ("--since", since)):
        if day is not None and day < FIRST_DAY:
            raise UsageError(f"{name} {day} is before arXiv began", hint=f"it began on {FIRST_DAY}")
    if since is not None and since >= last:
        raise UsageError(
            f"--since {since} is not before --date {last}",
            hint="a digest holds the papers announced after --since, up to --date",
        )
    return last


def _why(record: DayRecord) -> str:
    """In words, what is missing of a day."""
    if not record.papers:
        return f"{record.day}: arXiv has given no paper yet"
    if record.gaps:
        return f"{record.day}: {record.gaps} ids have not come from arXiv yet"
    return f"{record.day}: arXiv has more papers than came"
