"""The composition root: every wire of the program, and the only real clock, sleep and network.

What a command does not need is imported when it is needed, so that `digest status` answers at once.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from digest.archive import Archive, DayRecord, DigestRecord
from digest.config import Config, load
from digest.errors import TemplateError
from digest.fetcher.calendar import Calendar
from digest.fetcher.queries import scope_query
from digest.report import (
    CheckReport,
    DayState,
    DayStatus,
    DigestChange,
    ImportReport,
    PlanReport,
    Progress,
    RunReport,
    Status,
)

if TYPE_CHECKING:
    import httpx

    from digest.announcements import Announcements
    from digest.holdings import Holdings
    from digest.pipeline import Pipeline
    from digest.publish import Publisher
    from digest.writer import Renderer

#: The most ids of one request: a GET line holds about 300; with a scope's query it goes as a form.
_IDS_BY_GET = 300
_IDS_BY_FORM = 500

#: What `status` lists: enough to see a month.
_DAYS_SHOWN = 30


@dataclass(frozen=True, slots=True)
class World:
    """What lies outside the program. Tests put a made-up one in its place.

    `transport` is httpx's own if None; `random` gives numbers from 0 to 1; `cache` holds what all
    processes of the user share: whose turn it is to ask arXiv.
    """

    now: Callable[[], datetime]
    sleep: Callable[[float], None]
    random: Callable[[], float]
    cache: Path
    transport: httpx.BaseTransport | None = None


def real_world() -> World:
    """The clock, the pause, chance and the network as they are."""
    from platformdirs import user_cache_path

    return World(
        now=lambda: datetime.now(UTC),
        sleep=time.sleep,
        random=random.random,
        cache=user_cache_path("arxiv-digest"),
    )


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

    def run(self, upto: date | None, since: date | None, progress: Progress) -> RunReport:
        """Fetch what is new and write what is due; see `Pipeline.run`. Raises LockHeld as well."""
        with self._working(progress) as pipeline:
            return pipeline.run(upto, since, progress)

    def backfill(self, first: date, last: date | None, progress: Progress) -> RunReport:
        """Make the digests of a past range; see `Pipeline.backfill`. Raises LockHeld as well."""
        with self._working(progress) as pipeline:
            return pipeline.backfill(first, last, progress)

    def plan(self, first: date, last: date | None, progress: Progress) -> PlanReport:
        """What that would make and cost."""
        with self._working(progress) as pipeline:
            return pipeline.plan(first, last)

    def rebuild(
        self, first: date | None, last: date | None, *, diff: bool
    ) -> Iterator[DigestChange]:
        """Make digests again from the archive alone; see `Rebuilding.digests`.

        With `diff` nothing is written. Otherwise the workspace is locked until the iterator is at
        its end or closed. Raises UsageError for impossible days, and LockHeld.
        """
        from digest.agenda import checked_range
        from digest.announcements import Announcements
        from digest.rebuilding import Rebuilding

        checked_range(first, last, self._world.now().date())
        if not self._config.digest.archive.exists():
            return
        with self._opened() if diff else self._alone() as archive:
            renderer = self._renderer()
            announcements = Announcements(archive, self._calendar, self._scope)
            publisher = self._publisher(archive, announcements, renderer)
            rebuilding = Rebuilding(self._holdings(archive, announcements), publisher, renderer)
            yield from rebuilding.digests(first, last, write=not diff)

    def import_digests(self, files: Sequence[Path], *, really: bool) -> ImportReport:
        """Take digests made elsewhere into the archive, or say what would be taken.

        Raises LockHeld and ArchiveError.
        """
        from digest.importing import Importer

        settings = self._config.digest
        path = settings.archive if really or settings.archive.exists() else ":memory:"
        with self._only_run() if really else nullcontext(), Archive(path) as archive:
            importer = Importer(archive, settings.output, self._world.now)
            return importer.take(files, really=really)

    def status(self) -> Status:
        """How the archive stands, without asking arXiv and without changing anything."""
        now = self._world.now()
        scope = self._config.arxiv.scope
        named = scope if isinstance(scope, str) else ", ".join(scope)
        following = self._calendar.next(now)
        if not self._config.digest.archive.exists():
            return Status(named, (), 0, None, "", following)
        with Archive(self._config.digest.archive) as archive:
            digests = list(archive.ledger.digests().values())
            last = archive.ledger.last_run()
            days = tuple(
                _day_status(record, digests) for record in archive.ledger.days()[-_DAYS_SHOWN:]
            )
            return Status(
                named,
                days,
                archive.papers.count(),
                last.ended if last else None,
                last.outcome if last else "",
                following,
                *archive.imports.count(),
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
    def _working(self, progress: Progress) -> Iterator[Pipeline]:
        """A pipeline with the workspace to itself."""
        with self._alone() as archive:
            pipeline, client = self._pipeline(archive, progress)
            with client:
                yield pipeline

    @contextmanager
    def _alone(self) -> Iterator[Archive]:
        """The archive, with the workspace to itself."""
        from digest.writer import remove_leftovers

        with self._only_run(), self._opened() as archive:
            remove_leftovers(self._config.digest.output)
            yield archive

    @contextmanager
    def _opened(self) -> Iterator[Archive]:
        """The archive, and the calendar with what it knows of days put off."""
        with Archive(self._config.digest.archive) as archive:
            for day in archive.coverage.days_put_off():
                self._calendar.put_off(day)
            yield archive

    def _pipeline(self, archive: Archive, progress: Progress) -> tuple[Pipeline, httpx.Client]:
        """Everything a run needs, wired."""
        import httpx

        from digest.agenda import Agenda
        from digest.announcements import Announcements
        from digest.fetcher.api import QueryApi
        from digest.fetcher.harvest import Harvester
        from digest.fetcher.politeness import Politeness
        from digest.pipeline import Pipeline
        from digest.update import Update
        from digest.writer.periods import DigestDays

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
            client,
            arxiv.api_url,
            Politeness(
                world.cache,
                urlsplit(arxiv.api_url).netloc.replace(":", "-"),
                arxiv.delay_seconds,
                now=world.now,
                sleep=world.sleep,
            ),
            attempts=arxiv.attempts,
            sleep=world.sleep,
            random=world.random,
            on_pause=progress.waiting,
        )
        harvester = Harvester(
            api,
            scope=scope,
            page_size=arxiv.page_size,
            batch=batch,
            attempts=arxiv.attempts,
        )
        announcements = Announcements(archive, self._calendar, scope)
        pipeline = Pipeline(
            archive,
            announcements,
            Agenda(
                archive,
                announcements,
                DigestDays(settings.weekdays, month_end=settings.month_end),
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
            self._publisher(archive, announcements, self._renderer()),
            api,
            self._calendar,
            patience=timedelta(hours=settings.patience_hours),
            now=world.now,
        )
        return pipeline, client

    @property
    def _scope(self) -> str:
        """The scope's query, "" for all of arXiv."""
        return scope_query(self._config.arxiv.scope, self._config.topics)

    def _holdings(self, archive: Archive, announcements: Announcements) -> Holdings:
        from digest.holdings import Holdings

        scope = self._config.arxiv.scope
        return Holdings(archive, announcements, scope if isinstance(scope, tuple) else ())

    def _publisher(
        self, archive: Archive, announcements: Announcements, renderer: Renderer
    ) -> Publisher:
        from digest.matcher import Matcher
        from digest.publish import Publisher

        settings = self._config.digest
        return Publisher(
            archive,
            self._holdings(archive, announcements),
            Matcher(self._config.topics, settings.style),
            renderer,
            settings.output,
            has_index=settings.index,
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

    def _only_run(self) -> AbstractContextManager[None]:
        from digest.lock import only_run

        return only_run(self._config.digest.archive, self._world.now())


def _day_status(record: DayRecord, digests: Sequence[DigestRecord]) -> DayStatus:
    """A waiting day whose digest was written with what there is counts as partial."""
    written = any(digest.period.holds(record.day) for digest in digests)
    state = DayState(record.state)
    return DayStatus(
        record.day,
        DayState.PARTIAL if written and state == DayState.WAITING else state,
        record.papers,
        record.gaps,
        record.absent,
        record.proof,
        written=written,
    )


def _user_agent(contact: str) -> str:
    return f"arxiv-digest/{version('arxiv-digest')}" + (f" ({contact})" if contact else "")
