"""An alarm clock: APScheduler in a thread of its own, which wakes whoever waits for it.

It only rings. What is done then is done by the thread that waits, the main one, which signals can
interrupt in the middle of it.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Self

from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler

from digest.config.cron import CronTimes, cron_trigger


class Alarm:
    """Rings at the times of a cron expression, and once at a moment in between.

    Times that passed while nobody waited, or while the machine slept, ring once, and never count
    as missed. `now` is the clock.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._rings: SimpleQueue[Ring] = SimpleQueue()
        self._trigger: CronTimes | None = None
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )

    def __enter__(self) -> Self:
        self._scheduler.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._scheduler.shutdown(wait=False)

    def set(self, expression: str, timezone: str) -> None:
        """Ring at the times of a cron expression, and no more at those of an earlier one."""
        self._trigger = cron_trigger(expression, timezone)
        self._schedule(Ring.REGULAR, self._trigger)

    def set_once(self, moment: datetime | None) -> None:
        """Ring at a moment as well, instead of at the one set before; not at all if None."""
        if moment is not None:
            self._schedule(Ring.AGAIN, "date", run_date=moment)
            return
        with suppress(JobLookupError):
            self._scheduler.remove_job(Ring.AGAIN)

    def regular(self) -> datetime | None:
        """The next time of the cron expression, None if there is none."""
        return self._trigger.get_next_fire_time(None, self._now()) if self._trigger else None

    def wait(self, seconds: float) -> Ring | None:
        """Wait until it rings, at most so long; why it rang, None if it did not.

        To be called at least every minute: only then does the alarm notice that the machine slept
        or that its clock was set.
        """
        self._look_at_the_clock()
        try:
            rung = {self._rings.get(timeout=seconds)}
        except Empty:
            return None
        with suppress(Empty):
            while True:
                rung.add(self._rings.get_nowait())
        return Ring.REGULAR if Ring.REGULAR in rung else Ring.AGAIN

    def _schedule(self, ring: Ring, trigger: object, **when: datetime) -> None:
        self._scheduler.add_job(
            self._rings.put, trigger, args=(ring,), id=ring, replace_existing=True, **when
        )

    def _look_at_the_clock(self) -> None:
        job = self._scheduler.get_job(Ring.REGULAR)
        regular = self.regular()
        if job and regular and regular < job.next_run_time:
            # The clock was set back, and shows a time that was over once more.
            job.modify(next_run_time=regular)
        # APScheduler's thread counts seconds that the machine is awake, and no clock.
        self._scheduler.wakeup()


class Ring(StrEnum):
    """A reason to run."""

    REGULAR = "regular"
    """A time of the cron expression has come."""
    AGAIN = "again"
    """The moment has come that was set for once."""


#: arXiv's index and its papers by id lag behind an announcement by an hour or two.
FIRST_PAUSE = timedelta(minutes=15)
LONGEST_PAUSE = timedelta(hours=4)


class Retries:
    """The pauses since the last regular run, each twice as long as the one before."""

    def __init__(self) -> None:
        self._pause = FIRST_PAUSE

    def reset(self) -> None:
        """A regular run begins: the next pause is the first one."""
        self._pause = FIRST_PAUSE

    def after(self, ended: datetime, regular: datetime | None) -> datetime | None:
        """When to try again after a run that ended then and left something open.

        None if the next regular run comes first, or at the same time.
        """
        moment = ended + self._pause
        self._pause = min(2 * self._pause, LONGEST_PAUSE)
        return moment if regular is None or moment < regular else None
