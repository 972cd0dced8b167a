"""What keywords and authors do in the digests: papers, badges, what is alone, words cut."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from digest.keywords.report import AuthorUse, GroupUse, KeywordUse, Listing, TopicUse
from digest.matcher import Examination, Matcher, Verdict, never_matching
from digest.matcher.inflection import inflections
from digest.model import Author, Keyword

if TYPE_CHECKING:
    from digest.archive import DigestRecord
    from digest.keywords.material import Material
    from digest.matcher import Occurrence


class Home(NamedTuple):
    """A topic and a group by name, and a keyword in it."""

    topic: str
    group: str
    keyword: Keyword


class Followed(NamedTuple):
    """A topic by name, and an author whom it follows."""

    topic: str
    author: Author


_One = TypeVar("_One")


_LETTERS = re.compile(r"[^\W\d_]+")
_LAST_WORD = re.compile(r"[^\W_]+\Z")


@dataclass(slots=True)
class Use:
    """Counts of one keyword or author, as `KeywordUse` and `AuthorUse` report them."""

    papers: int = 0
    badges: int = 0
    only: int = 0
    cuts: int = 0


class Tally:
    """Counts what every keyword and author of the topics does, digest by digest."""

    def __init__(self, keywords: Material) -> None:
        self._keywords = keywords
        self._matcher = Matcher(keywords.topics, keywords.style)
        self.papers = 0
        self.uses = {
            Home(topic.name, group.name, keyword): Use()
            for topic in keywords.topics
            for group in topic.groups
            for keyword in group.keywords
        }
        self.authors = {
            Followed(topic.name, author): Use()
            for topic in keywords.topics
            for author in topic.authors
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
        seen |= {
            Home(verdict.topic, group.name, one.keyword)
            for verdict in examination.verdicts
            if verdict.satisfied
            for group in verdict.groups
            for one in group.in_title
        }
        for home in seen:
            self.uses[home].papers += 1
        for verdict in examination.verdicts:
            if verdict.satisfied:
                for author in {one.author for one in verdict.authors}:
                    self.authors[Followed(verdict.topic, author)].papers += 1
                if len(topics) == 1:
                    self._count_alone(verdict)

    def _count_alone(self, verdict: Verdict) -> None:
        """Count what the only topic that a paper satisfies needs for that."""
        if verdict.is_by_author and not verdict.has_keywords:
            for author in _only({one.author for one in verdict.authors}):
                self.authors[Followed(verdict.topic, author)].only += 1
        elif not verdict.is_by_author:
            for group in verdict.groups:
                for keyword in _only({one.keyword for one in (*group.found, *group.in_title)}):
                    self.uses[Home(verdict.topic, group.name, keyword)].only += 1


def _only(found: set[_One]) -> Iterable[_One]:
    """What was found if it is one thing alone."""
    return found if len(found) == 1 else ()


def cuts_word(abstract: str, place: Occurrence) -> bool:
    """Whether a badge there leaves a part of a word outside.

    A plural or another regular ending of the keyword is not one: `LLM` in `LLMs`.
    """
    before, text = abstract[: place.start][-1:], abstract[place.start : place.end]
    after = _LETTERS.match(abstract, place.end)
    if before.isalpha() and text[0].isalnum():
        return True
    if not after or not text[-1].isalnum():
        return False
    last = _LAST_WORD.search(text)
    return last is None or last[0] + after[0] not in inflections(last[0])


def listing(keywords: Material, days: int) -> Listing:
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


def recent(keywords: Material, days: int) -> list[DigestRecord]:
    """The digests of the last so many days up to the newest one; days ascend."""
    return keywords.holdings.digests(keywords.holdings.days_back(days))


def _topics(keywords: Material, tally: Tally) -> Iterator[TopicUse]:
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
        uses = ((one, tally.authors[Followed(topic.name, one)]) for one in topic.authors)
        authors = (
            AuthorUse(one.name, one.exact, one.color, use.papers, use.only) for one, use in uses
        )
        yield TopicUse(topic.name, tuple(groups), tuple(authors))
