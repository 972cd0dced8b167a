"""Summaries of digests: which ones, the key, and one client for the language model's address."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date

import httpx

from digest.app.keys import key_of
from digest.app.parts import Parts
from digest.app.world import World
from digest.archive import Archive, DigestRecord
from digest.config.settings import LlmSettings
from digest.model.errors import DigestError, UsageError
from digest.model.reports import DayState, Progress, SummaryPlan, SummaryReport
from digest.writer.summaries.endpoint import Endpoint

#: Without a day named, so many days up to the newest digest are looked at.
_DAYS = 7


def plan(parts: Parts, archive: Archive, days: Sequence[date]) -> SummaryPlan:
    """What `summarize` would ask. Raises UsageError and TemplateError."""
    records = _records(parts, archive, days)
    return parts.summarizing(archive).plan(records, again=bool(days))


def summarize(
    parts: Parts, archive: Archive, days: Sequence[date], progress: Progress
) -> SummaryReport:
    """Ask for the summaries of some digests, and rewrite those whose template shows them.

    Without days it is the digests of the week up to the newest one, and what has a summary is not
    asked again. Raises UsageError, ConfigError and TemplateError.
    """
    records = _records(parts, archive, days)
    summarizing = parts.summarizing(archive)
    with _endpoint(parts.config.llm, parts.world, archive) as found:
        report = summarizing.summarize(
            records, found, again=bool(days), told=lambda title: progress.requested(title, 1)
        )
    publisher = parts.publisher(archive, parts.make(archive))
    for record in records:
        if record.period.day in report.days:
            publisher.write(record.period, DayState(record.state))
    return report


def after_run(parts: Parts, archive: Archive, progress: Progress) -> Sequence[str]:
    """Ask for summaries after a run; returns what there is to know about it.

    The digests are written by then, and nothing that goes wrong here changes them.
    """
    try:
        return summarize(parts, archive, (), progress).lines
    except DigestError as error:
        return (f"no summaries: {error.message}",)


def _records(parts: Parts, archive: Archive, days: Sequence[date]) -> list[DigestRecord]:
    if not parts.config.llm.enabled:
        raise UsageError(
            "summaries are off: [llm] enabled is false",
            hint="set enabled, base_url and model in [llm] of config/digest.toml",
        )
    holdings = parts.holdings(archive)
    if not days:
        return holdings.digests(holdings.days_back(_DAYS))
    found = {record.period.day: record for record in holdings.digests()}
    if missing := [day for day in days if day not in found]:
        raise UsageError(
            f"there is no digest of {missing[0]}", hint="`digest status` lists the days"
        )
    return [found[day] for day in dict.fromkeys(days)]


@contextmanager
def _endpoint(settings: LlmSettings, world: World, archive: Archive) -> Iterator[Endpoint]:
    """The configured address, over a client that is closed at the end. Raises ConfigError."""
    key = key_of(settings.api_key, settings.api_key_file, "[llm] api_key_file")
    name = f"{settings.base_url} {settings.model}"
    client = httpx.Client(
        timeout=settings.timeout_seconds,
        # A redirect is an error: the key goes to the configured address alone.
        follow_redirects=False,
        limits=httpx.Limits(max_connections=settings.concurrency),
        transport=world.transport,
    )
    known = archive.summaries.form(name)
    with client:
        found = Endpoint(
            client,
            settings.base_url,
            settings.model,
            key,
            form=known or 0,
            timeout=settings.timeout_seconds,
            now=world.now,
            sleep=world.sleep,
        )
        yield found
        if found.form != known and found.requests:
            archive.summaries.note_form(name, found.form)
