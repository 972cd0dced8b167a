"""Match, compose, render: the bytes of a digest from the archive, the same every time."""

from __future__ import annotations

from dataclasses import dataclass

from digest.holdings import Holdings
from digest.matcher import Matcher
from digest.model import Digest, Period
from digest.writer import Renderer, compose, in_order


@dataclass(frozen=True, slots=True)
class Made:
    """A digest as it would be written: its bytes, and how many papers its days have in all.

    `shown` are the base ids of the papers that it shows, in their order.
    """

    period: Period
    digest: Digest
    shown: tuple[str, ...]
    data: bytes
    papers: int


class Maker:
    """Makes digests: a function of the archive and the configuration, which writes nothing."""

    def __init__(
        self, holdings: Holdings, matcher: Matcher, renderer: Renderer, style: str
    ) -> None:
        self._holdings = holdings
        self._matcher = matcher
        self._renderer = renderer
        self._style = style

    def make(self, period: Period) -> Made:
        """The digest of a period. Raises TemplateError and ArchiveError."""
        ids = self._holdings.ids(period)
        kept = in_order(self._holdings.kept(period, ids, self._matcher))
        digest = compose(period.day, kept, self._style)
        shown = tuple(paper.id for paper, _ in kept)
        return Made(period, digest, shown, self._renderer.render(digest), len(ids))
