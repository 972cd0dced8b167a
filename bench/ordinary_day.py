"""An ordinary day through the real command, against fetching and parsing the same bytes."""

from __future__ import annotations

import json
import math
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from bench.corpus import ENVIRON, days
from bench.exchanges import Recorder, save
from bench.measure import ROOT, Row, medians, python, timed
from digest.config import load
from digest.simulator import Corpus, Simulator, serve

_LEAST = Path(__file__).with_name("fetch_and_parse.py")
_BOT = Path(__file__).with_name("usual_bot.py")


#: Of digest's time, that of the least; requests more than pages and one; times as fast as a bot.
_TARGET, _MORE_REQUESTS, _FASTER = 2.5, 2, 10

#: The pause that arXiv asks for, in seconds, and runs that keep it.
_PAUSE, _RUNS = "3", 5


def measure(workspace: Path, papers: Corpus) -> list[Row]:
    """Run the last day in copies of a workspace that holds the days before."""
    folder = workspace.parent
    recorded = _record(workspace, folder, papers)
    save(recorded.exchanges, folder / "exchanges")
    requests = [[each.method, each.path, each.content.decode()] for each in recorded.exchanges]
    (folder / "requests.json").write_text(json.dumps(requests), encoding="utf-8")
    copy = folder / "copy"
    with _replayed(folder / "exchanges") as address:
        environ = _environ(folder, f"{address}/api/query")
        run = timed(lambda: python("-m", "digest", "run", folder=copy, environ=environ))

        def ours() -> float:
            _restore(workspace, copy)
            seconds = run()
            if not (copy / "output" / f"{days()[-1]}.md").exists():
                raise RuntimeError("the run has written no digest")
            return seconds

        least = timed(
            lambda: python(str(_LEAST), address, "requests.json", folder=folder, environ=os.environ)
        )
        seconds, least_seconds = medians([ours, least])
        work = Row(
            f"the day, {len(papers.papers(days()[-1])):,} papers: `digest run`",
            "fetch the same bytes, parse them",
            seconds,
            least_seconds,
            _TARGET,
        )
    return [work, _requests(workspace, papers, recorded), _politely(workspace, papers)]


def _record(workspace: Path, folder: Path, papers: Corpus) -> Recorder:
    """One run against the simulator, whose answers are then the same for everyone."""
    arxiv = Recorder(papers, now=lambda: datetime.now(UTC))
    copy = folder / "copy"
    _restore(workspace, copy)
    with serve(arxiv) as server:
        python("-m", "digest", "run", folder=copy, environ=_environ(folder, server.url))
    return arxiv


def _requests(workspace: Path, papers: Corpus, recorded: Recorder) -> Row:
    of_the_day = len(papers.papers(days()[-1]))
    least = math.ceil(of_the_day / load(workspace, ENVIRON).arxiv.page_size) + 1
    return Row(
        "requests of the day",
        "one for each page of its papers, and one",
        len(recorded.exchanges),
        least,
        (least + _MORE_REQUESTS) / least,
        unit="",
    )


def _politely(workspace: Path, papers: Corpus) -> Row:
    """The day with the pauses that arXiv asks for. All runs wait side by side: they do little."""
    folder = workspace.parent
    arxiv = Simulator(papers, now=lambda: datetime.now(UTC))
    with serve(arxiv) as server:

        def ours(number: int) -> float:
            copy = folder / f"polite-{number}"
            _restore(workspace, copy)
            environ = _environ(copy, server.url) | {"DIGEST_ARXIV__DELAY_SECONDS": _PAUSE}
            return timed(lambda: python("-m", "digest", "run", folder=copy, environ=environ))()

        def theirs(_: int) -> float:
            bot = (str(_BOT), server.url)
            return timed(lambda: python(*bot, folder=folder, environ=os.environ))()

        with ThreadPoolExecutor(2 * _RUNS) as threads:
            runs = [threads.map(contender, range(_RUNS)) for contender in (ours, theirs)]
            seconds, bot_seconds = map(median, runs)
    name = "the day with arXiv's pauses, all papers"
    return Row(name, "a usual bot, 300 papers", seconds, bot_seconds, _FASTER, faster=True)


def _restore(workspace: Path, copy: Path) -> None:
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(workspace, copy)


def _environ(folder: Path, url: str) -> dict[str, str]:
    here = {"DIGEST_ARXIV__API_URL": url, "XDG_CACHE_HOME": str(folder / "cache")}
    return os.environ | ENVIRON | here


@contextmanager
def _replayed(exchanges: Path) -> Iterator[str]:
    """The recorded answers on loopback, from a process of their own."""
    with subprocess.Popen(
        (sys.executable, "-m", "bench.replay", str(exchanges)),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        try:
            assert server.stdout is not None  # noqa: S101  it is a pipe
            yield f"http://127.0.0.1:{server.stdout.readline().strip()}"
        finally:
            server.kill()
