"""Why an alarm rings."""

from __future__ import annotations

from enum import StrEnum


class Ring(StrEnum):
    """A reason to run."""

    REGULAR = "regular"
    """A time of the cron expression has come."""
    AGAIN = "again"
    """The moment has come that was set for once."""
