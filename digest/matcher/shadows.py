"""Keywords that can never become a badge, because earlier ones always take their text."""

from __future__ import annotations

from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from digest.matcher.letters import goes_on, has_separators
from digest.matcher.reading import Reading, keywords_of, normal, read
from digest.model import Keyword, Style, Topic


def never_matching(topic: Topic, style: Style) -> dict[Keyword, Keyword]:
    """The keywords of a topic that never become a badge, each with the one that takes its text.

    That is so if in every place where the keyword can be found, an earlier one is found within:
    that one, or what came before it, has taken the text. Where several share the work, it is the
    one that takes the keyword as it is spelled in the configuration. Raises ValueError for a
    style that is unknown.
    """
    keywords = keywords_of([topic])
    readings = [read(keyword, style) for keyword in keywords]
    spellings = [
        _Spelling(rank, reading, spelling)
        for rank, reading in enumerate(readings)
        for spelling in reading.spellings
    ]
    automaton = AhoCorasick([_loosest(spelling.text) for spelling in spellings])

    def taker(found: _Spelling) -> int | None:
        """The first keyword that takes a spelling wherever it is found, if there is one."""
        hits = automaton.find_matches_as_indexes(_loosest(found.text), overlapping=True)
        ranks = (
            spellings[number].rank
            for number, start, _ in hits
            if spellings[number].rank < found.rank and _takes(spellings[number], found, start)
        )
        return min(ranks, default=None)

    never = {}
    for rank, reading in enumerate(readings):
        first, *others = [_Spelling(rank, reading, spelling) for spelling in reading.spellings]
        by = taker(first)
        if by is not None and all(taker(other) is not None for other in others):
            never[keywords[rank]] = keywords[by]
    return never


class _Spelling(NamedTuple):
    """A spelling of the keyword of a rank."""

    rank: int
    reading: Reading
    text: str


def _loosest(text: str) -> str:
    """The text as the least demanding of all readings sees it."""
    return normal(text, folded=True, joined=True)


def _takes(earlier: _Spelling, later: _Spelling, start: int) -> bool:
    """Whether the earlier spelling is at `start` in whatever text the later one is found."""
    one, other = earlier.reading, later.reading
    end = start + len(earlier.text)
    return (
        _seen(earlier.text, one) == _seen(later.text[start:end], one)
        # What the later one is found by in any case must not be asked for in one case.
        and (one.folded or not other.folded or _is_caseless(earlier.text))
        and (one.joined or not other.joined or not has_separators(earlier.text))
        and (not one.alone or _stands_alone(later, start, end))
    )


def _seen(text: str, reading: Reading) -> str:
    return normal(text, folded=reading.folded, joined=reading.joined)


def _is_caseless(text: str) -> bool:
    """Whether no other text folds to this one; of what is not ASCII that is not asked."""
    return text.isascii() and not any(map(str.isalpha, text))


def _stands_alone(later: _Spelling, start: int, end: int) -> bool:
    """Whether nothing ever touches that part of a spelling: neither within it nor around it."""
    text, is_open = later.text, not later.reading.alone
    before = goes_on(text[start - 1], text[start]) if start else is_open
    after = goes_on(text[end], text[end - 1]) if end < len(text) else is_open
    return not before and not after
