"""Fuzzing what reads input: never another exception than DigestError, a hang, or much memory.

Each target runs in a process of its own, so that its memory is its own. hypothesis changes whole
inputs; atheris, where it is installed (`pip install --group campaign`), looks for new branches.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from campaign.inputs import TARGETS, Target
from campaign.result import Row
from digest.model.errors import DigestError

LONGEST = 5.0
MOST_MEGABYTES = 200
_EXAMPLES = 300
_MOST_PROBLEMS = 5


class HungError(Exception):
    """Reading took longer than it may."""


def campaign(minutes: float, number: int) -> Iterator[Row]:
    """A row for each target and engine, so many minutes each."""
    for target in TARGETS:
        yield _in_a_process(target, minutes, number)
        if importlib.util.find_spec("atheris"):
            yield _atheris(target, minutes, number)


def attempt(target: Target, data: bytes) -> str:
    """Read it; what went wrong, empty if nothing did."""
    try:
        with _watched():
            target.read(data)
    except DigestError:
        return ""
    except HungError:
        return f"it hangs: {data!r}"
    except Exception:
        return f"{traceback.format_exc(limit=-4)} {data!r}"
    return ""


def explore(target: Target, examples: int, number: int) -> tuple[int, list[str]]:
    """Try so many inputs; how many there were, and what went wrong."""
    problems: list[str] = []
    tried = 0

    @seed(number)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(inputs(target))
    def read(data: bytes) -> None:
        nonlocal tried
        tried += 1
        problem = attempt(target, data)
        if problem and len(problems) < _MOST_PROBLEMS:
            problems.append(problem)

    read()
    return tried, problems


def inputs(target: Target) -> st.SearchStrategy[bytes]:
    """Whole inputs with some changes, and inputs made of pieces."""
    pieces = st.sampled_from(target.pieces) | st.binary(max_size=6) | st.just(b"")
    change = st.tuples(st.floats(0, 1), st.integers(0, 40), pieces, st.integers(1, 60))
    changed = st.builds(_changed, st.sampled_from(target.seeds()), st.lists(change, max_size=8))
    return changed | st.lists(pieces, max_size=30).map(b"".join)


def _changed(data: bytes, changes: list[tuple[float, int, bytes, int]]) -> bytes:
    """Data in which pieces take the place of some bytes, or stand there many times."""
    for where, length, piece, times in changes:
        at = int(where * len(data))
        data = data[:at] + piece * (times if times > 50 else 1) + data[at + length :]
    return data


@contextmanager
def _watched() -> Iterator[None]:
    def hung(_number: int, _frame: FrameType | None) -> NoReturn:
        raise HungError

    before = signal.signal(signal.SIGALRM, hung)
    signal.setitimer(signal.ITIMER_REAL, LONGEST)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _in_a_process(target: Target, minutes: float, number: int) -> Row:
    row = Row(f"input: {target.name} (hypothesis)")
    done = _run("campaign.fuzz", target, minutes, number)
    if done.returncode:
        row.ended_badly(target.name, f"exit {done.returncode}: {done.stderr[-2000:]}")
        return row
    found = json.loads(done.stdout)
    row.tried = found["tried"]
    for problem in found["problems"]:
        row.ended_badly(target.name, problem)
    return row


def _atheris(target: Target, minutes: float, number: int) -> Row:
    row = Row(f"input: {target.name} (atheris)")
    done = _run("campaign.branches", target, minutes, number)
    counted = re.findall(r"stat::number_of_executed_units: (\d+)", done.stdout + done.stderr)
    row.tried = int(counted[-1]) if counted else 0
    if done.returncode or not counted:
        # The traceback is on standard output, how to find the input again on the other.
        told = f"{done.stdout[-3000:]}\n{done.stderr[-1000:]}"
        row.ended_badly(target.name, f"exit {done.returncode}: {told}")
    return row


def _run(
    module: str, target: Target, minutes: float, number: int
) -> subprocess.CompletedProcess[str]:
    command = (sys.executable, "-m", module, target.name, str(minutes), str(number))
    with tempfile.TemporaryDirectory() as folder:  # for what the engine leaves behind
        variables = os.environ | {"TMPDIR": folder}
        return subprocess.run(command, capture_output=True, text=True, check=False, env=variables)


def _explore_for(target: Target, minutes: float, number: int) -> None:
    """Explore until the time is over, and print what was found as JSON."""
    end = time.monotonic() + 60 * minutes
    attempt(target, target.seeds()[0])
    before = megabytes()
    tried = 0
    problems: list[str] = []
    while time.monotonic() < end and len(problems) < _MOST_PROBLEMS:
        more, found = explore(target, _EXAMPLES, number)
        tried, problems, number = tried + more, problems + found, number + 1
    if megabytes() - before > MOST_MEGABYTES:
        problems.append(f"it took {megabytes() - before} MB")
    print(json.dumps({"tried": tried, "problems": problems}))


def megabytes() -> int:
    """The most memory this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    named = next(target for target in TARGETS if target.name == sys.argv[1])
    _explore_for(named, float(sys.argv[2]), int(sys.argv[3]))
