"""An ordinary day through the real command, against fetching and parsing the same bytes."""

from __future__ import annotations

import json
import math
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.corpus import ENVIRON, days
from bench.exchanges import Recorder, save
from bench.measure import ROOT, Row, medians, python, timed
from digest.config import load
from digest.simulator import Corpus, serve

_LEAST = Path(__file__).with_name("fetch_and_parse.py")


@dataclass(frozen=True, slots=True)
class Cost:
    """What the day asked of arXiv, beside the least number of requests for so many papers."""

    papers: int
    requests: int
    least: int
    bytes: int


def measure(workspace: Path, papers: Corpus) -> tuple[Row, Cost]:
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
        row = Row(
            "the day: `digest run`", "fetch the same bytes, parse them", *medians([ours, least])
        )
    return row, _cost(workspace, papers, recorded)


def _record(workspace: Path, folder: Path, papers: Corpus) -> Recorder:
    """One run against the simulator, whose answers are then the same for everyone."""
    arxiv = Recorder(papers, now=lambda: datetime.now(UTC))
    copy = folder / "copy"
    _restore(workspace, copy)
    with serve(arxiv) as server:
        python("-m", "digest", "run", folder=copy, environ=_environ(folder, server.url))
    return arxiv


def _cost(workspace: Path, papers: Corpus, recorded: Recorder) -> Cost:
    of_the_day = len(papers.papers(days()[-1]))
    pages = math.ceil(of_the_day / load(workspace, ENVIRON).arxiv.page_size)
    size = sum(len(exchange.answer) for exchange in recorded.exchanges)
    return Cost(of_the_day, len(recorded.exchanges), pages + 1, size)


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
