"""Many digests made by all processors at once.

Digests do not depend on each other, so each process opens the archive for itself, reads, and sends
back what it made. Files are written by the process that asked, and by it alone.
"""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, ExitStack
from itertools import islice
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from threading import Thread

from digest.model import Period
from digest.writer.editions import Made

#: A process takes a third of a second to start, in which one makes some ten digests.
LEAST = 40
#: Each takes some 80 MB of memory.
_MOST = 4
#: So many digests for each process are made before they are taken.
_AHEAD = 3

#: Makes a digest from an open archive.
Make = Callable[[Period], Made]

#: Opens the archive and yields what makes digests from it.
OpenMake = Callable[[], AbstractContextManager[Make]]

_open = ExitStack()
_makes: list[Make] = []


def processors() -> int:
    """How many processes are worth starting on this machine."""
    usable = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else ()
    return min(_MOST, len(usable) or os.cpu_count() or 1)


def make_together(
    open_make: OpenMake, make: Make, periods: Sequence[Period], processes: int
) -> Generator[Made]:
    """The digests of periods, in their order.

    `open_make` is called in each new process, so it has to be something that can be pickled.
    `make` is this process's own: it makes what is left if one of the others is killed, as where
    memory is short. Raises what `make` raises.
    """
    done = 0
    waiting = iter(periods)
    pool = ProcessPoolExecutor(processes, get_context("spawn"), _begin, (open_make,))
    try:
        # No further ahead, so that they do not pile up where this process is the slower one.
        ahead = deque(pool.submit(_make, each) for each in islice(waiting, _AHEAD * processes))
        while ahead:
            made = ahead.popleft().result()
            ahead.extend(pool.submit(_make, each) for each in islice(waiting, 1))
            done += 1
            yield made
    except BrokenProcessPool:
        yield from map(make, periods[done:])
    finally:
        pool.shutdown(cancel_futures=True)


def _begin(open_make: OpenMake) -> None:
    """Prepare a new process, which ends with its parent and leaves Ctrl-C to it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()
    _makes.append(_open.enter_context(open_make()))


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _make(period: Period) -> Made:
    return _makes[0](period)
