"""The program that stays up: a run whenever the alarm rings, and a look at the configuration.

    start ──▶ run ──▶ wait for the alarm, a minute at most ──▶ look at the configuration ──┐
               ▲       ▲                                                                   │
               └───────┴─────────────── it rang: run; it did not: wait on ◀────────────────┘

It runs at its start, since it cannot know what it missed: a run with nothing due costs no request.
What arXiv has left open is tried again after growing pauses. No failure of a run ends it, and
nothing of it is lost by a signal: all it knows is in the archive.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from logging import Logger
from typing import NoReturn, Protocol
from zoneinfo import ZoneInfo

from digest.config.reloading import CurrentConfig
from digest.config.settings import Config, ScheduleSettings
from digest.model.errors import Blocked, ConfigError, DigestError, Refused
from digest.model.reports import DayState, RunReport
from digest.runs.alarm import Retries, Ring

#: How long at most it takes no look at the configuration.
LOOK_SECONDS = 30.0

#: Neither gets better by asking again soon.
_NOT_SOON = (Blocked, Refused)


class Alarm(Protocol):
    """What rings; see `digest.runs.alarm.Alarm`."""

    def set(self, expression: str, timezone: str) -> None:
        """Ring at the times of a cron expression."""

    def set_once(self, moment: datetime | None) -> None:
        """Ring at a moment as well, instead of at the one set before."""

    def regular(self) -> datetime | None:
        """The next time of the cron expression."""

    def wait(self, seconds: float) -> Ring | None:
        """Wait until it rings, at most so long."""


class Service:
    """Runs one workspace until a signal ends it.

    `run` makes one run by a configuration, `now` is the clock. What a log record says in words
    stands in its `fields` as well, where programs would want it.
    """

    def __init__(
        self,
        current: CurrentConfig,
        alarm: Alarm,
        run: Callable[[Config], RunReport],
        log: Logger,
        now: Callable[[], datetime],
    ) -> None:
        self._current = current
        self._alarm = alarm
        self._run = run
        self._log = log
        self._now = now
        self._retries = Retries()

    def serve(self) -> NoReturn:
        """Run at once, and then whenever the alarm rings."""
        self._set()
        self._log.info(
            "started: %s, %s",
            self._schedule.cron,
            self._schedule.timezone,
            extra=_fields("started"),
        )
        self._run_once()
        while True:
            ring = self._alarm.wait(LOOK_SECONDS)
            self._look()
            if ring is Ring.REGULAR:
                self._retries.reset()
            if ring:
                self._run_once()

    def _run_once(self) -> None:
        self._log.info("run", extra=_fields("run"))
        try:
            is_open = self._log_end(self._run(self._current.config))
        except DigestError as error:
            is_open = self._failed(error)
        except Exception:
            # A defect of the program must not leave the days to come without a run.
            self._log.exception("an unexpected error", extra=_fields("failed"))
            is_open = True
        regular = self._alarm.regular()
        again = self._retries.after(self._now(), regular) if is_open else None
        self._alarm.set_once(again)
        self._tell_next(again or regular)

    def _log_end(self, report: RunReport) -> bool:
        """Log how a run ended; returns whether to try again soon."""
        for note in report.notes:
            self._log.info("%s", note, extra=_fields("note"))
        is_open = any(day.state is DayState.WAITING for day in report.days)
        if report.failure:
            is_open = self._failed(report.failure)
        self._log.info(
            "done: %s requests, %s papers received, exit code %s",
            *(f"{report.requests:,}", f"{report.received:,}", report.exit_code),
            extra=_fields(
                "done",
                requests=report.requests,
                papers=report.received,
                exit_code=report.exit_code,
            ),
        )
        return is_open

    def _failed(self, error: DigestError) -> bool:
        text = "\n".join(filter(None, (error.message, error.hint)))
        self._log.error("%s", text, extra=_fields("failed", exit_code=error.exit_code))
        return not isinstance(error, _NOT_SOON)

    def _look(self) -> None:
        before = self._schedule
        try:
            if not self._current.look():
                return
        except ConfigError as error:
            self._log.error(
                "invalid configuration; keeping the previous one\n%s",
                error.message,
                extra=_fields("configuration", problems=[str(each) for each in error.problems]),
            )
            return
        self._log.info("the configuration was read again", extra=_fields("configuration"))
        if self._schedule != before:
            self._set()
            self._tell_next(self._alarm.regular())

    def _set(self) -> None:
        self._alarm.set(self._schedule.cron, self._schedule.timezone)

    def _tell_next(self, moment: datetime | None) -> None:
        if moment is None:
            self._log.warning("the cron expression has no future time", extra=_fields("next"))
            return
        local = moment.astimezone(ZoneInfo(self._schedule.timezone))
        self._log.info(
            "next run: %s", time_line(local), extra=_fields("next", next=local.isoformat())
        )

    @property
    def _schedule(self) -> ScheduleSettings:
        return self._current.config.schedule


def time_line(moment: datetime) -> str:
    """`Mon 2026-11-23 06:30 CET (05:30 UTC)`; UTC with its date where that is another one."""
    utc = moment.astimezone(UTC)
    shown = f"{moment:%a %Y-%m-%d %H:%M %Z}"
    if moment.tzname() == "UTC":
        return shown
    return f"{shown} ({utc:%H:%M}" + (
        " UTC)" if utc.date() == moment.date() else f" UTC, {utc:%Y-%m-%d})"
    )


def _fields(event: str, **fields: object) -> dict[str, object]:
    return {"fields": {"event": event, **fields}}
