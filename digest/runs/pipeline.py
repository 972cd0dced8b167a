"""The flow of a run, from arXiv to the dated file:

    wanted    which digests are missing, up to a date           agenda, from archive.ledger
      │
    fetch     ask arXiv until each of their announcement days   fetcher.update: plan → query.route,
      │       is known, id by id                                or oai.route → archive
    settle    how each day stands; write its digest if it is    _settle
      │       complete, or overdue
    assemble  the papers of the days that have a topic's        writer.editions: holdings → matcher
      │       keywords, in order, with their entries            → order → format.entries
    render    bytes from the template                           writer.format.render
      │
    write     replace the file if its bytes differ              writer.keeping → files, ledger
      │
    rewrite   the digests written before that gained papers     _rewrite, again from `settle` on

Everything below `fetch` is a function of the archive, so a day made live, later or again is the
same file. The run can be killed between any two steps: each page fetched is one transaction, each
file is replaced whole, and what is missing is asked of the archive at the next start. Pages, feeds
and mail are brought up to date after the run, by `app`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from datetime import date, datetime, timedelta

from digest.archive import Archive, DayRecord
from digest.fetcher.announcements import Announcements
from digest.fetcher.calendar import Calendar, public_at
from digest.fetcher.update import Errand, Update
from digest.model import PaperId, Period
from digest.model.errors import FetchError, Unavailable, UsageError
from digest.model.reports import (
    Agree,
    DayReport,
    DayState,
    PlanReport,
    Progress,
    RunReport,
    counted,
    unattended,
)
from digest.runs.agenda import Agenda, checked_range
from digest.runs.consequences import Consequences, cost
from digest.runs.recording import Tally
from digest.writer.keeping import Publisher

#: After so many digests that arXiv failed, a run leaves the others to the next one.
_MOST_FAILURES = 3


class Pipeline:
    """One workspace's runs, put together by `app`.

    `tally` is told what a run costs and makes. `patience` is how long a day may stay incomplete
    before its digest is written with what there is.
    """

    def __init__(
        self,
        archive: Archive,
        announcements: Announcements,
        agenda: Agenda,
        update: Update,
        publisher: Publisher,
        calendar: Calendar,
        tally: Tally,
        *,
        patience: timedelta,
        now: Callable[[], datetime],
    ) -> None:
        self._archive = archive
        self._announcements = announcements
        self._agenda = agenda
        self._consequences = Consequences(archive, announcements, agenda)
        self._update = update
        self._publisher = publisher
        self._calendar = calendar
        self._tally = tally
        self._patience = patience
        self._now = now

    def run(
        self, upto: date | None, since: date | None, progress: Progress, agree: Agree = unattended
    ) -> RunReport:
        """Fetch what is new and write every digest that is missing or has gained papers.

        Up to the day `upto`, today if None. With `since`, one digest named `upto` of all papers
        announced after that day; `agree` is asked first if that takes papers from other digests or
        asks arXiv for many. Raises UsageError for impossible days, ArchiveError, WriteError and
        TemplateError, and what `agree` raises; what arXiv fails to give is in the report.
        """
        began = self._began()
        last = upto or began.date()
        checked_range(None, upto, began.date())
        checked_range(since, None, began.date())
        if since is None:
            periods, notes = self._agenda.missing(min(last, self._calendar.latest(began)))
            return self._make(periods, notes, began, progress)
        if since >= last:
            raise UsageError(
                f"--since {since} is not before --date {last}",
                hint="a digest holds the papers announced after --since, up to --date",
            )
        return self._since(last, since, began, progress, agree)

    def _since(
        self, last: date, since: date, began: datetime, progress: Progress, agree: Agree
    ) -> RunReport:
        period = self._agenda.chosen(last, since)
        effects = self._consequences.of_chosen(period)
        days = self._due(period, began)
        if last - since > self._agenda.catch_up:
            try:
                effects.append(cost(len(days), *self._update.cost(days)))
            except FetchError as failure:
                return self._told([], [], failure)
        if effects:
            agree(f"The digest of {last} with all papers since {since} {'; it '.join(effects)}")
        return self._make([period], [], began, progress, at_once=True)

    def backfill(
        self, first: date, last: date | None, progress: Progress, agree: Agree = unattended
    ) -> RunReport:
        """The same for the digest days of a past range; `last` is the latest one if None.

        What is there and complete is not asked for again, so it can be stopped at any point.
        `agree` is asked first if papers would be left without a digest.
        """
        began = self._began()
        periods = self._range(first, last, began)
        if effects := self._consequences.of_backfill(periods):
            agree(f"The backfill {'; it '.join(effects)}")
        return self._make(periods, [], began, progress)

    def take_in(self, ids: Sequence[PaperId], day: date, progress: Progress) -> RunReport:
        """Ask the query API for works up to an announcement day, and rewrite their digests."""
        began = self._began()
        errand = Errand(began, frozenset(), progress)
        failure: FetchError | None = None
        try:
            self._update.ask(ids, day, errand)
        except FetchError as error:
            failure = error
        finally:
            self._count()
        notes: list[str] = []
        return self._told(self._rewrite(set(), began, notes), notes, failure)

    def plan(self, first: date, last: date | None) -> PlanReport:
        """What a backfill would make and cost; asks arXiv for one total. Raises FetchError."""
        began = self._began()
        periods = self._range(first, last, began)
        days = [day for period in periods for day in self._due(period, began)]
        papers, requests = self._update.cost(days)
        return PlanReport(tuple(period.day for period in periods), len(days), papers, requests)

    def _range(self, first: date, last: date | None, began: datetime) -> list[Period]:
        checked_range(first, last, began.date())
        return self._agenda.between(first, min(last or began.date(), self._calendar.latest(began)))

    def _make(
        self,
        periods: Sequence[Period],
        notes: list[str],
        began: datetime,
        progress: Progress,
        *,
        at_once: bool = False,
    ) -> RunReport:
        """Fetch and write digest after digest; `at_once` writes them even if not complete.

        A digest that arXiv fails is left to the next run, and where all of arXiv is lost, the rest.
        """
        days = [day for period in periods for day in self._due(period, began)]
        self._archive.ledger.remember(days)
        errand = Errand(began, frozenset(days), progress)
        progress.days(len(periods))
        reports: list[DayReport] = []
        failures: list[FetchError] = []
        failure: FetchError | None = None
        pending = {period.day for period in periods}
        for planned in periods:
            failure = self._fetch(planned, errand, is_last=planned is periods[-1])
            pending.discard(planned.day)
            period = self._agenda.named(planned)
            done = [self._settle(period, began, at_once=at_once, is_lost=failure is not None)]
            if failure is None:
                done += self._rewrite(pending, began, notes)
            for report in done:
                progress.day_done(report)
                self._tally.digests += report.action in ("written", "rewritten")
            reports += done
            failures += [failure] if failure else []
            if failure and pending and not self._can_go_on(failures):
                break
        if pending:
            more = counted(len(pending), "more digest is", "more digests are")
            notes.append(f"{more} to be made; the next run goes on there")
        if not failure:  # of the last one, if any: arXiv is there
            failure = self._reword(errand, notes)
            reports += self._rewrite(set(), began, notes)
        failure = failures[0] if failures else failure
        if not periods:
            notes.append(f"nothing is due; {self._next(began)}")
        notes += filter(None, [self._update.route_note])
        return self._told(reports, notes, failure)

    def _told(
        self, reports: Sequence[DayReport], notes: Sequence[str], failure: FetchError | None
    ) -> RunReport:
        """The report of a run at its end, which completes its record and the index."""
        unserved = [f"not in the archive yet: {paper}" for paper in self._update.unserved]
        outcome = RunReport(
            tuple(sorted(reports, key=lambda report: report.day)),
            self._update.requests,
            self._update.received,
            failure,
            (*notes, *unserved),
        )
        self._publisher.write_index()
        self._tally.settle(outcome)
        return outcome

    def _fetch(self, period: Period, errand: Errand, *, is_last: bool) -> FetchError | None:
        """Bring a period's days up to date; returns what stopped it, if anything did."""
        days = self._due(period, errand.began)
        try:
            for day in days:
                self._update.bring(day, period.day, errand)
                if self._update.put_off(day):
                    self._archive.ledger.add_days([DayRecord(day, DayState.QUIET, 0, 0, 0, "")])
            if is_last and days:
                self._update.reconcile(days[-1], errand)
        except FetchError as failure:
            return failure
        finally:
            self._count()
        return None

    def _can_go_on(self, failures: Sequence[FetchError]) -> bool:
        """Whether arXiv fails some days only, and answers for others."""
        may = isinstance(failures[-1], Unavailable) and len(failures) < _MOST_FAILURES
        return may and self._update.answers()

    def _reword(self, errand: Errand, notes: list[str]) -> FetchError | None:
        """Give papers that came by OAI-PMH the query API's words; returns what stopped it.

        Where the query API is still down that can wait: the papers are there.
        """
        try:
            came = self._update.reword(errand)
        except Unavailable as failure:
            notes.append(f"some papers have the words of OAI-PMH still: {failure.message}")
        except FetchError as failure:
            return failure
        else:
            if came:
                notes.append(f"in place of OAI-PMH's words, the query API's: {came:,} papers")
        finally:
            self._count()
        return None

    def _count(self) -> None:
        self._tally.requests = self._update.requests
        self._tally.papers = self._update.received

    def _settle(
        self, period: Period, began: datetime, *, at_once: bool, is_lost: bool = False
    ) -> DayReport:
        """Write the digest of a period if it is time to, and say how it stands.

        Where arXiv `is_lost` that is only if it is complete: what came last may be of other days,
        since only later ids tell where a held paper belongs.
        """
        days = self._announcements.days(period)
        written = self._archive.ledger.digest(period.day)
        if not (days or written):
            return DayReport(period.day, DayState.QUIET, note="arXiv announced nothing")
        found = [self._update.find(day, period.day) for day in self._due(period, began)]
        self._archive.ledger.add_days(found)
        missing = [record for record in found if record.state != DayState.COMPLETE]
        note = "; ".join(map(_why, missing))
        if len(found) < len(days):
            note = "; ".join(filter(None, [note, f"not announced yet; {self._next(began)}"]))
        if not note:
            note = "" if days else "its papers are in another digest now"
            return self._publisher.write(period, DayState.COMPLETE, note)
        papers = sum(record.papers for record in found)
        if is_lost and missing:
            state, kept = (DayState.PARTIAL, written.papers) if written else (DayState.WAITING, 0)
            note = "arXiv could not be asked to the end"
            return DayReport(period.day, state, papers, kept, note=note)
        overdue = all(began - public_at(record.day) > self._patience for record in missing)
        if at_once or written or (papers and overdue and len(found) == len(days)):
            return self._publisher.write(period, DayState.PARTIAL, note)
        return DayReport(period.day, DayState.WAITING, papers, note=note)

    def _rewrite(self, others: Set[date], began: datetime, notes: list[str]) -> list[DayReport]:
        """Bring digests written before up to date with their papers, but for `others`.

        Papers came or were altered since, or belong to other days by a new rule.
        """
        ledger, rule = self._archive.ledger, self._announcements.rule
        composed = ledger.composed(rule)
        changed, change = self._archive.papers.changed_since(composed)
        days = self._announcements.days_of(changed) if composed else set[date]()
        records = [
            record
            for day, record in ledger.digests().items()
            if day not in others and record.state != DayState.IMPORTED
        ]
        behind = {
            record.period.day: record.period
            for record in records
            if not composed or record.stale or not record.period.days.isdisjoint(days)
        }
        if not others:  # once, at the end: papers that came may have moved others
            rest = [record.period for record in records if record.period.day not in behind]
            behind |= {period.day: period for period in self._announcements.moved(rest)}
        reports = [self._settle(behind[day], began, at_once=True) for day in sorted(behind)]
        ledger.mark_composed(change, rule)
        reports = [report for report in reports if report.action != "unchanged"]
        if reports and not composed:
            notes.append(
                f"{counted(len(reports), 'digest', 'digests')} written again: the rule that "
                "assigns papers to announcement days has changed"
            )
        return reports

    def _due(self, period: Period, now: datetime) -> list[date]:
        """The period's announcement days that are public by now."""
        return [day for day in self._announcements.days(period) if public_at(day) <= now]

    def _began(self) -> datetime:
        return self._now().replace(microsecond=0)

    def _next(self, now: datetime) -> str:
        return f"arXiv announces next on {self._calendar.next(now):%A %Y-%m-%d %H:%M} UTC"


def _why(record: DayRecord) -> str:
    """In words, what is missing of a day."""
    if not record.papers:
        return f"{record.day}: arXiv has given no paper yet"
    if record.gaps:
        ids = counted(record.gaps, "id has", "ids have")
        return f"{record.day}: {ids} not come from arXiv yet"
    return f"{record.day}: arXiv has more papers than came"
