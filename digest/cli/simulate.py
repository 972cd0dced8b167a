"""`digest simulate`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

import click

from digest.cli.terminal import say, show
from digest.errors import UsageError

if TYPE_CHECKING:
    from digest.simulator import Corpus

_DAYS = 20
_PAPERS_A_DAY = 300
_SEED = 1

_READY = """\
{papers:,} papers, from {first} to {last}. Ctrl-C ends it.
Copy the line above into another terminal and run `digest run` there, in a folder of its own:
made by `digest init`, so that these papers do not get into your archive.
"""


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Default: any that is free.")
@click.option(
    "--corpus",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="The papers: a digest (.md) or JSON Lines. Default: 20 days of invented ones.",
)
def simulate(port: int, file: Path | None) -> None:
    """Answer like arXiv, on this machine, with invented papers."""
    from digest.simulator import Simulator, serve
    from digest.world import real_world

    now = real_world().now
    corpus = read(file) if file else invented(now())
    try:
        server = serve(Simulator(corpus, now=now), port)
    except OSError as error:
        raise UsageError(
            f"simulate: port {port}: {error.strerror}", hint="Leave --port out to take a free one."
        ) from error
    with server:
        try:
            show(f"export DIGEST_ARXIV__API_URL={server.url}")
            show(f"export DIGEST_ARXIV__OAI_URL={server.oai_url}")
            say(_READY.format(papers=len(corpus), first=corpus.days[0], last=corpus.days[-1]))
            Event().wait()
        except KeyboardInterrupt:
            say("The simulated arXiv is down.")


def invented(now: datetime) -> Corpus:
    """The last announcement days up to a moment; the same days give the same papers."""
    from digest.fetcher.calendar import Calendar
    from digest.simulator import Corpus

    calendar = Calendar()
    first = last = calendar.latest(now)
    for _ in range(_DAYS - 1):
        first = calendar.previous(first)
    return Corpus.generate(seed=_SEED, first=first, last=last, per_day=_PAPERS_A_DAY)


def read(file: Path) -> Corpus:
    """The papers of a digest or of a corpus file. Raises FormatError or UsageError."""
    from digest.simulator import Corpus
    from digest.writer import read_back

    if file.suffix == ".md":
        return Corpus.from_digests([read_back(file.read_bytes(), str(file))])
    try:
        return Corpus.read(file)
    except ValueError as error:
        raise UsageError(
            f"simulate: {error}", hint="A corpus is a digest (.md) or a file of JSON Lines."
        ) from error
