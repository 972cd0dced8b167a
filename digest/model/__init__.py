"""The words of the design as plain immutable values. Imports nothing of ours.

Every `datetime` is timezone-aware UTC with whole seconds, as arXiv gives them;
every `date` is a UTC date.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

_NEW_STYLE = re.compile(r"\d{2}(?:0[1-9]|1[0-2])\.\d{4,5}", re.ASCII)
_OLD_STYLE = re.compile(r"[a-z][a-z-]*(?:\.[A-Z]{2})?/\d{7}", re.ASCII)
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

        Raises ValueError, naming the text, if it is not an arXiv id.
        """
        bare = re.sub(r"^(?:arXiv:|https?://(?:[a-z]+\.)?arxiv\.org/abs/)", "", text.strip())
        version = _VERSION.search(bare)
        base = bare[: version.start()] if version else bare
        if not (_OLD_STYLE.fullmatch(base) or _is_new_style(base)):
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


@dataclass(frozen=True, slots=True)
class Paper:
    """One version of an arXiv work, as arXiv gives it; text is arXiv's own, stripped at both ends.

    `id` is the base id, `url` arXiv's entry id as it came, `published` the submission of the
    first version, `updated` that of this version. `categories` starts with the primary one.
    """

    id: str
    version: int
    url: str
    title: str
    abstract: str
    authors: tuple[str, ...]
    categories: tuple[str, ...]
    published: datetime
    updated: datetime
    comment: str | None = None
    doi: str | None = None
    journal_ref: str | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """A half-open interval of submission times, `start <= t < end`."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is not UTC or self.end.tzinfo is not UTC:
            raise ValueError("a window's ends are UTC")
        if self.start >= self.end:
            raise ValueError(f"an empty window: {self.start} to {self.end}")

    def __contains__(self, moment: datetime) -> bool:
        return self.start <= moment < self.end

    def split(self) -> tuple[Window, Window]:
        """Two windows that hold exactly what this one holds, cut at a full minute.

        arXiv takes bounds of minutes only. Raises ValueError for a window within one minute.
        """
        middle = (self.start + (self.end - self.start) / 2).replace(second=0, microsecond=0)
        if middle <= self.start:
            middle += timedelta(minutes=1)
        if middle >= self.end:
            raise ValueError(f"a window of a minute cannot be split: {self.start}")
        return Window(self.start, middle), Window(middle, self.end)


class Point(NamedTuple):
    """A place of arXiv's id sequence at which a paper is known to stand.

    `published` is in seconds since 1970; `seen` is the last public announcement day at the
    time at which a run first saw the paper.
    """

    sequence: int
    published: int
    seen: date


class Span(NamedTuple):
    """A stretch of the id sequence: the numbers above `after`, up to and with `last`."""

    after: int
    last: int


class WordPart(NamedTuple):
    """A run of small ASCII letters and digits within a word.

    It `begins` a word if nothing of the kind stands before it, and `ends` one if nothing follows.
    """

    text: str
    begins: bool
    ends: bool


class Period(NamedTuple):
    """The announcement days of one digest: those behind `after`, up to and with `day`."""

    day: date
    after: date

    def holds(self, day: date) -> bool:
        """Whether an announcement day is one of them."""
        return self.after < day <= self.day

    @property
    def file(self) -> str:
        """The name of the digest's file."""
        return digest_file(self.day)


def digest_file(day: date) -> str:
    """The name of the file of the digest of a day: `2025-11-28.md`."""
    return f"{day.isoformat()}.md"


class Reading(NamedTuple):
    """How a day's submission window was read: what arXiv said it holds, and what came."""

    total: int
    received: int
    read_at: datetime

    @property
    def whole(self) -> bool:
        """Everything arXiv had came. An empty answer proves nothing: it may be an outage's."""
        return 0 < self.total <= self.received


class Edge(NamedTuple):
    """How the edge of a day's window was read: how many papers came, and when."""

    papers: int
    read_at: datetime


class Asked(NamedTuple):
    """An id that arXiv did not return: first and last time it was asked for.

    `settled` means that there is no need to ask again: the paper is absent or out of scope.
    """

    first: datetime
    last: datetime
    settled: bool


@dataclass(frozen=True, slots=True)
class Keyword:
    """A text to look for in abstracts. What is None is as the style has it.

    `whole_word` says whether it must stand alone or may be part of a longer word, `case` whether
    capital and small letters differ.
    """

    text: str
    whole_word: bool | None = None
    case: bool | None = None


def plain_keywords(*texts: str) -> tuple[Keyword, ...]:
    """Keywords that are wholly as the style has them."""
    return tuple(map(Keyword, texts))


@dataclass(frozen=True, slots=True)
class Group:
    """Keywords of one kind; `color` is six hexadecimal digits. Order is priority."""

    name: str
    color: str
    keywords: tuple[Keyword, ...]


@dataclass(frozen=True, slots=True)
class Author:
    """Somebody whose papers are followed; `color` is six hexadecimal digits.

    With `exact` the name is that very form, otherwise what `digest.model.names` makes of it.
    """

    name: str
    color: str
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Topic:
    """What a reader follows: a paper needs one keyword of every group and no excluded word.

    `categories` holds exact names (`cs.CL`) or a star (`cs.*`); empty means any. With
    `authors_suffice` a paper of one of the authors needs no keyword, and a topic without groups
    has only such papers.
    """

    name: str
    groups: tuple[Group, ...]
    categories: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    authors: tuple[Author, ...] = ()
    authors_suffice: bool = False

    @property
    def sufficing(self) -> tuple[Author, ...]:
        """The authors of whom any paper fits that is admitted."""
        return self.authors if self.authors_suffice else ()


@dataclass(frozen=True, slots=True)
class Style:
    """In what digests of the same layout differ: how keywords are read, and papers written.

    With `words` a keyword is whole words in any case with their inflections, and does not count in
    links, e-mail addresses and math; without, it is these very letters anywhere. `picture` is the
    text of a badge's picture, None for the word that it shows. With `colons` titles keep theirs.
    With `versions` a paper's link is arXiv's own, to the version shown; without, it leads to the
    work by https. With `targets` each paper has a place of its own for the contents to lead to;
    without, they lead to its heading.
    """

    name: str
    words: bool
    picture: str | None
    colons: bool
    versions: bool
    targets: bool

    def __str__(self) -> str:
        return self.name


SOURCE = Style("source", words=False, picture="key", colons=False, versions=True, targets=False)
CLEAN = Style("clean", words=True, picture=None, colons=True, versions=False, targets=True)

#: All styles by their names in the configuration.
STYLES = {style.name: style for style in (SOURCE, CLEAN)}


@dataclass(frozen=True, slots=True)
class Badge:
    """A coloured picture that stands for a matched text, or for the name of a followed author."""

    text: str
    color: str


#: An abstract with badges in it: plain text and badges in reading order, no empty text.
Marked = tuple[str | Badge, ...]

#: Authors in order, each a name on one line or, if followed, its badge.
Names = tuple[str | Badge, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One paper as a digest shows it, before any Markdown: texts are unescaped."""

    title: str
    authors: Names
    published: date
    url: str
    abstract: Marked

    @property
    def names(self) -> tuple[str, ...]:
        """The authors' names, followed or not."""
        return tuple(one.text if isinstance(one, Badge) else one for one in self.authors)


@dataclass(frozen=True, slots=True)
class Digest:
    """The papers of one digest day in the order in which they are shown.

    Without papers, a digest is the same file in every style.
    """

    day: date
    entries: tuple[Entry, ...]
    style: Style = SOURCE


class Source(StrEnum):
    """Which of arXiv's interfaces is asked, or was."""

    QUERY = "query"
    """The query API: arXiv's totals, every version of a paper, the words that digests show."""
    OAI = "oai"
    """OAI-PMH: lists of the days on which records were touched, each with its newest version."""


class Outcome(StrEnum):
    """How a run ended, or that it has not."""

    RUNNING = "running"
    DONE = "done"
    INCOMPLETE = "incomplete"
    """Some days are not complete yet, or arXiv could not be reached: the next run continues."""
    FAILED = "failed"
    """An error that the next run will meet again."""
    STOPPED = "stopped"
    """By Ctrl-C or SIGTERM."""
    BROKEN_OFF = "broken off"
    """Its process was killed, or the machine went down."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run: what it was, what it cost, how it ended.

    `number` grows with every run of the workspace. `ended` is None while it lasts and if it was
    broken off; so are the counts 0 then. `papers` came from arXiv or from imported files,
    `digests` were written. `problem` says what failed. `configuration` is equal for equal
    configurations; it and `version` are empty where they were not recorded.
    """

    number: int
    command: str
    started: datetime
    ended: datetime | None
    requests: int
    papers: int
    digests: int
    outcome: Outcome
    problem: str
    version: str
    configuration: str
