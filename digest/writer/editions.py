"""Digests with the whole papers behind their entries: what files, pages, feeds and mail show.

A digest file tells a reader what to look at; whatever is passed on needs more of each paper, such
as its categories and its DOI. An edition has both, from the archive, by the same steps as the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from digest.archive import DigestRecord
from digest.matcher import Match, Matcher
from digest.model import Digest, Entry, Paper, Period, Style, Summary
from digest.model.errors import UsageError
from digest.writer.format.entries import entry_of
from digest.writer.holdings import Holdings
from digest.writer.order import Ordering, Placed, Relevance
from digest.writer.orders import Orders

if TYPE_CHECKING:
    from digest.archive.summaries import Summaries
    from digest.writer.format.render import Renderer

#: The summaries of versions of papers, by base id and version.
Written = Mapping[tuple[str, int], tuple[Summary, ...]]


def page_of(day: date) -> str:
    """Where the page of a digest is, from the beginning of the site."""
    return f"day/{day.isoformat()}.html"


@dataclass(frozen=True, slots=True)
class Shown:
    """A paper of an edition: in the version shown, with its topics and badges, and its entry.

    `relevance` is there where the order of the papers goes by it.
    """

    paper: Paper
    match: Match
    entry: Entry
    relevance: Relevance | None = None
    summaries: tuple[Summary, ...] = ()


@dataclass(frozen=True, slots=True)
class Edition:
    """One digest, its papers in the order of the file.

    `state` is that of the digest as it was written last, a `DayState`; empty if it was not.
    `ordered_by` names its order as the archive does.
    """

    period: Period
    style: Style
    shown: tuple[Shown, ...]
    state: str = ""
    ordered_by: str = ""

    @property
    def day(self) -> date:
        """The day that the digest is named after."""
        return self.period.day

    @property
    def ids(self) -> tuple[str, ...]:
        """The base ids of its papers."""
        return tuple(each.paper.id for each in self.shown)

    @property
    def digest(self) -> Digest:
        """The digest as the file has it."""
        return Digest(self.day, tuple(each.entry for each in self.shown), self.style)


@dataclass(frozen=True, slots=True)
class Made:
    """An edition as it would be written: its bytes, and how many papers its days have in all."""

    edition: Edition
    data: bytes
    papers: int


def assemble(
    period: Period,
    kept: Iterable[tuple[Paper, Match]],
    ordering: Ordering,
    style: Style,
    state: str = "",
    summaries: Callable[[Sequence[tuple[str, int]]], Written] = lambda _: {},
) -> Edition:
    """The edition of the papers that a matcher kept. Every digest is put together here.

    What is new about each paper joins `Shown` here, and its `Entry` if files show it as well.
    """
    placed = list(ordering.placed(kept))
    found = summaries([(one.paper.id, one.paper.version) for one in placed])
    shown = tuple(_shown(one, style, found) for one in placed)
    model = next((one.relevance.model for one in placed if one.relevance), "")
    return Edition(period, style, shown, state, f"{ordering.name} {model}".rstrip())


def _shown(one: Placed, style: Style, found: Written) -> Shown:
    by_topic = {
        summary.topic: summary for summary in found.get((one.paper.id, one.paper.version), ())
    }
    summaries = tuple(by_topic[topic] for topic in one.match.topics if topic in by_topic)
    entry = replace(entry_of(one.paper, one.match, style), summaries=summaries)
    return Shown(one.paper, one.match, entry, one.relevance, summaries)


class Editions:
    """The editions of digests, by the keywords of today: a function of the archive.

    `made_with` names the keywords and the style of the matcher. A digest that was written with them
    is known to show its papers and no other, which spares a look at all the others of its days.
    `summaries` are those of a language model, None if it is off.
    """

    def __init__(
        self,
        holdings: Holdings,
        matcher: Matcher,
        orders: Orders,
        style: Style,
        made_with: str,
        summaries: Summaries | None = None,
    ) -> None:
        self._holdings = holdings
        self._matcher = matcher
        self.orders = orders
        self._style = style
        self._made_with = made_with
        self._summaries = summaries

    @property
    def order(self) -> str:
        """Names what all digests are ordered by."""
        return self.orders.kind

    def records(self, first: date | None = None, last: date | None = None) -> list[DigestRecord]:
        """The digests written, from `first` to `last`, both included; days ascend."""
        return self._holdings.digests(first, last)

    def record_of(self, day: date | None) -> DigestRecord:
        """The digest of a day, the latest if None. Raises UsageError if there is none."""
        records = self.records(day, day)
        if records:
            return records[-1]
        if day is None:
            raise UsageError("there is no digest yet", hint="`digest run` writes the first one.")
        raise self.absence(day, day, "`digest status` lists the digests.")

    def absence(self, first: date, last: date, hint: str) -> UsageError:
        """Why there is no record from `first` to `last`; the hint is for days without a digest."""
        if imported := self._holdings.imported(first, last):
            more = f", and so were {len(imported) - 1:,} more" if imported[1:] else ""
            return UsageError(
                f"the digest of {imported[0]} was imported{more}",
                hint="this needs the papers as arXiv tells them, and of an imported digest the "
                "archive has only what its file tells",
            )
        days = f"of {first}" if first == last else f"from {first} to {last}"
        return UsageError(f"there is no digest {days}", hint=hint)

    def altered(self, since: int) -> tuple[list[str], int]:
        """The papers stored or altered since a change of the archive, and its last change."""
        return self._holdings.altered(since)

    def edition(self, period: Period, ids: Sequence[str] | None = None, state: str = "") -> Edition:
        """The digest of a period; of its papers only those with these base ids, if given."""
        if ids is None:
            ids = self._holdings.ids(period)
        kept = self._holdings.kept(period, ids, self._matcher)
        ordering = self.orders.of(self._holdings.digest(period.day))
        if self._summaries is None:
            return assemble(period, kept, ordering, self._style, state)
        return assemble(period, kept, ordering, self._style, state, self._summaries.of)

    def summarized(self, record: DigestRecord) -> str:
        """Names the summaries of a digest: equal for equal ones, empty if none is shown."""
        return self._summaries.name(record.shown or ()) if self._summaries else ""

    def written(self, record: DigestRecord) -> Edition:
        """The edition of a digest that was written."""
        is_known = record.made_with == self._made_with
        return self.edition(record.period, record.shown if is_known else None, record.state)

    def made(self, period: Period, renderer: Renderer) -> Made:
        """The digest of a period with its bytes. Raises TemplateError and ArchiveError."""
        ids = self._holdings.ids(period)
        edition = self.edition(period, ids)
        return Made(edition, renderer.render(edition.digest), len(ids))

    def between(self, first: date | None = None, last: date | None = None) -> Iterator[Edition]:
        """The editions from `first` to `last`, both included, one at a time; days ascend."""
        return map(self.written, self.records(first, last))
