"""Questions about keywords, answered from the archive alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest.keywords.material import Material

if TYPE_CHECKING:
    from digest.keywords.report import Explanation, Listing, Soundness, Suggestions
    from digest.model import PaperId


class Keywords(Material):
    """The questions. Every method raises ArchiveError, and changes nothing."""

    def listing(self, days: int) -> Listing:
        """What each keyword does in the digests of the last so many days up to the newest one."""
        from digest.keywords.listing import listing

        return listing(self, days)

    def check(self, days: int) -> Soundness:
        """What there is to fix, judged by these digests. Raises ConfigError as well."""
        from digest.keywords.soundness import soundness

        return soundness(self, days)

    def explain(self, paper: PaperId) -> Explanation:
        """Why a paper is, or is not, in which digest."""
        from digest.keywords.explaining import explain

        return explain(self, paper.base)

    def suggest(self, days: int, limit: int) -> Suggestions:
        """Up to `limit` terms that separate the papers of these digests from all others."""
        from digest.keywords.suggesting import suggest

        return suggest(self, days, limit)
