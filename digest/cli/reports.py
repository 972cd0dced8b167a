"""What the commands print, as lines that stay readable in 40 columns."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING

from digest.cli.runs import run_line
from digest.model.reports import counted

if TYPE_CHECKING:
    from digest.model.reports import (
        AuditReport,
        CheckReport,
        DayReport,
        DayStatus,
        ImportReport,
        PlanReport,
        RunReport,
        Status,
    )


_SECONDS_A_REQUEST = 3


def run_lines(report: RunReport) -> Iterator[str]:
    """Each day of a run with its file, then the rest of the report."""
    for day in report.days:
        yield day_line(day)
        if day.path is not None:
            yield f"  {day.action}: {day.path}"
        if day.joined:
            yield f"  joined: {', '.join(day.joined)}"
        if day.left:
            yield f"  left: {', '.join(day.left)}"
        if day.note:
            yield f"  {day.note}"
    yield from report.notes
    if not report.days and not report.notes and not report.failure:
        yield "Nothing to do: every digest exists."


def day_line(day: DayReport) -> str:
    """`2025-11-28 complete: 2 of 1,493 papers`."""
    return f"{day.day} {day.state}: {day.kept:,} of {counted(day.papers, 'paper')}"


def cost_line(report: RunReport) -> str:
    """`3 requests, 1,493 papers received.`."""
    requests = counted(report.requests, "request")
    return f"{requests}, {counted(report.received, 'paper')} received."


def plan_lines(plan: PlanReport) -> Iterator[str]:
    """What a backfill would write and cost."""
    if not plan.days:
        yield "Nothing to do: no digest is due in this range."
        return
    yield f"digests: {len(plan.days):,}, from {plan.days[0]} to {plan.days[-1]}"
    if not plan.announcements:
        yield "Nothing to fetch: their announcement days are complete."
        return
    yield f"announcement days to fetch: {plan.announcements:,}"
    yield f"papers: about {plan.papers:,}"
    yield f"requests: about {plan.requests:,}"
    minutes = plan.requests * _SECONDS_A_REQUEST / 60
    time = f"about {minutes:.0f} min" if minutes >= 1 else "less than a minute"
    yield f"time at three seconds each: {time}"


def status_lines(status: Status) -> Iterator[str]:
    """How all stands, the archive as a whole, then each day."""
    yield str(status.standing)
    yield ""
    yield f"archive: {counted(status.papers, 'paper')}"
    if status.imported:
        imported = counted(status.imported, "paper")
        yield f"imported: {imported}, {status.completed:,} completed by arXiv"
    if status.imported_days:
        first, last = status.imported_days[0], status.imported_days[-1]
        days = f"of {first}" if first == last else f"from {first} to {last}"
        yield f"imported digests: {len(status.imported_days):,}, {days}"
    yield f"scope: {status.scope}"
    yield f"last run: {run_line(status.last_run) if status.last_run else 'none yet'}"
    yield f"next announcement: {_moment(status.next_announcement)}"
    if status.days:
        yield ""
    for day in status.days:
        proof = f", by {day.proof}" if day.proof else ""
        yield f"{day.day} {day.state}: {counted(day.papers, 'paper')}{proof}"
        details = ", ".join(_details(day, status.scope))
        if details:
            yield f"  {details}"


def import_lines(report: ImportReport) -> Iterator[str]:
    """Each file with what is imported from it, where its other papers are, or why it is refused."""
    for file in report.files:
        if file.problem:
            yield f"{file.path}: refused"
            yield f"  {file.problem}"
            continue
        taken = counted(len(file.taken), "paper")
        yield f"{file.path}: {taken} imported, {len(file.known):,} already known"
        places: dict[tuple[str, date], list[str]] = {}
        for paper in file.known:
            places.setdefault((paper.where, paper.day), []).append(paper.id)
        for (where, day), ids in places.items():
            yield f"  {where} with {day}: {', '.join(ids)}"


def audit_lines(report: AuditReport) -> Iterator[str]:
    """What was compared, and what became of each paper that was missing."""
    span = f"{report.first} to {report.last}"
    if report.listed or not report.failure:
        yield f"{span}: {counted(report.listed, 'paper')} in arXiv's list"
    for what, papers in (
        ("repaired", report.repaired),
        ("missing", report.lacking),
        ("deleted by arXiv", report.deleted),
        ("never fetched", tuple(map(str, report.unread))),
    ):
        if papers:
            yield f"{what} ({len(papers):,}): {', '.join(papers)}"
    for day in report.digests:
        yield day_line(day)
        if day.path is not None:
            yield f"  {day.action}: {day.path}"
        if day.joined:
            yield f"  joined: {', '.join(day.joined)}"
        if day.left:
            yield f"  left: {', '.join(day.left)}"
    yield from report.notes
    if report.listed and not (report.repaired or report.lacking):
        yield "Nothing is missing."


def check_lines(report: CheckReport) -> Iterator[str]:
    """Each file with its papers or with what is wrong in it."""
    for file in report.files:
        good = f"{counted(file.papers, 'paper')}, exactly in the format"
        yield f"{file.path}: {file.problem or good}"


def _details(day: DayStatus, scope: str) -> Iterator[str]:
    if day.gaps:
        yield f"{day.gaps:,} to fetch"
    if day.absent:
        # In a narrower scope arXiv is asked for papers of the scope only, by their ids, too.
        where = "not on arXiv" if scope == "all" else "outside of the scope or not on arXiv"
        yield f"{day.absent:,} {where}"
    if not day.written:
        yield "no digest written"
    if day.note:
        yield day.note


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
