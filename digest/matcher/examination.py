"""What became of every keyword in one paper: a full account, for showing rather than for speed."""

from __future__ import annotations

from dataclasses import dataclass

from digest.model import Author, Keyword


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A keyword at `abstract[start:end]`, or in the title."""

    keyword: Keyword
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class GroupFinding:
    """Where the keywords of a group occur, in reading order, also where they get no badge.

    `in_title` are those in the title, where titles count, at `title[start:end]`.
    """

    name: str
    color: str
    found: tuple[Occurrence, ...]
    in_title: tuple[Occurrence, ...] = ()


@dataclass(frozen=True, slots=True)
class Signature:
    """A name among a paper's authors, and the followed author that it is."""

    name: str
    author: Author


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a paper satisfies a topic, and why.

    `excluded` holds the topic's excluded words as they stand in the title and the abstract.
    `has_keywords` says whether every group has one, `is_by_author` whether there need be none.
    """

    topic: str
    satisfied: bool
    in_categories: bool
    excluded: tuple[str, ...]
    has_keywords: bool
    is_by_author: bool
    authors: tuple[Signature, ...]
    groups: tuple[GroupFinding, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """An occurrence that becomes a badge, and the topic and group that give it."""

    topic: str
    group: str
    occurrence: Occurrence


@dataclass(frozen=True, slots=True)
class Examination:
    """A verdict for every topic, and the badges in reading order.

    There are badges only if a topic is satisfied.
    """

    verdicts: tuple[Verdict, ...]
    badges: tuple[Placed, ...]
