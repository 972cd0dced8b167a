"""Which feeds there are, and what is in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from digest.model.reports import counted
from digest.outlets.feeds.contents import digest_html, on_one_line, paper_html, title_of
from digest.outlets.feeds.feed import Feed, Item, Tag
from digest.outlets.feeds.naming import lasting_id, slug
from digest.writer.editions import Edition, Shown, page_of

#: Whoever opens a reader once a month misses nothing, and a feed of ten papers a day stays below a
#: megabyte.
DAYS = 30

_CATEGORIES = "http://arxiv.org/schemas/atom"


def feeds(editions: Sequence[Edition], topics: Sequence[str], site: str) -> Iterator[Feed]:
    """The feeds of some digests, whose days ascend: all papers, all digests, each topic's papers.

    `site` is the address of the digests' pages, "" if they have none. Without a digest no
    feed is made, since a feed needs a date.
    """
    if not editions:
        return
    newest_first = editions[::-1]
    papers = _papers(newest_first)

    def feed(name: str, title: str, items: Sequence[Item]) -> Feed:
        day = items[0].day if items else newest_first[0].day
        identity = lasting_id(f"feeds/{name}", site)
        return Feed(name, identity, title, f"{site}/" if site else "", day, tuple(items))

    yield feed("papers", "arXiv papers", papers)
    yield feed("digests", "arXiv digests", [_digest(edition, site) for edition in newest_first])
    for topic in topics:
        of_topic = [paper for paper in papers if Tag(on_one_line(topic)) in paper.tags]
        title = f"arXiv papers: {on_one_line(topic)}"
        yield feed(f"topic-{slug(topic)}", title, of_topic)


def _papers(newest_first: Sequence[Edition]) -> list[Item]:
    """Every paper once, as the newest digest with it has it."""
    items: dict[str, Item] = {}
    for edition in newest_first:
        for shown in edition.shown:
            items.setdefault(shown.paper.id, _paper(edition, shown))
    return list(items.values())


def _paper(edition: Edition, shown: Shown) -> Item:
    names = (on_one_line(author) for author in shown.entry.names)
    topics = (Tag(on_one_line(topic)) for topic in shown.match.topics)
    categories = (Tag(on_one_line(name), _CATEGORIES) for name in shown.paper.categories)
    return Item(
        _link(shown),
        title_of(shown),
        _link(shown),
        edition.day,
        paper_html(shown),
        tuple(filter(None, names)),
        (*topics, *categories),
    )


def _digest(edition: Edition, site: str) -> Item:
    papers = counted(len(edition.shown), "paper")
    incomplete = ", incomplete" if edition.state == "partial" else ""
    page = f"{site}/{page_of(edition.day)}" if site else f"../{edition.period.file}"
    return Item(
        lasting_id(f"digests/{edition.day}", site),
        f"{edition.day}: {papers}{incomplete}",
        page,
        edition.day,
        digest_html(edition.shown, list(map(_link, edition.shown))),
    )


def _link(shown: Shown) -> str:
    """A paper for ever, whatever its newest version."""
    return f"https://arxiv.org/abs/{shown.paper.id}"
