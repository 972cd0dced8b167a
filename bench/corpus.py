"""The invented arXiv that is measured on, and a workspace that followed it until yesterday."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time
from logging import Logger
from pathlib import Path

from digest.app import App
from digest.app.world import World
from digest.cli.progress import Lines
from digest.config import load
from digest.config.workspace import create
from digest.fetcher.calendar import Calendar
from digest.simulator import Corpus, Simulator

PAPERS_A_DAY = 1500

#: Announcement days before the measured one, each with a run of its own.
DAYS_BEFORE = 5

_SEED = 1
_MORNING = time(6, 30, tzinfo=UTC)

#: Over the files of `digest init`: an arXiv on this machine, which needs no pauses.
ENVIRON = {
    "DIGEST_ARXIV__API_URL": "http://127.0.0.1/api/query",
    "DIGEST_ARXIV__DELAY_SECONDS": "0",
}


def days() -> list[date]:
    """The announcement days that are measured on; the last one is arXiv's latest."""
    calendar = Calendar()
    found = [calendar.latest(datetime.now(UTC))]
    for _ in range(DAYS_BEFORE):
        found.insert(0, calendar.previous(found[0]))
    return found


def corpus() -> Corpus:
    """Papers of these days and, for the first one's edge, of the day before them."""
    first, *_, last = days()
    first = Calendar().previous(first)
    return Corpus.generate(seed=_SEED, first=first, last=last, per_day=PAPERS_A_DAY)


def follow(workspace: Path, papers: Corpus) -> None:
    """Make a workspace and run there on the morning of every day but the last."""
    create(workspace)
    silent = Lines(Logger("bench"))  # without a handler
    for day in days()[:-1]:
        now = datetime.combine(day, _MORNING)
        arxiv = Simulator(papers, now=lambda now=now: now)  # type: ignore[misc]
        world = World(
            now=lambda now=now: now,  # type: ignore[misc]
            sleep=lambda _: None,
            random=random.random,
            cache=workspace / "cache",
            transport=arxiv.transport(),
        )
        report = App(load(workspace, ENVIRON), world).run(None, None, silent)
        if report.exit_code:
            raise RuntimeError(f"the run of {day} was not complete: {report.failure}")
