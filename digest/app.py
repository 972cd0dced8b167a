"""The composition root: every wire of the program.

What a command does not need is imported when it is needed, so that `digest status` answers at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from digest.archive import Archive
from digest.config import Config, load
from digest.fetcher.calendar import Calendar
from digest.fetcher.queries import scope_query
from digest.report import (
    NO_WAIT,
    CheckReport,
    DigestChange,
    Effect,
    ImportReport,
    PlanReport,
    Progress,
    RunLog,
    RunReport,
    Status,
    Wait,
)
from digest.world import World, real_world

if TYPE_CHECKING:
    from digest.announcements import Announcements
    from digest.auditing import AuditReport
    from digest.holdings import Holdings
    from digest.keywords import Keywords
    from digest.model import Source
    from digest.notices import Operator
    from digest.overview import Overview
    from digest.pipeline import Pipeline
    from digest.publish import Publisher
    from digest.recording import Tally
    from digest.upkeep import Upkeep
    from digest.wiring import Interfaces
    from digest.writer import Renderer
    from digest.writer.periods import DigestDays


class App:
    """One workspace, ready for the commands."""

    def __init__(self, config: Config, world: World) -> None:
        self._config = config
        self._world = world
        self._calendar = Calendar(config.arxiv.deferred)

    @classmethod
    def open(cls, workspace: Path, environ: Mapping[str, str]) -> App:
        """The workspace in a folder. Raises ConfigError with everything wrong in it."""
        return cls(load(workspace, environ), real_world())

    def run(
        self,
        upto: date | None,
        since: date | None,
        progress: Progress,
        wait: Wait = NO_WAIT,
        source: Source | None = None,
    ) -> RunReport:
        """Fetch what is new and write what is due; see `Pipeline.run`. Raises LockHeld as well.

        `source` is the only one of arXiv's interfaces to ask; with None the run chooses.
        """
        with (
            self.operator().watching("run", self.status, progress),
            self._working("run", progress, wait, source) as pipeline,
        ):
            return pipeline.run(upto, since, progress)

    def backfill(
        self,
        first: date,
        last: date | None,
        progress: Progress,
        wait: Wait = NO_WAIT,
        source: Source | None = None,
    ) -> RunReport:
        """Make the digests of a past range; see `Pipeline.backfill`. Raises LockHeld as well."""
        with self._working("backfill", progress, wait, source) as pipeline:
            return pipeline.backfill(first, last, progress)

    def plan(
        self, first: date, last: date | None, progress: Progress, wait: Wait = NO_WAIT
    ) -> PlanReport:
        """What that would make and cost; nothing is made, and it is no run on record."""
        with self._working("backfill --dry-run", progress, wait, really=False) as pipeline:
            return pipeline.plan(first, last)

    def audit(
        self, first: date, last: date, progress: Progress, wait: Wait = NO_WAIT
    ) -> AuditReport:
        """Compare a range with arXiv's own list, and repair it; see `Auditing.audit`."""
        from digest.auditing import Auditing
        from digest.wiring import oai_of

        with (
            self._alone("audit", wait) as archive,
            self._recorded(archive, "audit", really=True) as tally,
            self._asking(progress) as found,
        ):
            report = Auditing(
                archive,
                self._announcements(archive),
                self._calendar,
                oai_of(found),
                self._pipeline(archive, found, tally, None),
                scope=self._scope,
                now=self._world.now,
            ).audit(first, last, progress)
            tally.settle(report)
            return report

    def rebuild(
        self, first: date | None, last: date | None, *, diff: bool, wait: Wait = NO_WAIT
    ) -> Iterator[DigestChange]:
        """Make digests again from the archive alone; see `Rebuilding.digests`.

        With `diff` nothing is written. Otherwise the workspace is locked until the iterator is at
        its end or closed. Raises UsageError for impossible days, and LockHeld.
        """
        from digest.agenda import checked_range
        from digest.rebuilding import Rebuilding

        checked_range(first, last, self._world.now().date())
        if not self._config.digest.archive.exists():
            return
        with (
            self._opened() if diff else self._alone("rebuild", wait) as archive,
            self._recorded(archive, "rebuild", really=not diff) as tally,
        ):
            renderer = self._renderer()
            holdings = self._holdings(archive, self._announcements(archive))
            publisher = self._publisher(archive, holdings, renderer)
            rebuilding = Rebuilding(holdings, publisher, renderer)
            for change in rebuilding.digests(first, last, write=not diff):
                tally.digests += change.action != "unchanged"
                yield change

    def import_digests(
        self, files: Sequence[Path], *, really: bool, wait: Wait = NO_WAIT
    ) -> ImportReport:
        """Take digests made elsewhere into the archive, or say what would be taken.

        Raises LockHeld and ArchiveError.
        """
        from digest.importing import Importer

        settings = self._config.digest
        path = settings.archive if really or settings.archive.exists() else ":memory:"
        with (
            self._only_run("import", wait) if really else nullcontext(),
            Archive(path) as archive,
            self._recorded(archive, "import", really=really) as tally,
        ):
            importer = Importer(archive, settings.output, self._world.now)
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
        up to the newest digest. With `counted`, the papers before and after are told in any case.
        Nothing is changed, and the archive alone is asked.
        """
        from digest.keywords.effect import effect

        if not self._config.digest.archive.exists():
            return Effect(())
        with self._opened() as archive:
            holdings = self._holdings(archive, self._announcements(archive))
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
        from digest.keywords import Keywords

        config = self._config
        with self._opened() if config.digest.archive.exists() else Archive(":memory:") as archive:
            announcements = self._announcements(archive)
            yield Keywords(
                archive,
                announcements,
                self._holdings(archive, announcements),
                self._calendar,
                self._digest_days,
                config,
                self._scope,
                self._world.now(),
            )

    def upkeep(self) -> Upkeep:
        """What is done with the archive's file as a whole."""
        from digest.upkeep import Upkeep

        settings, calendar = self._config.digest, self._calendar
        return Upkeep(settings, self._only_run, self._opened, self._announcements, calendar)

    def check(self, files: Sequence[Path], *, keywords: bool) -> CheckReport:
        """Whether files are exactly in the format; with `keywords`, also by today's keywords."""
        from digest.checking import check_file
        from digest.writer import INDEX_NAME

        renderer = self._renderer()
        topics = self._config.topics if keywords else ()
        # `digest check output/*.md` means the digests.
        digests = [path for path in files if path.name != INDEX_NAME or len(files) == 1]
        return CheckReport(tuple(check_file(path, renderer, topics) for path in digests))

    def operator(self) -> Operator:
        """The person who is told when one is needed."""
        from digest.notices import Operator

        return Operator(self._config, self._world.cache, lambda: self._only_run("notify", NO_WAIT))

    @contextmanager
    def _overview(self) -> Iterator[Overview]:
        """What the archive tells; nothing if there is none."""
        from digest.overview import Overview

        path = self._config.digest.archive
        with Archive(path if path.exists() else ":memory:") as archive:
            yield Overview(archive, self._config, self._calendar)

    @contextmanager
    def _working(
        self,
        command: str,
        progress: Progress,
        wait: Wait,
        source: Source | None = None,
        *,
        really: bool = True,
    ) -> Iterator[Pipeline]:
        """A pipeline with the workspace to itself; what it does really is on record."""
        with (
            self._alone(command, wait) as archive,
            self._recorded(archive, command, really=really) as tally,
            self._asking(progress) as found,
        ):
            yield self._pipeline(archive, found, tally, source)

    def _asking(self, progress: Progress) -> AbstractContextManager[Interfaces]:
        from digest.wiring import interfaces

        return interfaces(self._config.arxiv, self._world, progress)

    @contextmanager
    def _alone(self, command: str, wait: Wait) -> Iterator[Archive]:
        """The archive, with the workspace to itself."""
        from digest.writer import remove_leftovers

        with self._only_run(command, wait), self._opened() as archive:
            remove_leftovers(self._config.digest.output)
            yield archive

    @contextmanager
    def _opened(self) -> Iterator[Archive]:
        """The archive, and the calendar with what it knows of days put off."""
        with Archive(self._config.digest.archive) as archive:
            for day in archive.coverage.days_put_off():
                self._calendar.put_off(day)
            yield archive

    def _pipeline(
        self, archive: Archive, found: Interfaces, tally: Tally, source: Source | None
    ) -> Pipeline:
        """Everything a run needs, wired."""
        from digest.agenda import Agenda
        from digest.pipeline import Pipeline
        from digest.wiring import update

        config, settings, calendar = self._config, self._config.digest, self._calendar
        announcements = self._announcements(archive)
        return Pipeline(
            archive,
            announcements,
            Agenda(
                archive,
                announcements,
                self._digest_days,
                settings.output,
                timedelta(days=settings.catch_up_days),
            ),
            update(found, config, archive, announcements, calendar, self._world, source),
            self._publisher(archive, self._holdings(archive, announcements), self._renderer()),
            calendar,
            tally,
            patience=timedelta(hours=settings.patience_hours),
            now=self._world.now,
        )

    @property
    def _scope(self) -> str:
        """The scope's query, "" for all of arXiv."""
        return scope_query(self._config.arxiv.scope, self._config.topics)

    @property
    def _digest_days(self) -> DigestDays:
        from digest.writer.periods import DigestDays

        settings = self._config.digest
        return DigestDays(settings.weekdays, month_end=settings.month_end)

    def _announcements(self, archive: Archive) -> Announcements:
        from digest.announcements import Announcements

        return Announcements(archive, self._calendar, self._scope)

    def _holdings(self, archive: Archive, announcements: Announcements) -> Holdings:
        from digest.holdings import Holdings

        scope = self._config.arxiv.scope
        return Holdings(archive, announcements, scope if isinstance(scope, tuple) else ())

    def _publisher(self, archive: Archive, holdings: Holdings, renderer: Renderer) -> Publisher:
        from digest.matcher import Matcher
        from digest.publish import Publisher

        settings = self._config.digest
        return Publisher(
            archive,
            holdings,
            Matcher(self._config.topics, settings.style),
            renderer,
            settings.output,
            style=settings.style,
            has_index=settings.index,
            made_with=holdings.made_with(self._config.topics, settings.style),
            now=self._world.now,
        )

    def _renderer(self) -> Renderer:
        from digest.writer import Renderer

        return Renderer.of(self._config.digest.template)

    def _only_run(self, command: str, wait: Wait) -> AbstractContextManager[None]:
        from digest.lock import Holder, only_run

        holder = Holder.this(command, self._world.now())
        return only_run(self._config.digest.archive, holder, wait=wait, sleep=self._world.sleep)

    def _recorded(
        self, archive: Archive, command: str, *, really: bool
    ) -> AbstractContextManager[Tally]:
        from digest.recording import Tally, recorded

        if not really:
            return nullcontext(Tally())
        return recorded(archive, command, self._config, self._world.now)
