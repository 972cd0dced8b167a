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

from ahocorasick_rs import AhoCorasick

from digest.matcher.rules import Admission
from digest.model import Badge, Marked, Paper, Topic

STYLES = ("source",)


@dataclass(frozen=True, slots=True)
class Match:
    """The names of the topics a paper satisfies, and its abstract with their badges."""

    topics: tuple[str, ...]
    abstract: Marked


class _Claim(NamedTuple):
    """An occurrence of a keyword; the order of claims is the order in which they are granted."""

    rank: int
    start: int
    end: int


class _Interest:
    """A topic whose keywords are numbers of patterns."""

    def __init__(self, topic: Topic, numbers: dict[str, int]) -> None:
        self.name = topic.name
        self.admission = Admission(topic)
        self.groups = [
            frozenset(numbers[word.text] for word in group.keywords) for group in topic.groups
        ]
        self.badges = [
            (numbers[word.text], Badge(word.text, group.color))
            for group in topic.groups
            for word in group.keywords
        ]

    def has_keywords(self, found: set[int]) -> bool:
        """Whether every group has a keyword among those found."""
        return not any(group.isdisjoint(found) for group in self.groups)

    def wants(self, paper: Paper, found: set[int]) -> bool:
        """Whether the keywords are there, and the paper is admitted."""
        return self.has_keywords(found) and self.admission.admits(paper)


class Matcher:
    """Finds the keywords of all topics at once; built once, used for any number of papers.

    Raises ValueError for a style it does not know.
    """

    def __init__(self, topics: Sequence[Topic], style: str = "source") -> None:
        if style not in STYLES:
            raise ValueError(f"unknown style {style!r}; known: {', '.join(STYLES)}")
        words = dict.fromkeys(
            word.text for topic in topics for group in topic.groups for word in group.keywords
        )
        self._automaton = AhoCorasick(list(words))
        numbers = {word: number for number, word in enumerate(words)}
        self._interests = [_Interest(topic, numbers) for topic in topics]

    def has_keywords(self, abstract: str) -> bool:
        """Whether a text has a keyword of every group of a topic; cheaper than `match`."""
        hits = self._automaton.find_matches_as_indexes(abstract, overlapping=True)
        found = {number for number, _, _ in hits}
        return any(interest.has_keywords(found) for interest in self._interests)

    def match(self, paper: Paper) -> Match | None:
        """The topics that a paper satisfies and its badges; None if it satisfies no topic."""
        hits = self._automaton.find_matches_as_indexes(paper.abstract, overlapping=True)
        found = {number for number, _, _ in hits}
        wanting = [interest for interest in self._interests if interest.wants(paper, found)]
        if not wanting:
            return None
        badges = _by_priority(wanting)
        ranks = {number: rank for rank, number in enumerate(badges)}
        claims = [_Claim(ranks[n], start, end) for n, start, end in hits if n in ranks]
        granted = _granted(claims, len(paper.abstract))
        return Match(
            tuple(interest.name for interest in wanting),
            _marked(paper.abstract, granted, list(badges.values())),
        )


def _by_priority(interests: Iterable[_Interest]) -> dict[int, Badge]:
    """Pattern numbers in the order of the configuration; of equal keywords the first one counts."""
    badges: dict[int, Badge] = {}
    for interest in interests:
        for number, badge in interest.badges:
            badges.setdefault(number, badge)
    return badges


def _granted(claims: list[_Claim], length: int) -> list[_Claim]:
    """The claims that stand, in reading order: the first claim on a stretch of text gets it."""
    taken = bytearray(length)
    granted = []
    for claim in sorted(claims):
        if taken.find(1, claim.start, claim.end) < 0:
            taken[claim.start : claim.end] = b"\x01" * (claim.end - claim.start)
            granted.append(claim)
    return sorted(granted, key=lambda claim: claim.start)


def _marked(text: str, claims: list[_Claim], badges: list[Badge]) -> Marked:
    """The text with its claimed stretches replaced by badges, and no empty text between them."""
    pieces: list[str | Badge] = []
    end = 0
    for claim in claims:
        pieces += [text[end : claim.start], badges[claim.rank]]
        end = claim.end
    pieces.append(text[end:])
    return tuple(piece for piece in pieces if piece)
