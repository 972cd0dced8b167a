"""Atom (RFC 4287), written by feedgen."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator

from digest.outlets.feeds.feed import Feed, Item

_PROGRAM = "arxiv-daily-digest"


def atom(feed: Feed) -> bytes:
    """A feed as an Atom document; the same feed gives the same bytes."""
    document = FeedGenerator()
    document.id(feed.id)
    document.title(feed.title)
    document.updated(_moment(feed.day))
    document.author(name=_PROGRAM)
    document.generator(_PROGRAM)
    if feed.home:
        document.link(href=feed.home, rel="alternate", type="text/html")
    for item in feed.items:
        document.add_entry(_entry(item), order="append")
    return bytes(document.atom_str(pretty=True))


def _entry(item: Item) -> FeedEntry:
    entry = FeedEntry()
    entry.id(item.id)
    entry.title(item.title)
    entry.published(_moment(item.day))
    entry.updated(_moment(item.day))
    kind = "text/markdown" if item.url.endswith(".md") else "text/html"
    entry.link(href=item.url, rel="alternate", type=kind)
    entry.content(item.html, type="html")
    for name in item.authors:
        entry.author(name=name)
    for tag in filter(lambda tag: tag.name, item.tags):
        entry.category({"term": tag.name, **({"scheme": tag.scheme} if tag.scheme else {})})
    return entry


def _moment(day: date) -> datetime:
    """When what arXiv announces for a day is public, by and large: it is the day's beginning."""
    return datetime.combine(day, time(), UTC)
