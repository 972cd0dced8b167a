"""What the templates show of papers: everything is plain, or HTML that is made here. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from digest.matcher import Matcher
from digest.model import Badge, PaperId
from digest.outlets.site.abstracts import inline, paragraphs, plain
from digest.outlets.site.addresses import ArxivLinks, arxiv_links, author_place
from digest.outlets.site.looks import Looks, Word
from digest.outlets.site.memory import Brief, Day
from digest.outlets.site.months import short_name
from digest.outlets.site.text import possible
from digest.writer.editions import Edition, Shown, page_of
from digest.writer.order import Relevance

#: Authors named in a list, and characters of an abstract.
_NAMED = 4
_TEASER = 260


@dataclass(frozen=True, slots=True)
class Link:
    """A page with a name, and how many papers are there if that is told.

    `look` is the CSS class of a name that is coloured.
    """

    name: str
    page: str
    papers: int = 0
    look: str = ""


@dataclass(frozen=True, slots=True)
class Similar:
    """Another paper."""

    title: Markup
    page: str
    day: str


@dataclass(frozen=True, slots=True)
class PaperView:
    """A paper on its day's page."""

    id: str
    name: str
    title: Markup
    authors: tuple[Link, ...]
    published: str
    categories: tuple[str, ...]
    slugs: str
    links: ArxivLinks
    paragraphs: list[Markup]
    similar: list[Similar]
    relevance: Relevance | None


@dataclass(frozen=True, slots=True)
class Listed:
    """A paper in a list."""

    id: str
    title: Markup
    page: str
    by: str
    teaser: Markup
    keywords: list[Word]


@dataclass(frozen=True, slots=True)
class Choice:
    """What a filter offers: its value, its name, and how many papers have it."""

    value: str
    name: str
    papers: int


def day_of(edition: Edition, matcher: Matcher, key: str) -> Day:
    """What is remembered of an edition."""
    return Day.of(edition.day, key, tuple(_brief(shown, matcher) for shown in edition.shown))


def _brief(shown: Shown, matcher: Matcher) -> Brief:
    # A badge has the text as found; which keyword found it, only an examination tells.
    badges = matcher.examine(shown.paper).badges
    return Brief(
        shown.paper.id,
        str(PaperId.parse(shown.entry.url)),
        shown.entry.title,
        shown.entry.names,
        shown.paper.categories,
        tuple(dict.fromkeys(placed.occurrence.keyword.text for placed in badges)),
        plain(shown.entry.abstract),
    )


def paper_view(shown: Shown, brief: Brief, looks: Looks, similar: list[Similar]) -> PaperView:
    """A paper of an edition."""
    name = PaperId.parse(brief.link)
    return PaperView(
        brief.id,
        str(name),
        inline(brief.title),
        tuple(_author(author, looks) for author in shown.entry.authors),
        shown.entry.published.isoformat(),
        tuple(map(possible, brief.categories)),
        " ".join(word.slug for word in looks.words(brief.keywords)),
        arxiv_links(name),
        paragraphs(shown.entry.abstract, looks.classes),
        similar,
        shown.relevance,
    )


def _author(author: str | Badge, looks: Looks) -> Link:
    """An author, with the place where all papers of the author are; followed ones in colour."""
    if isinstance(author, Badge):
        name, look = author.text, looks.classes.get(author.color, "")
    else:
        name, look = author, ""
    page, slug = author_place(name)
    return Link(possible(name), f"{page}#{slug}", look=look)


def paper_page(day: date, paper: str) -> str:
    """Where a paper stands."""
    return f"{page_of(day)}#{paper}"


def similar(day: date, paper: Brief) -> Similar:
    """A paper as another one's day page, in the same folder, links to it."""
    place = paper_page(day, paper.id).removeprefix("day/")
    return Similar(inline(paper.title), place, short_name(day))


def listed(day: date, paper: Brief, looks: Looks, *, teaser: bool = False) -> Listed:
    """A paper in a list."""
    return Listed(
        paper.id,
        inline(paper.title),
        paper_page(day, paper.id),
        possible(_by(paper.authors)),
        inline(_cut(paper.abstract)) if teaser else Markup(),
        looks.words(paper.keywords),
    )


def choices(found: Iterable[tuple[str, str]]) -> list[Choice]:
    """What there is to choose from pairs of value and name, the most frequent first."""
    number = Counter(found)
    ordered = sorted(number.items(), key=lambda item: (-item[1], item[0][1]))
    return [Choice(value, name, papers) for (value, name), papers in ordered]


def _by(authors: Sequence[str]) -> str:
    more = len(authors) - _NAMED
    if more < 2:
        return ", ".join(authors)
    return f"{', '.join(authors[:_NAMED])} and {more} more"


def _cut(text: str) -> str:
    line = " ".join(text.split())
    if len(line) <= _TEASER:
        return line
    return (
        line[:_TEASER].rpartition(" ")[0].rstrip(",;:") + " …"
        if " " in line[:_TEASER]
        else line[:_TEASER] + "…"
    )
