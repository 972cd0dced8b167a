"""Names of authors in parts, for formats that sort by family names.

arXiv gives names as they are shown, `Jan van der Berg Jr.`, and not their parts. What may not be
the name of one person stays whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from digest.outlets.exports.texts import line

_SUFFIXES = frozenset({"Jr", "Jr.", "Sr", "Sr.", "II", "III", "IV"})
_WHOLE = re.compile(
    r"[,;:(){}]|\band\b|\b(?:collaboration|consortium|group|team|project|survey|network)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Name:
    """A name: `family` with its particles (`van der Berg`); a whole one has nothing else."""

    family: str
    given: str = ""
    suffix: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether this is not known to be a person's name in parts."""
        return not self.given

    def __str__(self) -> str:
        return " ".join(filter(None, (self.given, self.family, self.suffix)))


def name_of(author: str) -> Name:
    """The parts of an author's name; joined they are the name as one line."""
    shown = line(author)
    words = shown.split()
    suffix = words[-1] if len(words) > 2 and words[-1] in _SUFFIXES else ""
    parts = words[:-1] if suffix else words
    if _WHOLE.search(shown) or len(parts) < 2:
        return Name(shown)
    start = len(parts) - 1
    while start > 0 and parts[start - 1][0].islower():
        start -= 1
    if start == 0 or any(part[0].islower() for part in parts[:start]):
        return Name(shown)
    return Name(" ".join(parts[start:]), " ".join(parts[:start]), suffix)


def names(authors: tuple[str, ...]) -> list[Name]:
    """The names of authors, without empty ones."""
    return [name for name in map(name_of, authors) if name.family]
