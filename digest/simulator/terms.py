"""The terms of a query and what they find: words, categories and submission times.

Words are compared by their stems, as arXiv's index does it: `decoding` finds `decode`, `low-bit`
is a phrase, and no word is found inside another one. What stands in quotation marks is compared
word by word as well; without them a stop word such as `will` finds nothing.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from math import inf
from typing import Protocol

from digest.simulator.analyzers import GAP, english, folded, tokens
from digest.simulator.documents import Document

#: The one field without an English form.
_AUTHORS = "au"

_RANGE = re.compile(r"\[(\d+) TO (\d+)\]")


class BrokenQuery(Exception):
    """A query that arXiv takes for one and fails on: it answers 500."""


class Leaf(Protocol):
    """A term of a query."""

    def matches(self, document: Document) -> bool:
        """Whether the term finds the document."""

    def typed(self) -> str:
        """The term with its prefix, as the feed shows it."""

    def span(self) -> tuple[float, float]:
        """The submission times outside of which it finds nothing."""


class _Timeless:
    """A term that any submission time can fulfil."""

    def span(self) -> tuple[float, float]:
        return -inf, inf


@dataclass(frozen=True)
class Text(_Timeless):
    """Words in a field, next to each other; `*` and `?` stand for letters outside of quotes."""

    field: str
    text: str
    quoted: bool

    def matches(self, document: Document) -> bool:
        """Whether the term finds the document."""
        if self._wildcard is not None:
            return self._wildcard.search(document.words(self.field)) is not None
        if (
            self._stems
            and self.field != _AUTHORS
            and self._stems.search(document.stems(self.field))
        ):
            return True
        is_literal = self.quoted or self.field == _AUTHORS
        return is_literal and bool(self._words) and self._words in document.words(self.field)

    def typed(self) -> str:
        """The term with its prefix."""
        return f'{self.field}:"{self.text}"' if self.quoted else f"{self.field}:{self.text}"

    @cached_property
    def _words(self) -> str:
        words = tokens(self.text)
        return f" {' '.join(words)} " if words else ""

    @cached_property
    def _stems(self) -> re.Pattern[str] | None:
        """What the English field is asked for: any word may be where a stop word stands."""
        stems = list(map(english, tokens(self.text)))
        while stems and stems[-1] == GAP:
            stems.pop()
        while stems and stems[0] == GAP:
            stems.pop(0)
        words = (r"[^ |]+" if stem == GAP else re.escape(stem) for stem in stems)
        return re.compile(f" {' '.join(words)} ") if stems else None

    @cached_property
    def _wildcard(self) -> re.Pattern[str] | None:
        if self.quoted or not re.search(r"[*?]", self.text):
            return None
        return re.compile(rf"(?<= ){_pattern(folded(self.text), letter='[^ ]')}(?= )")


@dataclass(frozen=True)
class Category(_Timeless):
    """A category, the primary one or another, exact or with wildcards."""

    name: str

    def matches(self, document: Document) -> bool:
        """Whether the term finds the document."""
        return any(map(self._wildcard.fullmatch, document.categories))

    def typed(self) -> str:
        """The term with its prefix."""
        return f"cat:{self.name}"

    @cached_property
    def _wildcard(self) -> re.Pattern[str]:
        return re.compile(_pattern(self.name, letter="."))


@dataclass(frozen=True, slots=True)
class Name(_Timeless):
    """The id of a work or its DOI, exactly. The index has no old-style ids in its `id` field."""

    field: str
    name: str

    def matches(self, document: Document) -> bool:
        """Whether the term finds the document."""
        if self.field == "doi":
            return self.name == document.paper.doi
        return self.name == document.paper.id and "/" not in self.name

    def typed(self) -> str:
        """The term with its prefix."""
        return f"{self.field}:{self.name}"


@dataclass(frozen=True, slots=True)
class Dates:
    """First submissions from one minute to another, both included, with the seconds :00."""

    first: int
    last: int
    bounds: str

    @classmethod
    def parse(cls, bounds: str) -> Dates:
        """Read `[202511260000 TO 20251127]`. Raises BrokenQuery for anything else."""
        found = _RANGE.fullmatch(bounds)
        if found is None:
            raise BrokenQuery(bounds)
        first, last = _minute(found[1], end=False), _minute(found[2], end=True)
        return cls(int(first.timestamp()), int(last.timestamp()), bounds)

    def matches(self, document: Document) -> bool:
        """Whether the term finds the document."""
        return self.first <= document.submitted <= self.last

    def typed(self) -> str:
        """The term with its prefix."""
        return f"submittedDate:{self.bounds}"

    def span(self) -> tuple[float, float]:
        """From the first to the last moment, in seconds since 1970."""
        return self.first, self.last


def _minute(digits: str, *, end: bool) -> datetime:
    """A bound, filled up to its first or its last minute. Raises BrokenQuery if there is none."""
    if len(digits) not in (4, 6, 8, 12, 14):
        raise BrokenQuery(digits)
    try:
        filling = "00000101000000"
        if end:
            month = digits[:6] if len(digits) > 4 else f"{digits}12"
            filling = f"{month}{monthrange(int(month[:4]), int(month[4:]))[1]}2359"
        filled = digits[:12] + filling[len(digits[:12]) :]
        return datetime.strptime(filled[:12], "%Y%m%d%H%M").replace(tzinfo=UTC)
    except ValueError as cause:
        raise BrokenQuery(digits) from cause


def _pattern(text: str, *, letter: str) -> str:
    """A regular expression for a text in which `*` and `?` stand for letters."""
    return re.escape(text).replace(r"\*", f"{letter}*").replace(r"\?", letter)
