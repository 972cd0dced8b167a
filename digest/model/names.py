"""Whether two ways to write a name can be the same person's.

| what                       | rule                                                              |
|----------------------------|-------------------------------------------------------------------|
| case, accents              | do not count: `Ødegård` is `ODEGARD`; ß is ss, æ is ae, ł is l    |
| transliteration            | counts: `Schroedinger` is not `Schrödinger`                       |
| order                      | `Family, Given` is `Given Family`. Without a comma names stand as |
|                            | they are written: `Li Wei` is not `Wei Li`                        |
| hyphens, spaces            | are alike and may be missing: `Jean-Luc` is `Jean Luc`,           |
|                            | `Xiao-Ming` is `Xiaoming`, `Mac Kay` is `MacKay`                  |
| apostrophes                | do not count: `O'Brien` is `OBrien`                               |
| family name                | all of it is needed, and a particle such as `van der` belongs to  |
|                            | it: `Berg` is not `van der Berg`. Without a comma it is the last  |
|                            | word with the particles before it, but for the first word         |
| initials, abbreviations    | fit what begins so, on either side: `K.` is `Kari`, `Yu.` is      |
|                            | `Yuri`. Whole names are the same ones only: `Kari` is not `Karin` |
| more given names           | do not count, on either side: `K. B.` is `Kari`                   |
| no given name wanted       | any one fits: `Ødegård`, and `van der Berg,` with a comma         |
| no given name there        | fits only if none is wanted                                       |
| Jr., Sr., II, III          | do not count                                                      |

So two people may have the same name, and an exact form keeps them apart.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple
from unicodedata import combining, normalize

#: Letters in which Unicode sees no accent, and apostrophes.
_LETTERS = str.maketrans(
    dict(zip("øđðħıłŧØĐÐĦŁŦ", "oddhiltoddhlt", strict=True))
    | {"æ": "ae", "œ": "oe", "þ": "th", "ß": "ss", "Æ": "ae", "Œ": "oe", "Þ": "th"}
    | dict.fromkeys("'`‘’ʼʻ′", "")
)
#: The accents of most languages, as Unicode takes them off.
_ACCENTS = re.compile("[\u0300-\u036f]+")
_NO_LETTERS = dict.fromkeys(code for code in range(128) if not chr(code).isalnum())

#: A word, with the full stop of an initial or an abbreviation.
_WORD = re.compile(r"[^\W_]+\.?")

_PARTICLES = frozenset(
    (
        *("af", "av", "da", "das", "de", "del", "della", "den", "der", "di", "do", "dos", "du"),
        *("la", "ten", "ter", "van", "von", "zu", "zum", "zur"),
    )
)
_SUFFIXES = frozenset(("jr", "sr", "ii", "iii"))

#: A name has so many words besides a suffix: `Kenji Ii` has none.
_FEWEST = 2


class Wanted(NamedTuple):
    """A name that is looked for: the words of the given names; the family name, squeezed."""

    given: tuple[str, ...]
    family: str

    def fits(self, given: Sequence[str]) -> bool:
        """Whether these given names, found before the same family name, may be the wanted ones."""
        if given and given[-1] in _PARTICLES and given[-1] not in self.given:
            return False  # the family name found is a longer one
        if not (self.given and given):
            return not self.given
        same = _together(self.given) == _together(given)
        return same or all(map(_are_alike, self.given, given))


def fold(text: str) -> str:
    """A text without case, accents and apostrophes."""
    if not text.isascii():
        text = _ACCENTS.sub("", normalize("NFKD", text))
    text = text.translate(_LETTERS)
    if text.isascii():
        return text.lower()
    return "".join(letter for letter in text if not combining(letter)).casefold()


def squeezed(text: str) -> str:
    """The letters and digits of a text alone, folded: that of a name has its family name in it."""
    folded = fold(text)
    if folded.isascii():
        return folded.translate(_NO_LETTERS)
    return "".join(filter(str.isalnum, folded))


def words(name: str) -> list[str]:
    """The words of a name, folded, the given names first, without suffix."""
    given, family = _parts(name)
    return [*given, *family]


def wanted(name: str) -> Wanted:
    """What a name looks for; its family name is empty if the name has no letter."""
    given, family = _parts(name)
    return Wanted(tuple(given), _together(family))


def family_name(name: str) -> str:
    """The family name that a name looks for, as it is written."""
    _, family = _spaced_parts(name)
    parts = [_together(part) for part in family]
    found = [part for part in name.replace(",", " ").split() if squeezed(part) in parts]
    # A given name may be the same word: Yang Yang.
    return " ".join(found[: len(parts)] if "," in name else found[-len(parts) :])


def _parts(name: str) -> tuple[list[str], list[str]]:
    """The words of the given names, and those of the family name."""
    given, family = _spaced_parts(name)
    return list(chain(*given)), list(chain(*family))


def _spaced_parts(name: str) -> tuple[list[list[str]], list[list[str]]]:
    """The same, with the words that no space is between together."""
    before, comma, behind = fold(name).partition(",")
    first, second = _spaced(before), _spaced(behind)
    is_divided = bool(second) or bool(comma)
    for part, least in ((first, 2), (second, 1)):
        is_long = sum(map(len, (*first, *second))) > _FEWEST and len(part) >= least
        if is_long and _is_one(part[-1], _SUFFIXES):
            part.pop()
            is_divided = is_divided and bool(second)
    if not is_divided:
        at = len(first) - 1
        while at > 1 and _is_one(first[at - 1], _PARTICLES):
            at -= 1
        first, second = first[max(at, 0) :], first[: max(at, 0)]
    return second, first


def _spaced(text: str) -> list[list[str]]:
    """What stands between spaces, each as its words: `k.-b. jensen` are two, one of two words."""
    return [found for part in text.split() if (found := _WORD.findall(part))]


def _is_one(part: list[str], among: frozenset[str]) -> bool:
    return len(part) == 1 and part[0].rstrip(".") in among


def _together(parts: Sequence[str]) -> str:
    return "".join(parts).replace(".", "")


def _are_alike(one: str, other: str) -> bool:
    a, b = one.rstrip("."), other.rstrip(".")
    return a == b or (b.startswith(a) and _is_short(one)) or (a.startswith(b) and _is_short(other))


def _is_short(word: str) -> bool:
    """Whether it is an initial or an abbreviation."""
    return len(word) == 1 or word.endswith(".")
