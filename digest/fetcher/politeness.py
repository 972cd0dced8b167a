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

from digest.model.errors import WriteError


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
        """Wait for one's turn; the request is made inside, its end starts the next delay.

        Raises WriteError if the folder cannot be used.
        """
        with self._named():
            self._folder.mkdir(parents=True, exist_ok=True)
            self._lock.acquire()
        try:
            pause = self._pause()
            if pause > 0:
                self._sleep(pause)
            try:
                yield
            finally:
                with self._named():
                    self._stamp.write_text(self._now().isoformat(), encoding="ascii")
        finally:
            self._lock.release()

    @contextmanager
    def _named(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise WriteError(
                f"cannot keep the time of the last request: {self._folder}: {error.strerror}",
                hint="mend the permissions of that folder, or move what is in its place away",
            ) from error

    def _pause(self) -> float:
        """Seconds still to wait; never more than the delay, whatever clock wrote the stamp."""
        try:
            last = datetime.fromisoformat(self._stamp.read_text(encoding="ascii"))
        except FileNotFoundError:
            return 0.0
        except (OSError, ValueError):
            return self._delay
        if last.tzinfo is None:
            last = last.replace(tzinfo=UTC)
        since = (self._now() - last).total_seconds()
        return self._delay - since if 0 <= since < self._delay else self._delay * (since < 0)
