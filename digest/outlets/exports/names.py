"""Names of authors in parts, for formats that sort by family names.

arXiv gives names as they are shown, `Jan van der Berg Jr.`, and not their parts. What may not be
the name of one person stays whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from digest.model.tex import readable
from digest.outlets.exports.texts import line

_SUFFIXES = frozenset({"Jr", "Jr.", "Sr", "Sr.", "II", "III", "IV"})
#: What is not a person: it has such a word, or `AI` at its end.
_BODIES = """
alliance association bank center centre collaboration collective committee community company
consortium corporation council department foundation group inc initiative institute lab
laboratory labs limited llc ltd network organisation organization project society survey team
university workshop
"""
_WHOLE = re.compile(
    rf"[,;:(){{}}]|\b(?i:and|{'|'.join(_BODIES.split())})\b|(?<=\s)AI\Z",
)
#: Behind a name, an affiliation or a note: `John Smith (MIT)`.
_BRACKETED = re.compile(r"(?<=\S)\s*\([^()]*\)\s*\Z")


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
    """The parts of an author's name; joined they are the name as one line.

    What stands in brackets behind a name is not a part of it.
    """
    shown = line(readable(line(author)))
    bare = _BRACKETED.sub("", shown)
    shown = bare if any(map(str.isalpha, bare)) else shown
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
    """The names of authors. What has no letter, such as a colon among them, is not one."""
    return [name_of(author) for author in authors if any(map(str.isalpha, author))]
