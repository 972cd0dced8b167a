"""What people ask about their keywords, answered from the archive alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from digest.archive import Archive
    from digest.config import Config
    from digest.fetcher.announcements import Announcements
    from digest.fetcher.calendar import Calendar
    from digest.keywords.report import Explanation, Listing, Soundness, Suggestions
    from digest.model import PaperId, Topic
    from digest.writer.holdings import Holdings
    from digest.writer.periods import DigestDays


@dataclass(frozen=True, slots=True)
class Keywords:
    """The keywords of a workspace, and the archive that tells what they do.

    `scope` is the scope's query, "" for all of arXiv.
    Every method raises ArchiveError, and changes nothing.
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
    def style(self) -> str:
        """The style of the digests, which decides what a keyword matches."""
        return self.config.digest.style

    def listing(self, days: int) -> Listing:
        """What each keyword does in the digests of the last so many days up to the newest one."""
        from digest.keywords.listing import listing

        return listing(self, days)

    def check(self, days: int) -> Soundness:
        """What there is to mend, judged by these digests. Raises ConfigError as well."""
        from digest.keywords.soundness import soundness

        return soundness(self, days)

    def explain(self, paper: PaperId) -> Explanation:
        """Why a paper is, or is not, in which digest."""
        from digest.keywords.explaining import explain

        return explain(self, paper.base)

    def suggest(self, days: int, limit: int) -> Suggestions:
        """Up to `limit` terms that tell the papers of these digests from all others."""
        from digest.keywords.suggesting import suggest

        return suggest(self, days, limit)
