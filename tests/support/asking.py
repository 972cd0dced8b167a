"""Asking a made-up arXiv without waiting: a clock that sleeping moves, invented papers, an API."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from digest.fetcher.connection import Connection
from digest.fetcher.politeness import Politeness
from digest.fetcher.query.api import QueryApi
from digest.model import Paper

URL = "https://arxiv.invalid/api/query"


class Clock:
    """A clock that stands still but for its `sleep`, which remembers how long it was asked to."""

    def __init__(self, now: datetime = datetime(2026, 3, 20, 6, tzinfo=UTC)) -> None:
        self.now = now
        self.slept: list[float] = []

    def __call__(self) -> datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)


def query_api(
    transport: httpx.BaseTransport,
    folder: Path,
    *,
    clock: Clock | None = None,
    attempts: int = 6,
    random: Callable[[], float] = lambda: 1.0,
    on_pause: Callable[[float, str], None] = lambda _, __: None,
    delay: float = 0.0,
    url: str = URL,
) -> QueryApi:
    """The query API over a transport; its lock is in `folder`."""
    return QueryApi(
        connection(
            transport,
            folder,
            clock=clock,
            attempts=attempts,
            random=random,
            on_pause=on_pause,
            delay=delay,
            url=url,
        )
    )


def connection(
    transport: httpx.BaseTransport,
    folder: Path,
    *,
    clock: Clock | None = None,
    attempts: int = 6,
    random: Callable[[], float] = lambda: 1.0,
    on_pause: Callable[[float, str], None] = lambda _, __: None,
    delay: float = 0.0,
    url: str = URL,
) -> Connection:
    """A connection over a transport; its lock is in `folder`."""
    clock = clock or Clock()
    return Connection(
        httpx.Client(transport=transport, headers={"User-Agent": "arxiv-daily-digest/0 (test)"}),
        url,
        Politeness(folder, "arxiv.invalid", delay, now=clock, sleep=clock.sleep),
        setting="[arxiv] api_url",
        attempts=attempts,
        sleep=clock.sleep,
        random=random,
        on_pause=on_pause,
    )


def invented(
    base: str,
    published: datetime,
    *,
    version: int = 1,
    updated: datetime | None = None,
    title: str = "On tidal clocks",
    abstract: str = "We count the tides.",
    categories: tuple[str, ...] = ("cs.CL",),
) -> Paper:
    """One version of an invented paper."""
    return Paper(
        id=base,
        version=version,
        url=f"http://arxiv.org/abs/{base}v{version}",
        title=title,
        abstract=abstract,
        authors=("Mara Quill", "Ode Fenn"),
        categories=categories,
        published=published,
        updated=updated or published,
    )
