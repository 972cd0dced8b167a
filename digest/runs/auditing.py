"""The audit: what the archive has of some days against arXiv's own list of ids, and the repair.

OAI-PMH lists the ids of all works in a fraction of the requests, made from another database than
the query API's index. Ids of the days that the archive lacks are asked for by the ordinary route,
and the digests they belong to are written again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from digest.archive import Archive
from digest.fetcher.announcements import Announcements
from digest.fetcher.calendar import Calendar
from digest.fetcher.oai.api import OaiApi
from digest.fetcher.oai.records import Header
from digest.model import PaperId, Span, sequence_of
from digest.model.errors import FetchError, UsageError
from digest.model.reports import AuditReport, Progress
from digest.runs.agenda import checked_range
from digest.runs.pipeline import Pipeline


@dataclass(frozen=True, slots=True)
class _Listed:
    """The ids of some days in arXiv's list, and those of them whose works it has deleted."""

    ids: frozenset[str]
    deleted: frozenset[str]


class Auditing:
    """Audits of one workspace; `scope` is the scope's query, "" for all of arXiv."""

    def __init__(
        self,
        archive: Archive,
        announcements: Announcements,
        calendar: Calendar,
        oai: OaiApi,
        pipeline: Pipeline,
        *,
        scope: str,
        now: Callable[[], datetime],
    ) -> None:
        self._archive = archive
        self._announcements = announcements
        self._calendar = calendar
        self._oai = oai
        self._pipeline = pipeline
        self._scope = scope
        self._now = now

    def audit(self, first: date, last: date, progress: Progress) -> AuditReport:
        """Compare the announcement days from `first` to `last` and fetch what is missing.

        Works with old-style ids are left out: their ids do not tell their day. Raises UsageError
        for impossible days and where the archive has none of them; what arXiv fails to give is
        told in the report.
        """
        now = self._now()
        checked_range(first, last, now.date())
        days, unread = self._days(first, min(last, self._calendar.latest(now)))
        try:
            listed = self._listed(days, now.date())
        except FetchError as failure:
            requests = self._oai.requests
            return AuditReport(days[0], days[-1], unread=unread, requests=requests, failure=failure)
        progress.requested("ids of OAI-PMH", 0)
        stored = self._archive.papers.stored(sorted(listed.ids | listed.deleted))
        asked = sorted(listed.ids - stored)
        mended = self._pipeline.take_in(list(map(PaperId, asked)), days[-1], progress)
        came = self._archive.papers.stored(asked)
        # Within a scope what does not come is outside it.
        lacks = bool(mended.failure) or not self._scope
        return AuditReport(
            days[0],
            days[-1],
            listed=len(listed.ids),
            repaired=tuple(paper for paper in asked if paper in came),
            lacking=tuple(paper for paper in asked if lacks and paper not in came),
            deleted=tuple(sorted(listed.deleted & stored)),
            unread=unread,
            digests=mended.days,
            requests=mended.requests,
            failure=mended.failure,
            notes=mended.notes,
        )

    def _days(self, first: date, last: date) -> tuple[list[date], tuple[date, ...]]:
        """The days of a range that were read, and those since the archive's first that were not."""
        read = self._announcements.read()
        days = self._calendar.days(first, last)
        found = [day for day in days if day in read]
        if not found:
            raise UsageError(
                f"the archive has no announcement day from {first} to {last}",
                hint=f"to fetch them: digest backfill {first} {last}",
            )
        return found, tuple(day for day in days if day not in read and day > min(read))

    def _listed(self, days: list[date], today: date) -> _Listed:
        """What arXiv lists of some days, whenever it touched the records since."""
        span = self._span(days)
        ids, deleted = set[str](), set[str]()
        for header in self._oai.identifiers(days[0], today):
            place = sequence_of(header.id) if isinstance(header, Header) else None
            if place is None or place <= span.after or not isinstance(header, Header):
                continue
            # Behind the last known id of the days may be papers that never came.
            if place <= span.last or header.datestamp <= days[-1]:
                (deleted if header.deleted else ids).add(header.id)
        return _Listed(frozenset(ids), frozenset(deleted))

    def _span(self, days: list[date]) -> Span:
        """The stretch of the id sequence from the first to the last of some days.

        It begins behind what is known of the day before: the first day may have lost its first
        papers, or all of them.
        """
        spans = self._spans(days) + self._spans(days[::-1])
        before = self._spans([self._calendar.previous(days[0])])
        return Span(
            max((span.last for span in before), default=0)
            or min((span.after for span in spans), default=0),
            max((span.last for span in spans), default=0),
        )

    def _spans(self, days: list[date]) -> list[Span]:
        """Those of the first of these days that has any."""
        for day in days:
            spans = self._announcements.coverage(day, day).walk.spans(self._calendar).get(day)
            if spans:
                return list(spans)
        return []
