"""arXiv's identifiers, and their places in its sequence."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NEW_STYLE = re.compile(r"\d{2}(?:0[1-9]|1[0-2])\.\d{4,5}", re.ASCII)
_OLD_STYLE = re.compile(r"([a-z][a-z-]*)(?:\.[A-Z]{2})?/(\d{7})", re.ASCII)
_VERSION = re.compile(r"v([1-9]\d{0,3})$", re.ASCII)

#: Ids have had five digits since January 2015 (arXiv's identifier scheme).
_FIVE_DIGITS_SINCE = 1501
_NUMBERS_A_MONTH = 100_000


@dataclass(frozen=True, slots=True)
class PaperId:
    """An arXiv identifier: `2511.21669`, `2511.21669v1`, `hep-th/9901001v2`.

    `base` is the id without version; `version` is None where none was given.
    """

    base: str
    version: int | None = None

    @classmethod
    def parse(cls, text: str) -> PaperId:
        """Read an id as arXiv writes it, also as `arXiv:…` or as the link to an abstract.

        The class of an old-style id goes: arXiv finds `math/0309136`, not `math.GT/0309136`.
        Raises ValueError, naming the text, if it is not an arXiv id.
        """
        bare = re.sub(r"^(?:arXiv:|https?://(?:[a-z]+\.)?arxiv\.org/abs/)", "", text.strip())
        version = _VERSION.search(bare)
        base = bare[: version.start()] if version else bare
        if old := _OLD_STYLE.fullmatch(base):
            base = f"{old[1]}/{old[2]}"
        elif not _is_new_style(base):
            raise ValueError(f"{text!r} is not an arXiv id")
        return cls(base, int(version[1]) if version else None)

    @property
    def sequence(self) -> int | None:
        """The place in arXiv's sequence: 251121669 for 2511.21669; None for old-style ids.

        Grows with every announced paper, also over month borders; `sequence % 100_000`
        is the number within the month.
        """
        return sequence_of(self.base)

    def __str__(self) -> str:
        return self.base if self.version is None else f"{self.base}v{self.version}"


def sequence_of(base: str) -> int | None:
    """`PaperId.sequence` for a base id that is known to be one."""
    month, dot, number = base.partition(".")
    if not dot or "/" in base:
        return None
    return int(month) * _NUMBERS_A_MONTH + int(number)


def _is_new_style(base: str) -> bool:
    """Also whether it has the digits of its time: 2511.2166 would take 2511.02166's place."""
    place = sequence_of(base) if _NEW_STYLE.fullmatch(base) else None
    return place is not None and base_of(place) == base


def base_of(sequence: int) -> str:
    """The base id that stands at a place of the sequence: the inverse of `sequence_of`."""
    month, number = divmod(sequence, _NUMBERS_A_MONTH)
    digits = 5 if month >= _FIVE_DIGITS_SINCE else 4
    return f"{month:04d}.{number:0{digits}d}"


def month_start(sequence: int) -> int:
    """The place before the first id of the month that a place belongs to."""
    return sequence - sequence % _NUMBERS_A_MONTH
