"""Alternating runs and their medians: on a busy machine only ratios of one call mean much."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

ROOT = Path(__file__).parents[1]

#: Runs of each contender; odd, so that a median is one of them.
RUNS = 9

#: Does its work once and returns the seconds that count.
Contender = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: our median against that of the yardstick, in seconds."""

    ours: str
    yardstick: str
    seconds: float
    yardstick_seconds: float

    @property
    def ratio(self) -> float:
        """How many times as long ours takes."""
        return self.seconds / self.yardstick_seconds


def medians(contenders: Sequence[Contender], runs: int = RUNS) -> list[float]:
    """The median of each contender's runs, taken in turns after one round that does not count."""
    rounds = [[contender() for contender in contenders] for _ in range(runs + 1)]
    return [median(seconds) for seconds in zip(*rounds[1:], strict=True)]


def timed(work: Callable[[], object]) -> Contender:
    """A contender of whose work every second counts."""

    def contender() -> float:
        start = perf_counter()
        work()
        return perf_counter() - start

    return contender


def python(*arguments: str, folder: Path, environ: Mapping[str, str]) -> None:
    """Run this Python to its end in a process of its own. Raises CalledProcessError."""
    subprocess.run(
        (sys.executable, *arguments), cwd=folder, env=environ, check=True, capture_output=True
    )
