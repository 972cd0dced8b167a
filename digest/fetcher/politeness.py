"""arXiv's terms of use, kept: one connection, and three seconds between two requests.

"Make no more than one request every three seconds, and limit requests to a single connection at a
time", for all the machines one person runs (https://info.arxiv.org/help/api/tou.html). Processes
of one user on one machine keep it together through a lock file with the time of the last request.
Where that file cannot be kept, this process keeps it alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from digest.model.errors import Unavailable


class Politeness:
    """Lets one request at a time pass, `delay` seconds after the end of the one before.

    `folder` holds the lock, one per `host`; it is created when needed. `longest` is how long to
    wait for another process, in seconds. `warning` says what is wrong with the folder; empty if
    nothing is.
    """

    def __init__(
        self,
        folder: Path,
        host: str,
        delay: float,
        *,
        now: Callable[[], datetime],
        sleep: Callable[[float], None],
        longest: float = 600.0,
    ) -> None:
        self.warning = ""
        self._folder = folder
        self._stamp = folder / f"{host}.last"
        self._lock = FileLock(folder / f"{host}.lock", timeout=longest)
        self._delay = delay
        self._now = now
        self._sleep = sleep
        self._last: datetime | None = None

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for one's turn; the request is made inside, its end starts the next delay.

        One that reached nobody starts none, so that who is offline hears of it soon. Raises
        Unavailable if another process does not end its own.
        """
        self._acquire()
        try:
            pause = self._pause()
            if pause > 0:
                self._sleep(pause)
            is_sent = True
            try:
                yield
            except Unavailable as failure:
                is_sent = not failure.is_unreachable
                raise
            finally:
                if is_sent:
                    self._note(self._now())
        finally:
            self._lock.release()

    def _acquire(self) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._lock.acquire()
        except Timeout as error:
            raise Unavailable(
                "another process of yours has been asking arXiv for "
                f"{self._lock.timeout / 60:.0f} minutes",
                hint=f"end it if it hangs; it holds {self._lock.lock_file}",
            ) from error
        except OSError as error:
            self._warn(error)

    def _note(self, moment: datetime) -> None:
        self._last = moment
        try:
            self._stamp.write_text(moment.isoformat(), encoding="ascii")
        except OSError as error:
            self._warn(error)

    def _warn(self, error: OSError) -> None:
        self.warning = (
            f"cannot keep the time of the last request: {self._folder}: {error.strerror or error}; "
            "other runs at the same time may ask arXiv too often: fix the permissions of that "
            "folder, or set XDG_CACHE_HOME to one that can be written"
        )

    def _pause(self) -> float:
        """Seconds still to wait; never more than the delay, whatever clock wrote the stamp."""
        known = [self._last] if self._last else []
        try:
            stamp = datetime.fromisoformat(self._stamp.read_text(encoding="ascii"))
            known.append(stamp.replace(tzinfo=stamp.tzinfo or UTC))
        except FileNotFoundError:
            pass
        except (OSError, ValueError):
            return self._delay  # it may have been just now
        if not known:
            return 0.0
        since = (self._now() - max(known)).total_seconds()
        return self._delay - since if 0 <= since < self._delay else self._delay * (since < 0)
