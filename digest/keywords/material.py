"""The data that questions about keywords are answered from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from digest.archive import Archive
    from digest.config import Config
    from digest.fetcher.announcements import Announcements
    from digest.fetcher.calendar import Calendar
    from digest.model import Style, Topic
    from digest.writer.holdings import Holdings
    from digest.writer.periods import DigestDays


@dataclass(frozen=True, slots=True)
class Material:
    """The keywords of a workspace, and the archive that shows what they do.

    `scope` is the scope's query, "" for all of arXiv.
    """

    archive: Archive
    announcements: Announcements
    holdings: Holdings
    calendar: Calendar
    digest_days: DigestDays
    config: Config
    scope: str
    now: datetime

    @property
    def topics(self) -> tuple[Topic, ...]:
        """The topics of all keyword files."""
        return self.config.topics

    @property
    def style(self) -> Style:
        """The style of the digests, which decides what a keyword matches."""
        return self.config.digest.style
