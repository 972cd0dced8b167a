"""The parts that commands work with, each made for one workspace.

What a part is made of is imported when it is made, so that a command waits for nothing it does not
need.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import timedelta
from functools import cached_property, partial
from typing import TYPE_CHECKING

from digest.app.world import World, real_world
from digest.archive import Archive
from digest.config import Config
from digest.fetcher.calendar import Calendar
from digest.fetcher.query.queries import scope_query
from digest.model.reports import Progress, Wait

if TYPE_CHECKING:
    from digest.app.arxiv import Interfaces
    from digest.app.library import Vectors
    from digest.fetcher.announcements import Announcements
    from digest.matcher import Matcher
    from digest.model import Period, Source
    from digest.outlets.mail import Sending
    from digest.runs.pipeline import Pipeline
    from digest.runs.recording import Tally
    from digest.writer.editions import Editions, Made
    from digest.writer.format.render import Renderer
    from digest.writer.holdings import Holdings
    from digest.writer.keeping import Publisher
    from digest.writer.order import Ordering
    from digest.writer.order.ordering import LibraryPaper
    from digest.writer.orders import Orders
    from digest.writer.periods import DigestDays
    from digest.writer.summaries.summarizing import Summarizing
    from digest.writer.workers import Make


class Parts:
    """What the commands of one workspace are put together from."""

    def __init__(self, config: Config, world: World) -> None:
        self.config = config
        self.world = world
        self.calendar = Calendar(config.arxiv.deferred)
        self._ordering: Ordering | None = None
        self._vectors: dict[str, Vectors] = {}
        self._notes: list[str] = []
        self._may_ask = False

    def asking(self, progress: Progress) -> AbstractContextManager[Interfaces]:
        """Both of arXiv's interfaces, on one connection."""
        from digest.app.arxiv import interfaces

        return interfaces(self.config.arxiv, self.world, progress)

    @contextmanager
    def alone(self, command: str, wait: Wait) -> Iterator[Archive]:
        """The archive, with the workspace to itself, and a folder that digests can be put into."""
        from digest.files import check_folder, remove_leftovers

        with self.only_run(command, wait), self.opened() as archive:
            check_folder(self.config.digest.output)
            remove_leftovers(self.config.digest.output)
            yield archive

    @contextmanager
    def opened(self) -> Iterator[Archive]:
        """The archive, and the calendar with what it knows of days put off."""
        with Archive(self.config.digest.archive) as archive:
            for day in archive.coverage.days_put_off():
                self.calendar.put_off(day)
            yield archive

    def pipeline(
        self, archive: Archive, found: Interfaces, tally: Tally, source: Source | None
    ) -> Pipeline:
        """Everything a run needs, wired."""
        from digest.app.arxiv import update
        from digest.runs.agenda import Agenda
        from digest.runs.pipeline import Pipeline

        config, settings, calendar = self.config, self.config.digest, self.calendar
        announcements = self.announcements(archive)
        publisher = self.publisher(archive, self.make(archive))
        return Pipeline(
            archive,
            announcements,
            Agenda(
                archive,
                announcements,
                self.digest_days,
                settings.output,
                timedelta(days=settings.catch_up_days),
            ),
            update(found, config, archive, announcements, calendar, self.world, source, self.scope),
            publisher,
            calendar,
            tally,
            patience=timedelta(hours=settings.patience_hours),
            now=self.world.now,
        )

    @cached_property
    def scope(self) -> str:
        """The scope's query, "" for all of arXiv."""
        from digest.matcher.reading import read

        style = self.config.digest.style
        return scope_query(
            self.config.arxiv.scope,
            self.config.topics,
            lambda keyword: read(keyword, style).spellings,
        )

    @property
    def digest_days(self) -> DigestDays:
        """Which days digests are named after."""
        from digest.writer.periods import DigestDays

        settings = self.config.digest
        return DigestDays(settings.weekdays, month_end=settings.month_end)

    def announcements(self, archive: Archive) -> Announcements:
        """The announcement days, as the archive has them."""
        from digest.fetcher.announcements import Announcements

        return Announcements(archive, self.calendar, self.scope)

    def holdings(self, archive: Archive) -> Holdings:
        """What each digest chooses from."""
        from digest.writer.holdings import Holdings

        scope = self.config.arxiv.scope
        categories = scope if isinstance(scope, tuple) else ()
        return Holdings(archive, self.announcements(archive), categories)

    def matcher(self) -> Matcher:
        """The keywords of all topics."""
        from digest.matcher import Matcher

        return Matcher(self.config.topics, self.config.digest.style)

    def ordering(self, archive: Archive) -> Ordering:
        """The order of the papers in digests; the library is read once. Raises ConfigError."""
        if self._ordering is None:
            self._ordering = self._made_ordering(archive)
        return self._ordering

    def _made_ordering(self, archive: Archive) -> Ordering:
        settings = self.config.digest
        if settings.order == "relevance":
            from digest.app.library import by_relevance

            vectors = self._vectors_by(archive, self.config.llm.embedding_model)
            return by_relevance(self.config, archive, vectors, self._notes)
        from digest.writer.order import NewestFirst

        return NewestFirst()

    def refresh_library(self, archive: Archive, *, really: bool) -> None:
        """Read what is elsewhere of the library, and ask for vectors from now on, if `really`."""
        if really and self.config.digest.order == "relevance":
            from digest.app.library import refresh

            self._notes += refresh(self.config, self.world, archive)
            self._may_ask = True

    def order_notes(self, archive: Archive) -> tuple[str, ...]:
        """What there is to know of the order."""
        found = [note for vectors in self._vectors.values() for note in vectors.notes]
        return (*self.ordering(archive).notes, *found)

    def orders(
        self, archive: Archive, ordering: Ordering | None = None, *, again: bool = False
    ) -> Orders:
        """Which order each digest has; with `again` all have that of today."""
        from digest.writer.orders import Orders

        current = ordering or self.ordering(archive)
        if self.config.digest.order != "relevance":
            return Orders(archive, current, again=again)
        from digest.writer.order.relevance import ByRelevance

        def make(library: Sequence[LibraryPaper], model: str) -> Ordering:
            return ByRelevance(library, (), model, self._vectors_by(archive, model))

        if ordering is not None and isinstance(ordering, ByRelevance):
            ordering.vectors = self._vectors_by(archive, ordering.model)
        return Orders(archive, current, make, again=again)

    def _vectors_by(self, archive: Archive, model: str) -> Vectors:
        from digest.app.library import Vectors

        if model not in self._vectors:
            asks = self._may_ask and model == self.config.llm.embedding_model
            self._vectors[model] = Vectors(self.config, self.world, archive, model, asks=asks)
        return self._vectors[model]

    def editions(self, archive: Archive, orders: Orders | None = None) -> Editions:
        """The digests with their papers; by the orders that they have, if none are given."""
        from digest.writer.editions import Editions

        holdings, style = self.holdings(archive), self.config.digest.style
        made_with = holdings.made_with(self.config.topics, style)
        orders = orders or self.orders(archive)
        summaries = archive.summaries if self.config.llm.enabled else None
        return Editions(holdings, self.matcher(), orders, style, made_with, summaries)

    def summarizing(self, archive: Archive) -> Summarizing:
        """What asks for the summaries of digests. Raises TemplateError."""
        from digest.writer.summaries.prompt import Prompt
        from digest.writer.summaries.summarizing import Budget, Summarizing

        llm = self.config.llm
        return Summarizing(
            archive,
            self.editions(archive),
            self.config.topics,
            Prompt.of(llm.prompt, llm.language),
            llm.model,
            Budget(llm.max_papers_per_day, llm.max_tokens_per_day),
            concurrency=llm.concurrency,
            now=self.world.now,
        )

    def sending(self, archive: Archive) -> Sending:
        """What passes digests on to receivers."""
        from digest.outlets.mail import Sending

        return Sending(self.config, archive, self.editions(archive), self.world.now)

    def make(self, archive: Archive, orders: Orders | None = None) -> Make:
        """What makes a digest. Raises ConfigError and TemplateError."""
        return partial(self.editions(archive, orders).made, renderer=self.renderer())

    def made(
        self, archive: Archive, make: Make, periods: Sequence[Period], *, again: bool = False
    ) -> Generator[Made]:
        """Many digests in a row, made by all processors where that is quicker."""
        from digest.writer.workers import LEAST, make_together, processors

        processes = processors() if len(periods) >= LEAST else 1
        if processes > 1:
            open_make = partial(opened_make, self.config, self.ordering(archive), again=again)
            return make_together(open_make, make, periods, processes)
        return (make(period) for period in periods)

    def publisher(self, archive: Archive, make: Make) -> Publisher:
        """What keeps the files of digests."""
        from digest.writer.keeping import Publisher

        settings = self.config.digest
        holdings = self.holdings(archive)
        return Publisher(
            archive,
            holdings,
            make,
            settings.output,
            has_index=settings.index,
            made_with=holdings.made_with(self.config.topics, settings.style),
            keep_order=self.orders(archive).keep,
            now=self.world.now,
        )

    def renderer(self) -> Renderer:
        """The digest template. Raises TemplateError."""
        from digest.writer.format.render import Renderer

        return Renderer.of(self.config.digest.template)

    def only_run(self, command: str, wait: Wait) -> AbstractContextManager[None]:
        """The workspace's lock. Raises LockHeld."""
        from digest.runs.lock import Holder, only_run

        holder = Holder.this(command, self.world.now())
        return only_run(self.config.digest.archive, holder, wait=wait, sleep=self.world.sleep)

    def recorded(
        self, archive: Archive, command: str, *, really: bool
    ) -> AbstractContextManager[Tally]:
        """A run on record, unless it is not `really` one; its tally."""
        from digest.runs.recording import Tally, recorded

        if not really:
            return nullcontext(Tally())
        return recorded(archive, command, self.config, self.world.now)


@contextmanager
def opened_make(config: Config, ordering: Ordering, *, again: bool = False) -> Iterator[Make]:
    """What makes a digest, for a process of its own.

    The library is not read again: that takes time, and its files may have changed since.
    """
    parts = Parts(config, real_world())
    with parts.opened() as archive:
        yield parts.make(archive, parts.orders(archive, ordering, again=again))
