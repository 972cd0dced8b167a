"""The composition root: a method for each command, put together from `parts`.

What a command does not need is imported when it is needed, so that `digest status` answers at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from digest.app.parts import Parts
from digest.app.world import World, real_world
from digest.archive import Archive
from digest.config import Config, load
from digest.model.changes import DigestChange, Effect
from digest.model.errors import DigestError
from digest.model.reports import (
    NO_WAIT,
    Agree,
    AuditReport,
    CheckReport,
    ImportReport,
    PlanReport,
    Progress,
    RunLog,
    RunReport,
    SiteReport,
    Status,
    SummaryPlan,
    SummaryReport,
    Wait,
    unattended,
)

if TYPE_CHECKING:
    from digest.app.library import Added
    from digest.keywords.questions import Keywords
    from digest.model import Source
    from digest.outlets.exports.selection import Exports
    from digest.outlets.mail import Sending
    from digest.outlets.notices import Operator
    from digest.runs.overview import Overview
    from digest.runs.pipeline import Pipeline
    from digest.runs.recording import Tally
    from digest.runs.upkeep import Upkeep
    from digest.writer.editions import Editions
    from digest.writer.order.stars import Starred


class App:
    """One workspace, ready for the commands."""

    def __init__(self, config: Config, world: World) -> None:
        self._config = config
        self._world = world
        self._parts = Parts(config, world)

    @classmethod
    def open(cls, workspace: Path, environ: Mapping[str, str], *, at_terminal: bool = False) -> App:
        """The workspace in a folder; somebody may wait `at_terminal`.

        Raises ConfigError with everything wrong in it.
        """
        return cls(load(workspace, environ), real_world(environ, at_terminal=at_terminal))

    def run(
        self,
        upto: date | None,
        since: date | None,
        progress: Progress,
        wait: Wait = NO_WAIT,
        source: Source | None = None,
        agree: Agree = unattended,
    ) -> RunReport:
        """Fetch what is new and write what is due; see `Pipeline.run`. Raises LockHeld as well.

        Then digests are sent, if that is configured; what was not sent is the report's failure.
        `source` is the only one of arXiv's interfaces to ask; with None the run chooses.
        """
        watching = self.operator().watching("run", self.status, progress)
        with watching, self._working("run", progress, wait, source) as (pipeline, archive, tally):
            report = pipeline.run(upto, since, progress, agree)
            if self._config.llm.enabled and report.failure is None:
                from digest.app.llm import after_run as summarized

                report = report.and_then(None, summarized(self._parts, archive, progress))
            report = self._refreshed(report, archive)
            if self._config.send.enabled:
                from digest.outlets.mail.sending import after_run

                report = after_run(report, self._parts.sending(archive))
            tally.settle(report)
            return report

    def summarize(
        self, days: Sequence[date], progress: Progress, wait: Wait = NO_WAIT
    ) -> SummaryReport:
        """Ask for summaries of the digests of some days; of the last week's if none is named.

        Days that are named are asked again where prompt, model or topic have changed since. Raises
        UsageError, LockHeld, ConfigError and TemplateError.
        """
        from digest.app.llm import summarize

        with self._parts.alone("summarize", wait) as archive:
            report = summarize(self._parts, archive, days, progress)
            self._refresh(archive)
            return report

    def summary_plan(self, days: Sequence[date]) -> SummaryPlan:
        """What `summarize` would ask; nothing is sent. Raises like it."""
        from digest.app.llm import plan

        with self._archive_or_none() as archive:
            return plan(self._parts, archive, days)

    def backfill(
        self,
        first: date,
        last: date | None,
        progress: Progress,
        wait: Wait = NO_WAIT,
        source: Source | None = None,
        agree: Agree = unattended,
    ) -> RunReport:
        """Make the digests of a past range; see `Pipeline.backfill`. Raises LockHeld as well."""
        with self._working("backfill", progress, wait, source) as (pipeline, archive, tally):
            report = self._refreshed(pipeline.backfill(first, last, progress, agree), archive)
            tally.settle(report)
            return report

    def plan(
        self, first: date, last: date | None, progress: Progress, wait: Wait = NO_WAIT
    ) -> PlanReport:
        """What that would write and cost; nothing is written, and no run is recorded."""
        with self._working("backfill --dry-run", progress, wait, really=False) as (pipeline, _, _):
            return pipeline.plan(first, last)

    def audit(
        self, first: date, last: date, progress: Progress, wait: Wait = NO_WAIT
    ) -> AuditReport:
        """Compare a range with arXiv's own list, and repair it; see `Auditing.audit`."""
        from digest.runs.auditing import Auditing

        with (
            self._parts.alone("audit", wait) as archive,
            self._parts.recorded(archive, "audit", really=True) as tally,
            self._parts.asking(progress) as found,
        ):
            report = Auditing(
                archive,
                self._parts.announcements(archive),
                self._parts.calendar,
                found.oai,
                self._parts.pipeline(archive, found, tally, None),
                scope=self._parts.scope,
                now=self._world.now,
            ).audit(first, last, progress)
            tally.settle(report)
            self._refresh(archive)
            return report

    def rebuild(
        self, first: date | None, last: date | None, *, diff: bool, wait: Wait = NO_WAIT
    ) -> Iterator[DigestChange]:
        """Make digests again from the archive alone; see `Rebuilding.digests`.

        With `diff` nothing is written. Otherwise the workspace is locked until the iterator is at
        its end or closed. Raises UsageError for impossible days, and LockHeld.
        """
        from digest.runs.agenda import checked_range
        from digest.writer.rebuilding import Rebuilding

        checked_range(first, last, self._world.now().date())
        if not self._config.digest.archive.exists():
            return
        with (
            self._parts.opened() if diff else self._parts.alone("rebuild", wait) as archive,
            self._parts.recorded(archive, "rebuild", really=not diff) as tally,
        ):
            again = first is not None
            make = self._parts.make(archive, self._parts.orders(archive, again=again))
            rebuilding = Rebuilding(
                self._parts.holdings(archive),
                self._parts.publisher(archive, make),
                self._parts.renderer(),
                partial(self._parts.made, archive, make, again=again),
            )
            for change in rebuilding.digests(first, last, write=not diff):
                tally.digests += change.action != "unchanged"
                yield change
            if not diff:
                self._refresh(archive)

    def import_digests(
        self, files: Sequence[Path], *, really: bool, wait: Wait = NO_WAIT
    ) -> ImportReport:
        """Take digests made elsewhere into the archive, or say what would be taken.

        Raises LockHeld and ArchiveError.
        """
        from digest.writer.importing import Importer

        settings = self._config.digest
        path = settings.archive if really or settings.archive.exists() else ":memory:"
        with (
            self._parts.only_run("import", wait) if really else nullcontext(),
            Archive(path) as archive,
            self._parts.recorded(archive, "import", really=really) as tally,
        ):
            importer = Importer(archive, self._parts.digest_days, settings.output, self._world.now)
            report = importer.take(files, really=really)
            tally.papers = sum(len(file.taken) for file in report.files)
            return report

    def status(self) -> Status:
        """How the workspace stands, without asking arXiv and without changing anything."""
        with self._overview() as overview:
            return overview.status(self._world.now())

    def log(self, limit: int | None = None) -> RunLog:
        """The last runs, all that are kept if None."""
        with self._overview() as overview:
            return overview.log(limit)

    def effect(
        self,
        after: Config,
        first: date | None = None,
        last: date | None = None,
        days: int = 30,
        *,
        counted: bool = False,
    ) -> Effect:
        """What the keywords and the style of another configuration would do to the digests.

        Looks at those from `first` to `last`, both included; with neither, at the last `days` days
        up to the newest digest. With `counted`, the papers before and after are always given.
        Nothing is changed, and the archive alone is asked.
        """
        from digest.keywords.effect import effect

        if not self._config.digest.archive.exists():
            return Effect(())
        with self._parts.opened() as archive:
            holdings = self._parts.holdings(archive)
            if first is None and last is None:
                first = holdings.days_back(days)
            return effect(
                archive,
                holdings,
                (self._config.topics, self._config.digest.style),
                (after.topics, after.digest.style),
                holdings.digests(first, last),
                counted=counted,
            )

    @contextmanager
    def keywords(self) -> Iterator[Keywords]:
        """The keywords with the archive; one in memory as long as there is none."""
        from digest.keywords.questions import Keywords

        with self._archive_or_none() as archive:
            yield Keywords(
                archive,
                self._parts.announcements(archive),
                self._parts.holdings(archive),
                self._parts.calendar,
                self._parts.digest_days,
                self._config,
                self._parts.scope,
                self._world.now(),
            )

    @contextmanager
    def editions(self) -> Iterator[Editions]:
        """The digests written, with their papers; none as long as the archive does not exist."""
        with self._archive_or_none() as archive:
            yield self._parts.editions(archive)

    @contextmanager
    def sending(self, wait: Wait | None) -> Iterator[Sending]:
        """What passes digests on, with the workspace to itself; without, to look on, if None.

        Raises LockHeld.
        """
        if wait is None or not self._config.digest.archive.exists():
            opened = self._archive_or_none()
        else:
            opened = self._parts.alone("send", wait)
        with opened as archive:
            yield self._parts.sending(archive)

    @contextmanager
    def exports(self) -> Iterator[Exports]:
        """The digests written, for other programs; none as long as the archive does not exist."""
        from digest.outlets.exports.selection import Exports

        with self._archive_or_none() as archive:
            yield Exports(
                archive, self._parts.announcements(archive), self._parts.editions(archive)
            )

    def add_starred(self, starred: Starred | None, wait: Wait = NO_WAIT) -> Added:
        """Add starred papers to Zotero, those of marks.json if None; see `library.add_starred`."""
        from digest.app.library import add_starred

        with self._parts.alone("export", wait) as archive:
            return add_starred(self._config, self._world, archive, starred)

    @property
    def config(self) -> Config:
        """The workspace's configuration, which names its own files."""
        return self._config

    def site(self, wait: Wait = NO_WAIT) -> SiteReport:
        """Bring the web pages up to date with the digests. Raises LockHeld, SiteError, WriteError.

        The folder with the pages is `site` in that of the digests.
        """
        from digest.outlets.site import build

        with self._parts.only_run("site", wait), self._archive_or_none() as archive:
            return build(self._config, self._parts.editions(archive))

    def upkeep(self) -> Upkeep:
        """What is done with the archive's file as a whole."""
        from digest.runs.upkeep import Upkeep

        parts = self._parts
        return Upkeep(self._config.digest, parts.only_run, parts.opened, parts.announcements)

    def check(self, files: Sequence[Path]) -> CheckReport:
        """Whether files are exactly in the format, also by today's keywords."""
        from digest.writer.checking import check_files

        with self._archive_or_none() as archive:
            return check_files(files, self._config.topics, archive)

    def operator(self) -> Operator:
        """The notices to the person who runs this workspace."""
        from digest.outlets.notices import Operator

        def alone() -> AbstractContextManager[None]:
            return self._parts.only_run("notify", NO_WAIT)

        return Operator(self._config, self._world.cache, alone)

    def _archive_or_none(self) -> AbstractContextManager[Archive]:
        """The archive; an empty one in memory as long as there is none."""
        return self._parts.opened() if self._config.digest.archive.exists() else Archive(":memory:")

    @contextmanager
    def _overview(self) -> Iterator[Overview]:
        """What the archive says; nothing if it does not exist."""
        from digest.runs.overview import Overview

        path = self._config.digest.archive
        with Archive(path if path.exists() else ":memory:") as archive:
            yield Overview(archive, self._config, self._parts.calendar)

    @contextmanager
    def _working(
        self,
        command: str,
        progress: Progress,
        wait: Wait,
        source: Source | None = None,
        *,
        really: bool = True,
    ) -> Iterator[tuple[Pipeline, Archive, Tally]]:
        """A pipeline with the workspace to itself; what it does really is on record."""
        with (
            self._parts.alone(command, wait) as archive,
            self._parts.recorded(archive, command, really=really) as tally,
            self._parts.asking(progress) as found,
        ):
            self._parts.refresh_library(archive, really=really)
            yield self._parts.pipeline(archive, found, tally, source), archive, tally

    def _refreshed(self, report: RunReport, archive: Archive) -> RunReport:
        """The report of a run with what goes wrong beside the digests, which are stored."""
        report = report.and_then(None, self._parts.order_notes(archive))
        try:
            self._refresh(archive)
        except DigestError as error:
            return report.and_then(error)
        return report

    def _refresh(self, archive: Archive) -> None:
        """Bring what is kept beside the digests up to date, once these are stored."""
        from digest.outlets.companions import refresh

        refresh(self._config, self._parts.editions(archive))
