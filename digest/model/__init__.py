"""The words of the design as plain immutable values. Imports nothing of ours.

Every `datetime` is timezone-aware UTC with whole seconds, as arXiv gives them;
every `date` is a UTC date.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from digest.model.ids import PaperId as PaperId
from digest.model.ids import base_of as base_of
from digest.model.ids import month_start as month_start
from digest.model.ids import sequence_of as sequence_of


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
    """A digest's day, which names it, and the set of announcement days whose papers it holds.

    `chosen` means that a person chose these days (`run --since`): they stay as they are.
    """

    day: date
    days: frozenset[date]
    chosen: bool = False

    @classmethod
    def of(cls, day: date) -> Period:
        """The digest of one announcement day."""
        return cls(day, frozenset({day}))

    @classmethod
    def since(cls, day: date, after: date) -> Period:
        """The digest of a day with every day behind `after`; it holds none if that is `day`."""
        return cls(day, frozenset(after + timedelta(n) for n in range(1, (day - after).days + 1)))

    def holds(self, day: date) -> bool:
        """Whether an announcement day is one of them."""
        return day in self.days

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


class Listed(NamedTuple):
    """What a list of a day's ids came to that is not of arXiv's index, and when it was read.

    `last` is the highest id; None if the list was not whole.
    """

    last: int | None
    asked_at: datetime


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
    #: What a language model is told of the reader's interest; no digest depends on it.
    description: str = field(default="", repr=False, compare=False)

    @property
    def sufficing(self) -> tuple[Author, ...]:
        """The authors of whom any paper fits that is admitted."""
        return self.authors if self.authors_suffice else ()


@dataclass(frozen=True, slots=True)
class Style:
    """In what digests of the same layout differ: how keywords are read, and papers written.

    With `words` a keyword is whole words in any case with their inflections, and does not count in
    links, e-mail addresses and math; without, it is these very letters anywhere. `picture` is the
    text of a badge's picture, None for the word that it shows. With `raw` what Markdown may take
    for markup stays as arXiv has it where it does no harm; without, it is escaped and so shows.
    With `colons` titles keep theirs. With `versions` a paper's link is arXiv's own, to the version
    shown; without, it leads to the work by https. With `targets` each paper has a place of its own
    for the contents to lead to; without, they lead to its heading.
    """

    name: str
    words: bool
    picture: str | None
    raw: bool
    colons: bool
    versions: bool
    targets: bool

    def __str__(self) -> str:
        return self.name


SOURCE = Style(
    "source", words=False, picture="key", raw=True, colons=False, versions=True, targets=False
)
CLEAN = Style(
    "clean", words=True, picture=None, raw=False, colons=True, versions=False, targets=True
)

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
class Summary:
    """What a language model wrote of a paper for one topic: plain text on one line.

    `relevance` is from 0 to 10; `model` names what wrote it.
    """

    topic: str
    tldr: str
    why: str
    relevance: float
    model: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One paper as a digest shows it, before any Markdown: texts are unescaped."""

    title: str
    authors: Names
    published: date
    url: str
    abstract: Marked
    #: Templates of one's own may show them. They are not read back from files.
    summaries: tuple[Summary, ...] = field(default=(), compare=False)

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
