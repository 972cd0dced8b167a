"""The composition root: every wire of the program.

What a command does not need is imported when it is needed, so that `digest status` answers at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import date, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from digest.archive import Archive
from digest.config import Config, load
from digest.errors import TemplateError
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
    from digest.holdings import Holdings
    from digest.keywords import Keywords
    from digest.overview import Overview
    from digest.pipeline import Pipeline
    from digest.publish import Publisher
    from digest.recording import Tally
    from digest.writer import Renderer
    from digest.writer.periods import DigestDays

#: The most ids of one request: a GET line holds about 300; with a scope's query it goes as a form.
_IDS_BY_GET = 300
_IDS_BY_FORM = 500


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
        self, upto: date | None, since: date | None, progress: Progress, wait: Wait = NO_WAIT
    ) -> RunReport:
        """Fetch what is new and write what is due; see `Pipeline.run`. Raises LockHeld as well."""
        with self._working("run", progress, wait) as pipeline:
            return pipeline.run(upto, since, progress)

    def backfill(
        self, first: date, last: date | None, progress: Progress, wait: Wait = NO_WAIT
    ) -> RunReport:
        """Make the digests of a past range; see `Pipeline.backfill`. Raises LockHeld as well."""
        with self._working("backfill", progress, wait) as pipeline:
            return pipeline.backfill(first, last, progress)

    def plan(
        self, first: date, last: date | None, progress: Progress, wait: Wait = NO_WAIT
    ) -> PlanReport:
        """What that would make and cost; nothing is made, and it is no run on record."""
        with self._working("backfill --dry-run", progress, wait, really=False) as pipeline:
            return pipeline.plan(first, last)

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
        self, after: Config, first: date | None = None, last: date | None = None, days: int = 30
    ) -> Effect:
        """What the keywords and the style of another configuration would do to the digests.

        Looks at those from `first` to `last`, both included; with neither, at the last `days` days
        up to the newest digest. Nothing is changed, and the archive alone is asked.
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
                first,
                last,
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

    def check(self, files: Sequence[Path], *, keywords: bool) -> CheckReport:
        """Whether files are exactly in the format; with `keywords`, also by today's keywords."""
        from digest.checking import check_file
        from digest.writer import INDEX_NAME

        renderer = self._renderer()
        topics = self._config.topics if keywords else ()
        # `digest check output/*.md` means the digests.
        digests = [path for path in files if path.name != INDEX_NAME or len(files) == 1]
        return CheckReport(tuple(check_file(path, renderer, topics) for path in digests))

    @contextmanager
    def _overview(self) -> Iterator[Overview]:
        """What the archive tells; nothing if there is none."""
        from digest.overview import Overview

        path = self._config.digest.archive
        with Archive(path if path.exists() else ":memory:") as archive:
            yield Overview(archive, self._config, self._calendar)

    @contextmanager
    def _working(
        self, command: str, progress: Progress, wait: Wait, *, really: bool = True
    ) -> Iterator[Pipeline]:
        """A pipeline with the workspace to itself; what it does really is on record."""
        with (
            self._alone(command, wait) as archive,
            self._recorded(archive, command, really=really) as tally,
            self._pipeline(archive, progress, tally) as pipeline,
        ):
            yield pipeline

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

    @contextmanager
    def _pipeline(self, archive: Archive, progress: Progress, tally: Tally) -> Iterator[Pipeline]:
        """Everything a run needs, wired."""
        import httpx

        from digest.agenda import Agenda
        from digest.fetcher.api import QueryApi
        from digest.fetcher.connection import Connection
        from digest.fetcher.harvest import Harvester
        from digest.fetcher.politeness import Politeness
        from digest.pipeline import Pipeline
        from digest.update import Update

        arxiv, settings = self._config.arxiv, self._config.digest
        scope = self._scope
        batch = _IDS_BY_FORM if scope else _IDS_BY_GET
        world = self._world
        client = httpx.Client(
            timeout=arxiv.timeout_seconds,
            headers={"User-Agent": _user_agent(arxiv.contact)},
            limits=httpx.Limits(max_connections=1),
            transport=world.transport,
        )
        api = QueryApi(
            Connection(
                client,
                arxiv.api_url,
                Politeness(
                    world.cache,
                    urlsplit(arxiv.api_url).netloc.replace(":", "-"),
                    arxiv.delay_seconds,
                    now=world.now,
                    sleep=world.sleep,
                ),
                setting="[arxiv] api_url",
                attempts=arxiv.attempts,
                sleep=world.sleep,
                random=world.random,
                on_pause=progress.waiting,
            )
        )
        harvester = Harvester(
            api,
            scope=scope,
            page_size=arxiv.page_size,
            batch=batch,
            attempts=arxiv.attempts,
        )
        announcements = self._announcements(archive)
        with client:
            yield Pipeline(
                archive,
                announcements,
                Agenda(
                    archive,
                    announcements,
                    self._digest_days,
                    settings.output,
                    timedelta(days=settings.catch_up_days),
                ),
                Update(
                    archive,
                    announcements,
                    harvester,
                    self._calendar,
                    scope=scope,
                    page_size=arxiv.page_size,
                    batch=batch,
                    now=world.now,
                ),
                self._publisher(archive, self._holdings(archive, announcements), self._renderer()),
                api,
                self._calendar,
                tally,
                patience=timedelta(hours=settings.patience_hours),
                now=world.now,
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

        path = self._config.digest.template
        try:
            return Renderer(path.read_text(encoding="utf-8"), str(path))
        except (OSError, UnicodeDecodeError) as error:
            raise TemplateError(
                f"the template cannot be read: {path}: {error}",
                hint="`digest init` in an empty folder makes a template to copy",
            ) from error

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


def _user_agent(contact: str) -> str:
    return f"arxiv-digest/{version('arxiv-digest')}" + (f" ({contact})" if contact else "")
