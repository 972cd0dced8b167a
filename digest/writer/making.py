"""Match, order, render: the bytes of a digest from the archive, the same every time."""

from __future__ import annotations

from dataclasses import dataclass

from digest.matcher import Matcher
from digest.model import Digest, Period, Style
from digest.writer.format.entries import entry_of
from digest.writer.format.render import Renderer
from digest.writer.holdings import Holdings
from digest.writer.order import Ordering


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
        self,
        holdings: Holdings,
        matcher: Matcher,
        ordering: Ordering,
        renderer: Renderer,
        style: Style,
    ) -> None:
        self._holdings = holdings
        self._matcher = matcher
        self.ordering = ordering
        self._renderer = renderer
        self._style = style

    def make(self, period: Period) -> Made:
        """The digest of a period. Raises TemplateError and ArchiveError."""
        ids = self._holdings.ids(period)
        placed = self.ordering.placed(self._holdings.kept(period, ids, self._matcher))
        entries = (entry_of(one.paper, one.match, self._style) for one in placed)
        digest = Digest(period.day, tuple(entries), self._style)
        shown = tuple(one.paper.id for one in placed)
        return Made(period, digest, shown, self._renderer.render(digest), len(ids))
