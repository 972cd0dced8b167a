"""`digest simulate`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

import click

from digest.cli.signals import Terminated
from digest.cli.terminal import say, show

if TYPE_CHECKING:
    from digest.simulator import Corpus

_DAYS = 20
_PAPERS_A_DAY = 300
_SEED = 1

_READY = """\
{papers}, from {first} to {last}. Ctrl-C ends it.
Copy the two lines above into another terminal, and in a folder of its own, made by `digest init`
so that these papers do not get into your archive, run
  {command}
"""

_CORPUS = "A corpus is a digest (.md) or a file of JSON Lines."

_OF_PAST_DAYS = """\
Where many ids are missing between these papers, a day is written and stays partial: exit code 3.
"""


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Default: any free port.")
@click.option(
    "--corpus",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="The papers: a digest (.md) or JSON Lines. Default: 20 days of invented ones.",
)
def simulate(port: int, file: Path | None) -> None:
    """Answer like arXiv, on this machine, with invented papers."""
    from digest.app.world import real_world
    from digest.model.errors import UsageError
    from digest.simulator import Simulator, serve

    now = real_world().now
    corpus = read(file) if file else invented(now())
    try:
        server = serve(Simulator(corpus, now=now), port)
    except OSError as error:
        raise UsageError(
            f"simulate: port {port}: {error.strerror}", hint="Leave --port out to use a free one."
        ) from error
    with server:
        try:
            show(f"export DIGEST_ARXIV__API_URL={server.url}")
            show(f"export DIGEST_ARXIV__OAI_URL={server.oai_url}")
            say(_ready(corpus, now()))
            Event().wait()
        except (KeyboardInterrupt, Terminated):
            say("The simulated arXiv has stopped.")


def _ready(corpus: Corpus, now: datetime) -> str:
    """What to do next: a run looks for the newest announcement only."""
    from digest.fetcher.calendar import Calendar
    from digest.model.reports import counted

    first, last = corpus.days[0], corpus.days[-1]
    is_past = last < Calendar().latest(now)
    command = f"digest backfill {first} {last}" if is_past else "digest run"
    papers = counted(len(corpus), "paper")
    told = _READY.format(papers=papers, first=first, last=last, command=command)
    return told + (_OF_PAST_DAYS if is_past else "")


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
    from digest.model.errors import UsageError
    from digest.simulator import Corpus
    from digest.writer.format.read import read_back

    if file.suffix == ".md":
        return Corpus.from_digests([read_back(file.read_bytes(), str(file))])
    try:
        corpus = Corpus.read(file)
    except ValueError as error:
        raise UsageError(f"simulate: {error}", hint=_CORPUS) from error
    if not len(corpus):
        raise UsageError(f"simulate: {file} has no papers", hint=_CORPUS)
    return corpus
