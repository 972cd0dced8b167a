"""What the templates show of papers: everything is plain, or HTML that is made here. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from digest.matcher import Matcher
from digest.model import Badge, Names, PaperId, Summary
from digest.outlets.facts import is_withdrawn
from digest.outlets.site.abstracts import inline, linked, paragraphs, plain
from digest.outlets.site.addresses import ArxivLinks, arxiv_links, author_place, slug_of
from digest.outlets.site.facts import coins, doi_links, title_of
from digest.outlets.site.looks import Looks, Word
from digest.outlets.site.memory import Brief, Day
from digest.outlets.site.months import short_name
from digest.outlets.site.text import possible
from digest.outlets.site.web_links import WebLink, web_links
from digest.writer.editions import Edition, Shown, page_of
from digest.writer.order import Relevance

#: Authors named at once on a day's page, and all of them in a list.
_AUTHORS, _BRIEF = 12, 3
#: Characters of an abstract in a list.
_TEASER = 260
#: Bytes of a paper's part of a page besides its texts.
_FRAME = 1900


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
class Authors:
    """The authors of a paper: the first ones, those that a list opens to, the last one.

    `brief` is `A. First, B. Second … C. Last (19)`.
    """

    first: tuple[Link, ...]
    others: tuple[Link, ...]
    last: tuple[Link, ...]
    brief: str


@dataclass(frozen=True, slots=True)
class PaperView:
    """A paper on its day's page. `coins` is for reference managers, `web` leads to code and data.

    `topic` is the one under which it stands, `topics` are all that it satisfies.
    """

    id: str
    name: str
    title: Markup
    authors: Authors
    published: str
    categories: tuple[str, ...]
    keywords: list[Word]
    slugs: str
    topic: str
    topics: tuple[str, ...]
    topic_slugs: str
    links: ArxivLinks
    web: tuple[WebLink, ...]
    comment: Markup
    journal: Markup
    dois: tuple[tuple[str, str], ...]
    withdrawn: bool
    coins: str
    paragraphs: list[Markup]
    similar: list[Similar]
    relevance: Relevance | None
    summaries: tuple[Summary, ...]

    @property
    def score(self) -> float | None:
        """How relevant a language model found it, from 0 to 10; None if it was not asked."""
        return max((one.relevance for one in self.summaries), default=None)

    @property
    def size(self) -> int:
        """About how many bytes of a page it takes."""
        texts = (*self.paragraphs, self.coins, *(one.title for one in self.similar))
        return _FRAME + sum(len(text.encode("utf-8", "replace")) for text in texts)


@dataclass(frozen=True, slots=True)
class Listed:
    """A paper in a list."""

    id: str
    title: Markup
    page: str
    by: str
    teaser: Markup
    keywords: list[Word]
    categories: tuple[str, ...]
    topics: str
    day: str


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
        title_of(shown.paper),
        shown.entry.names,
        shown.paper.categories,
        tuple(dict.fromkeys(placed.occurrence.keyword.text for placed in badges)),
        plain(shown.match.abstract),
        shown.match.topics,
        shown.entry.published.isoformat(),
    )


def paper_view(shown: Shown, brief: Brief, looks: Looks, similar: list[Similar]) -> PaperView:
    """A paper of an edition."""
    name = PaperId.parse(brief.link)
    words = looks.words(brief.keywords)
    paper = shown.paper
    return PaperView(
        brief.id,
        str(name),
        inline(brief.title),
        _authors(shown.entry.authors, looks),
        brief.published,
        tuple(map(possible, brief.categories)),
        words,
        " ".join(word.slug for word in words),
        possible(next(iter(brief.topics), "")),
        tuple(map(possible, brief.topics)),
        " ".join(map(slug_of, brief.topics)),
        arxiv_links(name),
        web_links((paper.comment or "", paper.abstract)),
        linked(" ".join((paper.comment or "").split())),
        linked(" ".join((paper.journal_ref or "").split())),
        doi_links(paper.doi),
        is_withdrawn(paper),
        coins(paper),
        paragraphs(shown.match.abstract, looks.classes),
        similar,
        shown.relevance,
        shown.summaries,
    )


def _authors(names: Names, looks: Looks) -> Authors:
    """The authors, with the last one always in sight: it is the senior one in many fields."""
    links = tuple(_author(name, looks) for name in names)
    brief = brief_authors([_short(link.name) for link in links])
    if len(links) <= _AUTHORS + 2:
        return Authors(links, (), (), brief)
    return Authors(links[:_AUTHORS], links[_AUTHORS:-1], links[-1:], brief)


def brief_authors(names: Sequence[str]) -> str:
    """`First, Second … Last (19)` with the number of all; up to three names are all there."""
    if len(names) <= _BRIEF:
        return ", ".join(names)
    return f"{names[0]}, {names[1]} … {names[-1]} ({len(names):,})"


def _short(name: str) -> str:
    """`A. First` for `Ann First`; names of one word and of collaborations stay as they are."""
    given, _, rest = name.partition(" ")
    is_person = rest and given[0].isalpha() and given != "The" and "ollabor" not in rest
    return f"{given[0]}. {rest}" if is_person else name


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
        possible(brief_authors(paper.authors)),
        inline(_cut(paper.abstract)) if teaser else Markup(),
        looks.words(paper.keywords),
        tuple(map(possible, paper.categories)),
        " ".join(map(slug_of, paper.topics)),
        day.isoformat(),
    )


def choices(found: Iterable[tuple[str, str]]) -> list[Choice]:
    """What there is to choose from pairs of value and name, the most frequent first."""
    number = Counter(found)
    ordered = sorted(number.items(), key=lambda item: (-item[1], item[0][1]))
    return [Choice(value, name, papers) for (value, name), papers in ordered]


def _cut(text: str) -> str:
    line = " ".join(text.split())
    if len(line) <= _TEASER:
        return line
    return (
        line[:_TEASER].rpartition(" ")[0].rstrip(",;:") + " …"
        if " " in line[:_TEASER]
        else line[:_TEASER] + "…"
    )
