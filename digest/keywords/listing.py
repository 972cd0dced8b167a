"""What each keyword does in the digests: papers, badges, papers for it alone, words cut."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from digest.keywords.report import GroupUse, KeywordUse, Listing, TopicUse
from digest.matcher import Examination, Matcher, never_matching
from digest.model import Keyword

if TYPE_CHECKING:
    from digest.archive import DigestRecord
    from digest.keywords import Keywords
    from digest.matcher import Occurrence


class Home(NamedTuple):
    """A topic and a group by name, and a keyword in it."""

    topic: str
    group: str
    keyword: Keyword


@dataclass(slots=True)
class Use:
    """Counts of one keyword, as `KeywordUse` tells them."""

    papers: int = 0
    badges: int = 0
    only: int = 0
    cuts: int = 0


class Tally:
    """Counts what every keyword of the topics does, digest by digest."""

    def __init__(self, keywords: Keywords) -> None:
        self._keywords = keywords
        self._matcher = Matcher(keywords.topics, keywords.style)
        self.papers = 0
        self.uses = {
            Home(topic.name, group.name, keyword): Use()
            for topic in keywords.topics
            for group in topic.groups
            for keyword in group.keywords
        }
        self._homes: dict[Keyword, list[Home]] = {}
        for home in self.uses:
            self._homes.setdefault(home.keyword, []).append(home)

    def add(self, record: DigestRecord) -> None:
        """Count the papers of one more digest."""
        holdings, period = self._keywords.holdings, record.period
        candidates = holdings.candidates(holdings.ids(period), self._matcher)
        for paper in holdings.papers(period, candidates):
            examination = self._matcher.examine(paper)
            topics = {verdict.topic for verdict in examination.verdicts if verdict.satisfied}
            if topics:
                self._add(paper.abstract, examination, topics)

    def _add(self, abstract: str, examination: Examination, topics: set[str]) -> None:
        self.papers += 1
        seen = set()
        for badge in examination.badges:
            cut = cuts_word(abstract, badge.occurrence)
            for home in self._homes[badge.occurrence.keyword]:
                if home.topic in topics:
                    self.uses[home].badges += 1
                    self.uses[home].cuts += cut
                    seen.add(home)
        for home in seen:
            self.uses[home].papers += 1
        for home in _alone(examination, topics):
            self.uses[home].only += 1


def _alone(examination: Examination, topics: set[str]) -> Iterator[Home]:
    """The keywords without each of which the paper would satisfy no topic."""
    if len(topics) > 1:
        return
    for verdict in examination.verdicts:
        if verdict.satisfied:
            for group in verdict.groups:
                first, *others = {one.keyword for one in group.found}
                if not others:
                    yield Home(verdict.topic, group.name, first)


def cuts_word(abstract: str, place: Occurrence) -> bool:
    """Whether a badge there leaves a part of a word outside: a letter touches one of its own."""
    before, text = abstract[: place.start][-1:], abstract[place.start : place.end]
    after = abstract[place.end : place.end + 1]
    return (before.isalpha() and text[0].isalnum()) or (after.isalpha() and text[-1].isalnum())


def listing(keywords: Keywords, days: int) -> Listing:
    """See `Keywords.listing`."""
    records = recent(keywords, days)
    tally = Tally(keywords)
    for record in records:
        tally.add(record)
    return Listing(
        records[0].period.day if records else None,
        records[-1].period.day if records else None,
        len(records),
        tally.papers,
        tuple(_topics(keywords, tally)),
    )


def recent(keywords: Keywords, days: int) -> list[DigestRecord]:
    """The digests of the last so many days up to the newest one; days ascend."""
    return keywords.holdings.digests(keywords.holdings.days_back(days))


def _topics(keywords: Keywords, tally: Tally) -> Iterator[TopicUse]:
    for topic in keywords.topics:
        behind = never_matching(topic, keywords.style)
        groups = []
        for group in topic.groups:
            rows = []
            for keyword in group.keywords:
                use, taker = tally.uses[Home(topic.name, group.name, keyword)], behind.get(keyword)
                rows.append(
                    KeywordUse(
                        keyword.text,
                        use.papers,
                        use.badges,
                        use.only,
                        use.cuts,
                        taker.text if taker else None,
                    )
                )
            groups.append(GroupUse(group.name, group.color, tuple(rows)))
        yield TopicUse(topic.name, tuple(groups))
