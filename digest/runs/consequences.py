"""What a command would do to digests that are there: which papers change their digest, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import date

from digest.archive import Archive
from digest.fetcher.announcements import Announcements
from digest.model import Period
from digest.model.reports import counted
from digest.runs.agenda import Agenda


class Consequences:
    """Counts the papers of digests written before that a command moves."""

    def __init__(self, archive: Archive, announcements: Announcements, agenda: Agenda) -> None:
        self._archive = archive
        self._announcements = announcements
        self._agenda = agenda

    def of_chosen(self, period: Period) -> list[str]:
        """Of a digest whose days a person chose."""
        taken = self._papers(self._agenda.taken(period))
        effects = self.of_backfill([period])
        if taken:
            effects.insert(
                0,
                f"takes {_papers(taken)} from the {_digests(taken)}, which {_are(taken)} written "
                "again without",
            )
        return effects

    def of_backfill(self, periods: Sequence[Period]) -> list[str]:
        """Of digests that are made with other days than before."""
        released = self._papers(self._agenda.released(periods))
        if not released:
            return []
        return [
            f"takes {_papers(released)} from the {_digests(released)} that will be in no digest "
            "until the digests of their days are made"
        ]

    def _papers(self, days: Mapping[date, Set[date]]) -> dict[date, int]:
        """How many papers of digests were announced on these days, for those with any."""
        found: dict[date, int] = {}
        for digest, some in days.items():
            record = self._archive.ledger.digest(digest)
            shown = (record and record.shown) or ()
            found[digest] = self._announcements.count(shown, some)
        return {digest: papers for digest, papers in found.items() if papers}


def cost(days: int, papers: int, requests: int) -> str:
    """What asking arXiv for these days means."""
    return (
        f"covers {counted(days, 'announcement day')}, about {counted(papers, 'paper')} "
        f"and {counted(requests, 'request')} to arXiv"
    )


def _papers(found: Mapping[date, int]) -> str:
    return counted(sum(found.values()), "paper")


def _digests(days: Iterable[date]) -> str:
    first, *more = sorted(days)
    if not more:
        return f"digest of {first}"
    return f"{counted(len(more) + 1, 'digest')} from {first} to {more[-1]}"


def _are(days: Mapping[date, int]) -> str:
    return "is" if len(days) == 1 else "are"
