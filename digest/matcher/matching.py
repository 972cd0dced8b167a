"""Which topics a paper satisfies, and which stretches of its abstract become badges.

The source format tries keyword by keyword, in the order of the configuration, and what an earlier
keyword took is gone for the later ones. One pass of an Aho-Corasick automaton finds every
occurrence of every keyword; claiming them by (priority, position) then gives the same result at a
cost that hardly grows with the number of keywords.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from digest.matcher.examination import (
    Examination,
    GroupFinding,
    Occurrence,
    Placed,
    Signature,
    Verdict,
)
from digest.matcher.following import Following
from digest.matcher.glance import Glance
from digest.matcher.lexicon import Hit, Lexicon
from digest.matcher.reading import keywords_of
from digest.matcher.rules import Admission
from digest.model import SOURCE, Badge, Group, Keyword, Marked, Paper, Style, Topic


@dataclass(frozen=True, slots=True)
class Match:
    """The names of the topics a paper satisfies, and its abstract with their badges.

    `followed` holds a badge for each of its authors whom one of these topics follows. `title` is
    the title with its badges where titles count, else empty.
    """

    topics: tuple[str, ...]
    abstract: Marked
    followed: tuple[Badge, ...] = ()
    title: Marked = ()


class _Claim(NamedTuple):
    """An occurrence of a keyword; the order of claims is the order in which they are granted."""

    rank: int
    start: int
    end: int


class _Giver(NamedTuple):
    """Who gives the badges of a keyword."""

    topic: Topic
    group: Group
    keyword: Keyword


class _Order(NamedTuple):
    """The rank of each keyword that gives badges, and who gives them, by rank."""

    ranks: dict[int, int]
    givers: list[_Giver]


class _Interest:
    """A topic whose keywords are numbers."""

    def __init__(self, topic: Topic, numbers: dict[Keyword, int]) -> None:
        self.topic = topic
        self.admission = Admission(topic)
        self.following = Following(topic.authors)
        self.groups = [
            frozenset(numbers[word] for word in group.keywords) for group in topic.groups
        ]
        self.givers = [
            (numbers[word], _Giver(topic, group, word))
            for group in topic.groups
            for word in group.keywords
        ]

    def has_keywords(self, found: set[int]) -> bool:
        """Whether there are groups, and each has a keyword among those found."""
        return bool(self.groups) and not any(map(found.isdisjoint, self.groups))

    def is_by_author(self, paper: Paper) -> bool:
        """Whether the paper needs no keyword, because of its authors."""
        return self.topic.authors_suffice and self.following.is_among(paper.authors)

    def wants(self, paper: Paper, found: set[int]) -> bool:
        """Whether the keywords or an author are there, and the paper is admitted."""
        return (self.has_keywords(found) or self.is_by_author(paper)) and (
            self.admission.admits(paper)
        )


class Matcher:
    """Finds the keywords of all topics at once; built once, used for any number of papers."""

    def __init__(self, topics: Sequence[Topic], style: Style = SOURCE) -> None:
        self._keywords = keywords_of(topics)
        self._lexicon = Lexicon(self._keywords, style)
        numbers = {keyword: number for number, keyword in enumerate(self._keywords)}
        self._interests = [_Interest(topic, numbers) for topic in topics]
        self._glance = Glance([topic for topic in topics if topic.groups], style)
        self._sufficing = Following([author for topic in topics for author in topic.sufficing])
        #: By the topics satisfied; working it out takes a while for thousands of keywords.
        self._orders: dict[tuple[_Interest, ...], _Order] = {}

    def has_keywords(self, abstract: str, title: str = "") -> bool:
        """Whether a paper has a keyword of every group of a topic; cheaper than `match`."""
        title = title if self._lexicon.protects else ""
        if not self._may_have_keywords(abstract, title):
            return False
        hits = [*self._lexicon.hits(abstract), *self._lexicon.hits(title)]
        return self._is_enough(hits) and (
            not self._lexicon.protects
            or self._is_enough([*self._found(abstract), *self._found(title)])
        )

    def has_author(self, names: str) -> bool:
        """Whether one of some names, one a line, is an author whose papers need no keyword."""
        return self._sufficing.is_in(names)

    def match(self, paper: Paper) -> Match | None:
        """The topics that a paper satisfies and its badges; None if it satisfies no topic."""
        has_author = self._sufficing.is_among(paper.authors)
        title = paper.title if self._lexicon.protects else ""
        if not has_author and not self._may_have_keywords(paper.abstract, title):
            return None
        hits, in_title = self._lexicon.hits(paper.abstract), self._lexicon.hits(title)
        if self._lexicon.protects and (has_author or self._is_enough([*hits, *in_title])):
            hits = self._lexicon.outside(paper.abstract, hits)
            in_title = self._lexicon.outside(title, in_title)
        wanting = self._wanting(paper, [*hits, *in_title])
        if not wanting:
            return None
        order = self._order(wanting)
        granted = _granted(hits, order.ranks, len(paper.abstract))
        return Match(
            tuple(interest.topic.name for interest in wanting),
            _marked(paper.abstract, granted, order.givers),
            _followed(paper, wanting),
            _marked(title, _granted(in_title, order.ranks, len(title)), order.givers),
        )

    def examine(self, paper: Paper) -> Examination:
        """Every topic's verdict with every keyword found, and the badges that `match` gives."""
        hits = self._found(paper.abstract)
        in_title = self._found(paper.title) if self._lexicon.protects else []
        wanting = self._wanting(paper, [*hits, *in_title])
        order = self._order(wanting)
        granted = _granted(hits, order.ranks, len(paper.abstract))
        return Examination(
            tuple(self._verdict(interest, paper, hits, in_title) for interest in self._interests),
            tuple(_placed(claim, order.givers[claim.rank]) for claim in granted),
        )

    def _found(self, text: str) -> list[Hit]:
        """The hits in a text that count."""
        return self._lexicon.outside(text, self._lexicon.hits(text))

    def _may_have_keywords(self, abstract: str, title: str) -> bool:
        """False if nothing of a group that each topic has is in either text, or both together."""
        return self._glance.is_worth_a_look(f"{title}\n{abstract}" if title else abstract)

    def _is_enough(self, hits: list[Hit]) -> bool:
        found = _numbers(hits)
        return any(interest.has_keywords(found) for interest in self._interests)

    def _wanting(self, paper: Paper, hits: list[Hit]) -> list[_Interest]:
        found = _numbers(hits)
        return [interest for interest in self._interests if interest.wants(paper, found)]

    def _order(self, wanting: list[_Interest]) -> _Order:
        topics = tuple(wanting)
        if topics not in self._orders:
            self._orders[topics] = _by_priority(topics)
        return self._orders[topics]

    def _verdict(
        self, interest: _Interest, paper: Paper, hits: list[Hit], in_title: list[Hit]
    ) -> Verdict:
        found = _numbers([*hits, *in_title])
        return Verdict(
            interest.topic.name,
            interest.wants(paper, found),
            interest.admission.in_categories(paper),
            interest.admission.excluded(paper),
            interest.has_keywords(found),
            interest.is_by_author(paper),
            tuple(
                Signature(" ".join(name.split()), author)
                for name in paper.authors
                if (author := interest.following.find(name))
            ),
            tuple(
                GroupFinding(
                    group.name,
                    group.color,
                    self._occurrences(hits, numbers),
                    self._occurrences(in_title, numbers),
                )
                for group, numbers in zip(interest.topic.groups, interest.groups, strict=True)
            ),
        )

    def _occurrences(self, hits: Iterable[Hit], numbers: frozenset[int]) -> tuple[Occurrence, ...]:
        """Those of some keywords, in reading order."""
        places = sorted((start, end, number) for number, start, end in hits if number in numbers)
        return tuple(
            Occurrence(self._keywords[number], start, end) for start, end, number in places
        )


def _numbers(hits: Iterable[Hit]) -> set[int]:
    return {number for number, _, _ in hits}


def _by_priority(interests: Iterable[_Interest]) -> _Order:
    """The order of the configuration; of a keyword's givers the first."""
    givers: dict[int, _Giver] = {}
    for interest in interests:
        for number, giver in interest.givers:
            givers.setdefault(number, giver)
    return _Order({number: rank for rank, number in enumerate(givers)}, list(givers.values()))


def _granted(hits: Iterable[Hit], ranks: dict[int, int], length: int) -> list[_Claim]:
    """The claims that stand, in reading order. The first claim on a stretch of text gets it."""
    claims = [_Claim(ranks[n], start, end) for n, start, end in hits if n in ranks]
    taken = bytearray(length)
    granted = []
    for claim in sorted(claims):
        if taken.find(1, claim.start, claim.end) < 0:
            taken[claim.start : claim.end] = b"\x01" * (claim.end - claim.start)
            granted.append(claim)
    return sorted(granted, key=lambda claim: claim.start)


def _marked(text: str, claims: list[_Claim], givers: list[_Giver]) -> Marked:
    """The text with its claimed stretches replaced by badges, and no empty text between them."""
    pieces: list[str | Badge] = []
    end = 0
    for claim in claims:
        badge = Badge(text[claim.start : claim.end], givers[claim.rank].group.color)
        pieces += [text[end : claim.start], badge]
        end = claim.end
    pieces.append(text[end:])
    return tuple(piece for piece in pieces if piece)


def _followed(paper: Paper, interests: Iterable[_Interest]) -> tuple[Badge, ...]:
    """The badges of a paper's authors; of the topics that follow one the first gives the colour."""
    badges: dict[str, Badge] = {}
    for interest in interests:
        badges = interest.following.badges(paper.authors) | badges
    return tuple(badges.values())


def _placed(claim: _Claim, giver: _Giver) -> Placed:
    return Placed(
        giver.topic.name, giver.group.name, Occurrence(giver.keyword, claim.start, claim.end)
    )
