"""Which of arXiv's two interfaces a run asks: the query API, and OAI-PMH while that is down."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

from digest.archive import Archive
from digest.fetcher.query.route import Harvester
from digest.fetcher.route import Route
from digest.model import Source
from digest.model.errors import Unavailable


class Routes:
    """The routes of one run.

    `oai` makes the second route for some announcement days; it is None where there is none.
    `only` is the source that somebody chose, None for the query API with OAI-PMH in its place
    when it has failed in an earlier run, or for `fallback_after`. `requests` counts those of both;
    `warning` is what a person should know of how they were sent, empty if nothing.
    """

    def __init__(
        self,
        archive: Archive,
        query: Harvester,
        oai: Callable[[Collection[date]], Route] | None,
        *,
        only: Source | None,
        fallback_after: timedelta,
        requests: Callable[[], int],
        now: Callable[[], datetime],
        warning: Callable[[], str] = str,
    ) -> None:
        self.query = query
        self._runs = archive.runs
        self._oai = oai
        self._only = only
        self._fallback_after = fallback_after
        self._requests = requests
        self._now = now
        self._failed_before = archive.runs.query_failing() is not None
        self._warning = warning
        self._route: Route | None = None
        self.source = only or Source.QUERY

    @property
    def requests(self) -> int:
        """How many requests were sent so far."""
        return self._requests()

    @property
    def note(self) -> str:
        """What a person should know of the route that was taken; empty if nothing."""
        since = self._runs.query_failing()
        parts = [self._warning()]
        if not self._only and self.source is Source.OAI and since is not None:
            parts.append(
                f"the query API has not answered since {since:%Y-%m-%d %H:%M} UTC; OAI-PMH was "
                "asked"
            )
        return "; ".join(filter(None, parts))

    def route(self, days: Collection[date]) -> Route:
        """The route to the papers of some days, all that this run still wants."""
        if self.source is Source.QUERY or self._oai is None:
            return self.query
        if self._route is None:
            self._route = self._oai(days)
        return self._route

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Inside, the run's route is asked once; whether the query API answered is kept."""
        began = self._now()
        try:
            yield
        except Unavailable:
            if self.source is Source.QUERY:
                self._runs.note_query(began)
            raise
        if self.source is Source.QUERY and self._runs.query_failing():
            self._runs.note_query(None)
            self._failed_before = False

    def give_way(self) -> bool:
        """After an error: whether OAI-PMH is asked from now on, because the query API is down."""
        since = self._runs.query_failing()
        if self._only or self._oai is None or self.source is Source.OAI or since is None:
            return False
        if not self._failed_before and self._now() - since < self._fallback_after:
            return False
        self.source = Source.OAI
        return True
