"""Reports on keywords: how they are used, what is wrong with them, why a paper is where it is.

`first` and `last` are days of digests, None if there is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path


@dataclass(frozen=True, slots=True)
class KeywordUse:
    """What a keyword does in the papers of digests that satisfy its topic.

    It has `badges` in `papers`; `only` papers are in a digest because of this keyword alone;
    `cuts` badges have a letter next to them. `behind` is the earlier keyword that always takes
    its text, None if there is none.
    """

    text: str
    papers: int
    badges: int
    only: int
    cuts: int
    behind: str | None


@dataclass(frozen=True, slots=True)
class GroupUse:
    """The keywords of a group, in order."""

    name: str
    color: str
    keywords: tuple[KeywordUse, ...]


@dataclass(frozen=True, slots=True)
class AuthorUse:
    """What a followed author does in the papers of digests that satisfy the topic.

    `papers` have a badge for the name; `only` are in a digest because of this author alone.
    """

    name: str
    exact: bool
    color: str
    papers: int
    only: int


@dataclass(frozen=True, slots=True)
class TopicUse:
    """The groups of a topic and the authors that it follows, in order."""

    name: str
    groups: tuple[GroupUse, ...]
    authors: tuple[AuthorUse, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """All keywords, with what they do in so many digests with so many papers."""

    first: date | None
    last: date | None
    digests: int
    papers: int
    topics: tuple[TopicUse, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to fix, and where.

    `kind` is "never" (an earlier keyword always takes its text), "unused" (no badge in all these
    days), "cuts" (most of its badges cut a word), "color" (looks like another group's) or
    "repeated" (another group of the topic has it). `keyword` is None for a colour; `group` is the
    name of an author if the colour is an author's.
    """

    kind: str
    file: Path
    line: int
    topic: str
    group: str
    keyword: str | None
    what: str


@dataclass(frozen=True, slots=True)
class Soundness:
    """What there is to fix, in the order of the files.

    The digests looked at hold so many announcement days. `enough` says whether these are enough
    to call a keyword unused.
    """

    first: date | None
    last: date | None
    announcements: int
    enough: bool
    findings: tuple[Finding, ...]

    @property
    def exit_code(self) -> int:
        """0 if there is nothing to fix, else 1."""
        return int(bool(self.findings))


@dataclass(frozen=True, slots=True)
class Quote:
    """Where a keyword matches, with some words of the abstract around it.

    `rule` says why a text matches that is not the keyword letter by letter.
    """

    keyword: str
    before: str
    text: str
    after: str
    rule: str = ""


@dataclass(frozen=True, slots=True)
class GroupVerdict:
    """Where the keywords of a group match, in reading order."""

    name: str
    color: str
    found: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class AuthorVerdict:
    """A name among a paper's authors, and the name that is followed."""

    name: str
    followed: str
    color: str


@dataclass(frozen=True, slots=True)
class TopicVerdict:
    """Whether a paper satisfies a topic, and why.

    `categories` are those that the topic keeps to, empty for any; `excluded` holds the excluded
    words found. `by_author` says whether the paper needs no keyword, because of its authors;
    `authors` are those that the topic follows, None if it follows nobody.
    """

    topic: str
    satisfied: bool
    categories: tuple[str, ...]
    in_categories: bool
    excluded: tuple[str, ...]
    by_author: bool
    authors: tuple[AuthorVerdict, ...] | None
    groups: tuple[GroupVerdict, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a paper is, or is not, in which digest.

    `known` says whether the archive has it; what is not known of it is None or empty. `digest` is
    the day of the digest that it belongs to, `shown` whether it is in it, `version` the one that
    is shown there. `why` says it in words, and `advice` what can be done, if anything.
    """

    id: str
    known: bool
    why: str
    advice: str = ""
    title: str = ""
    categories: tuple[str, ...] = ()
    announced: date | None = None
    digest: date | None = None
    shown: bool = False
    version: int | None = None
    verdicts: tuple[TopicVerdict, ...] = ()

    @property
    def exit_code(self) -> int:
        """0 if the archive has the paper, else 1."""
        return int(not self.known)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A term, the papers of digests that have it, the other papers that do, and its G2."""

    term: str
    papers: int
    others: int
    score: float


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Terms by score, and how many papers of digests and how many others were compared."""

    first: date | None
    last: date | None
    papers: int
    others: int
    terms: tuple[Suggestion, ...]
