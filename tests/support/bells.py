"""An alarm for services in tests, whose waiting takes no time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from desk import Desk

from digest.config.cron import next_times
from digest.runs.alarm import Ring


class EnoughError(Exception):
    """What was to be looked at is over."""


class Bell:
    """An alarm whose waiting takes no time: it moves the clock of the desk to the next ring.

    At a moment of `then` it does what is there, and does not ring.
    """

    def __init__(
        self, desk: Desk, until: datetime, then: Mapping[datetime, Callable[[], object]]
    ) -> None:
        self._desk = desk
        self._until = until
        self._then = dict(then)
        self._once: datetime | None = None
        self.schedules: list[tuple[str, str]] = []

    def set(self, expression: str, timezone: str) -> None:
        self.schedules.append((expression, timezone))

    def set_once(self, moment: datetime | None) -> None:
        self._once = moment

    def regular(self) -> datetime | None:
        (moment,) = next_times(*self.schedules[-1], self._desk.now, 1)
        return moment.astimezone(UTC)

    def wait(self, seconds: float) -> Ring | None:
        assert 0 < seconds <= 60
        regular = self.regular()
        moments = [moment for moment in (regular, self._once, *self._then) if moment]
        moment = min(moments)
        if moment > self._until:
            raise EnoughError
        self._desk.now = moment
        if moment in self._then:
            self._then.pop(moment)()
            return None
        if moment == regular:
            return Ring.REGULAR
        self._once = None
        return Ring.AGAIN
