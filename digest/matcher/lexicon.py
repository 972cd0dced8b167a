"""Every place of every keyword in a text, in one pass for each way to read the text.

All keywords that are mere letters are found by one automaton in the text as it is. Others need the
text folded, or with its spaces and hyphens as one; and of what is found there some is left out:
what is part of a longer word, and where keywords are words what is in a link, an address or math.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from ahocorasick_rs import AhoCorasick, Implementation

from digest.matcher.letters import stands_alone, without_double
from digest.matcher.protected import protected
from digest.matcher.reading import Reading, normal, read
from digest.model import Keyword, Style

#: The number of a keyword, and where it stands in the text: from, to.
Hit = tuple[int, int, int]

#: A table of all transitions is read twice as fast, and takes about 2 kB a spelling.
_TABLED = 10_000


class Lexicon:
    """Finds keywords, which it calls by their numbers; built once, used for any number of texts."""

    def __init__(self, keywords: Sequence[Keyword], style: Style) -> None:
        readings = [(read(keyword, style), number) for number, keyword in enumerate(keywords)]
        self._scans = [
            _Scan(kind, list(alike))
            for kind, alike in groupby(sorted(readings, key=_kind_first), key=_kind)
        ]
        #: Whether `outside` leaves anything out.
        self.protects = style.words

    def hits(self, text: str) -> list[Hit]:
        """All places of all keywords, in protected places, too; in no promised order."""
        if len(self._scans) == 1:
            return self._scans[0].hits(text)
        return [hit for scan in self._scans for hit in scan.hits(text)]

    def outside(self, text: str, hits: list[Hit]) -> list[Hit]:
        """Those hits that no protected place has a part of."""
        if not self.protects:
            return hits
        places = bytearray(len(text))
        for start, end in protected(text):
            places[start:end] = b"\x01" * (end - start)
        return [hit for hit in hits if places.find(1, hit[1], hit[2]) < 0]


_Numbered = tuple[Reading, int]


def _kind(numbered: _Numbered) -> tuple[bool, bool]:
    return numbered[0].folded, numbered[0].joined


def _kind_first(numbered: _Numbered) -> tuple[tuple[bool, bool], int]:
    return _kind(numbered), numbered[1]


class _Scan:
    """The keywords that look at the text in the same way."""

    def __init__(self, kind: tuple[bool, bool], readings: Iterable[_Numbered]) -> None:
        self._folded, self._joined = kind
        anywhere: dict[str, list[int]] = {}
        alone: dict[str, list[int]] = {}
        for reading, number in readings:
            for spelling in dict.fromkeys(map(self._normal, reading.spellings)):
                (alone if reading.alone else anywhere).setdefault(spelling, []).append(number)
        spellings = list(dict.fromkeys((*anywhere, *alone)))
        self._automaton = AhoCorasick(
            spellings,
            implementation=Implementation.DFA if len(spellings) <= _TABLED else None,
        )
        self._anywhere = [anywhere.get(spelling, []) for spelling in spellings]
        self._alone = [alone.get(spelling, []) for spelling in spellings]
        #: Then a spelling's number is its keyword's, and the automaton's answer is the answer.
        self._direct = not alone and self._anywhere == [[n] for n in range(len(spellings))]

    def hits(self, text: str) -> list[Hit]:
        if self._joined and "--" in text:
            shorter, places = without_double(text)
            return [
                (n, places[start], places[end - 1] + 1) for n, start, end in self._hits(shorter)
            ]
        return self._hits(text)

    def _hits(self, text: str) -> list[Hit]:
        found = self._automaton.find_matches_as_indexes(self._normal(text), overlapping=True)
        return found if self._direct else list(self._owned(text, found))

    def _owned(self, text: str, found: Iterable[Hit]) -> Iterator[Hit]:
        """The hits of keywords, from those of spellings."""
        for spelling, start, end in found:
            for number in self._anywhere[spelling]:
                yield number, start, end
            alone = self._alone[spelling]
            if alone and stands_alone(text, start, end):
                for number in alone:
                    yield number, start, end

    def _normal(self, text: str) -> str:
        return normal(text, folded=self._folded, joined=self._joined)
