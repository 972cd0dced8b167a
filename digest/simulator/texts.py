"""Invented titles, abstracts, authors and categories: a pure function of seed and number.

Nothing is stored. A text is composed when it is asked for and is always the same for the same
seed, number and version; categories are cheap and need no text.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from random import Random
from typing import Final

from digest.simulator import phrases
from digest.simulator.fields import FIELDS, Field

_WEIGHTS: Final = tuple(accumulate(field.weight for field in FIELDS))

#: Number of authors: most papers have a few, one in 300 is of a collaboration.
_AUTHORS: Final = (1, 1, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 5, 5, 5, 6, 6, 7, 8, 9, 10, 12)
_COLLABORATION: Final = 60


@dataclass(frozen=True, slots=True)
class Text:
    """What an author writes on the submission form."""

    title: str
    abstract: str
    authors: tuple[str, ...]
    comment: str | None
    doi: str | None
    journal_ref: str | None


def categories_of(seed: int, number: int) -> tuple[str, ...]:
    """The categories of a paper, the primary one first; stays the same over its versions."""
    return _subject(seed, number)[1]


def text_of(seed: int, number: int, version: int = 1) -> Text:
    """The text of one version; later versions add sentences to the abstract of the first."""
    rng = Random(_key(seed, number) + 1)
    field = _subject(seed, number)[0]
    slots = _Slots(field, rng)
    title = rng.choice(phrases.TITLES).format_map(slots)
    authors = _authors(rng)
    comment = rng.choice(phrases.COMMENTS).format_map(slots) if rng.random() < 0.7 else None
    doi = f"10.{rng.randrange(1000, 9999)}/invented.{number}" if rng.random() < 0.1 else None
    journal_ref = f"J. Invented Res. {rng.randrange(1, 90)} (2026) 1" if doi else None
    abstract = _abstract(rng, slots)
    for _ in range(version - 1):
        abstract += " " + rng.choice(phrases.REVISIONS).format_map(slots)
    return Text(title[0].upper() + title[1:], abstract, authors, comment, doi, journal_ref)


class _Slots(dict[str, str]):
    """The gaps of one paper's sentences; what the paper is about stays the same throughout."""

    def __init__(self, field: Field, rng: Random) -> None:
        name = rng.choice(phrases.NAME_PARTS) + rng.choice(phrases.NAME_ENDS)
        thing, problem = rng.choice(field.things), rng.choice(field.problems)
        method, setting = rng.choice(field.methods), rng.choice(field.settings)
        super().__init__(
            name=name,
            Name=name,
            slug=name.lower(),
            thing=thing,
            Thing=_capital(thing),
            problem=problem,
            Problem=_capital(problem),
            method=method,
            Method=_capital(method),
            setting=setting,
        )
        self._rng = rng

    def __missing__(self, gap: str) -> str:
        if gap == "adjective":
            return self._rng.choice(phrases.ADJECTIVES)
        smallest, largest = {"count": (2, 40), "small": (2, 9), "percent": (11, 97)}[gap]
        return str(self._rng.randrange(smallest, largest))


def _abstract(rng: Random, slots: _Slots) -> str:
    sentences = [
        rng.choice(phrases.OPENINGS),
        rng.choice(phrases.GAPS),
        *rng.sample(phrases.CONTRIBUTIONS, 2),
        *rng.sample(phrases.DETAILS, rng.randrange(2, 6)),
        *rng.sample(phrases.RESULTS, rng.randrange(1, 3)),
        rng.choice(phrases.CLOSINGS),
    ]
    if rng.random() < 0.04:
        sentences.insert(-1, rng.choice(phrases.ASIDES))
    filled = [sentence.format_map(slots) for sentence in sentences]
    if rng.random() < 0.07:  # arXiv shows a new paragraph as a line break and two spaces
        middle = len(filled) // 2
        return " ".join(filled[:middle]) + "\n  " + " ".join(filled[middle:])
    return " ".join(filled)


def _authors(rng: Random) -> tuple[str, ...]:
    number = _COLLABORATION if rng.random() < 1 / 300 else rng.choice(_AUTHORS)
    return tuple(
        f"{rng.choice(phrases.GIVEN_NAMES)} {rng.choice(phrases.FAMILY_NAMES)}"
        for _ in range(number)
    )


def _subject(seed: int, number: int) -> tuple[Field, tuple[str, ...]]:
    rng = Random(_key(seed, number))
    field = rng.choices(FIELDS, cum_weights=_WEIGHTS)[0]
    primary = rng.choice(field.primary)
    crossed = rng.sample(field.crossed, rng.choice((0, 0, 1, 1, 2, 3)))
    return field, (primary, *(name for name in crossed if name != primary))


def _key(seed: int, number: int) -> int:
    return (seed * 10_000_000_000 + number) * 2


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
