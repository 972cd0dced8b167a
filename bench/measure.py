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

#: Does its work once and returns what counts, such as seconds.
Contender = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: our median against that of the yardstick, in some `unit`.

    The `target` is the most that ours may be, as a multiple of the yardstick; where `faster`, it is
    the least that the yardstick shall be, as a multiple of ours.
    """

    ours: str
    yardstick: str
    value: float
    yardstick_value: float
    target: float
    faster: bool = False
    unit: str = "s"

    @property
    def ratio(self) -> float:
        """How many times as much ours takes, or how many times as fast it is."""
        one, other = self.value, self.yardstick_value
        return other / one if self.faster else one / other

    @property
    def is_met(self) -> bool:
        """Whether the target is."""
        return self.ratio >= self.target if self.faster else self.ratio <= self.target


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


@dataclass(frozen=True, slots=True)
class Spent:
    """What a process took: seconds of CPU, and the most memory in MB, with its own processes."""

    cpu: float
    memory: float


def spent(*arguments: str, folder: Path, environ: Mapping[str, str]) -> Spent:
    """Run this Python to its end, and tell what it took. Raises CalledProcessError."""
    told = subprocess.run(
        (sys.executable, "-c", _TELL, sys.executable, *arguments),
        cwd=folder,
        env=environ,
        check=True,
        capture_output=True,
    )
    cpu, kilobytes = told.stdout.split()[-2:]
    return Spent(float(cpu), int(kilobytes) / 1024)


#: Runs a command and tells what it took, from a small process: Linux counts the memory of the
#: process that starts another one as that one's own.
_TELL = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
print(usage.ru_utime + usage.ru_stime, usage.ru_maxrss)
sys.exit(code)
"""
