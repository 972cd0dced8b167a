"""arXiv's terms of use, kept: one connection, and three seconds between two requests.

"Make no more than one request every three seconds, and limit requests to a single connection at a
time", for all the machines one person runs (https://info.arxiv.org/help/api/tou.html). Processes
of one user on one machine keep it together through a lock file with the time of the last request.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock


class Politeness:
    """Lets one request at a time pass, `delay` seconds after the end of the one before.

    `folder` holds the lock, one per `host`; it is created when needed.
    """

    def __init__(
        self,
        folder: Path,
        host: str,
        delay: float,
        *,
        now: Callable[[], datetime],
        sleep: Callable[[float], None],
    ) -> None:
        self._folder = folder
        self._stamp = folder / f"{host}.last"
        self._lock = FileLock(folder / f"{host}.lock")
        self._delay = delay
        self._now = now
        self._sleep = sleep

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for one's turn; the request is made inside, its end starts the next delay."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with self._lock:
            pause = self._pause()
            if pause > 0:
                self._sleep(pause)
            try:
                yield
            finally:
                self._stamp.write_text(self._now().isoformat(), encoding="ascii")

    def _pause(self) -> float:
        """Seconds still to wait; never more than the delay, whatever clock wrote the stamp."""
        try:
            last = datetime.fromisoformat(self._stamp.read_text(encoding="ascii"))
        except (OSError, ValueError):
            return 0.0
        if last.tzinfo is None:
            last = last.replace(tzinfo=UTC)
        since = (self._now() - last).total_seconds()
        return self._delay - since if 0 <= since < self._delay else self._delay * (since < 0)
