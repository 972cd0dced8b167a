"""A glance at a text: most papers have no keyword of the smallest group, and need no closer look.

The closer look finds every keyword in every place. Whether one of a few texts is there at all is
told several times as fast: the automaton then skips through the text with the vector instructions
of the processor.
"""

from __future__ import annotations

from collections.abc import Sequence

from ahocorasick_rs import AhoCorasick, MatchKind

from digest.matcher.reading import Reading, read
from digest.model import Style, Topic

#: More texts than so many are looked for no faster than all keywords.
_FEW = 60


class Glance:
    """Tells which texts cannot satisfy any of some topics; the others it does not judge."""

    def __init__(self, topics: Sequence[Topic], style: Style) -> None:
        needed = [_needed(topic, style) for topic in topics]
        texts = sorted({text for some in needed for text in some})
        # A topic of which nothing can be told this way may be satisfied by any text.
        self._automaton = (
            AhoCorasick(texts, matchkind=MatchKind.LeftmostFirst)
            if all(needed) and len(texts) <= _FEW
            else None
        )

    def is_worth_a_look(self, text: str) -> bool:
        """False if the text has no keyword of a group that each topic has."""
        return self._automaton is None or bool(self._automaton.find_matches_as_indexes(text))


def _needed(topic: Topic, style: Style) -> tuple[str, ...]:
    """The smallest group whose keywords are all looked for as they are; empty without one."""
    readings = [[read(keyword, style) for keyword in group.keywords] for group in topic.groups]
    plain = [
        tuple(reading.spellings[0] for reading in group)
        for group in readings
        if all(map(_is_plain, group))
    ]
    return min(plain, key=len, default=())


def _is_plain(reading: Reading) -> bool:
    return not reading.folded and not reading.joined and len(reading.spellings) == 1
