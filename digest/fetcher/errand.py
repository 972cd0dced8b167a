"""What one run wants of the fetcher."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from digest.model.reports import Progress


@dataclass(frozen=True, slots=True)
class Errand:
    """One run's view: its clock, its wanted days, whom to tell."""

    began: datetime
    wanted: frozenset[date]
    progress: Progress
