"""A feed and its items, before any format. Texts are plain but for `html`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Tag:
    """What an item belongs to: a category of arXiv, or a topic where `scheme` is ""."""

    name: str
    scheme: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A paper or a digest.

    `id` lasts: it never changes and is never another item's. `url` may be relative to the feed's
    own address. `day` is the digest's, which is when the item came.
    """

    id: str
    title: str
    url: str
    day: date
    html: str
    authors: tuple[str, ...] = ()
    tags: tuple[Tag, ...] = ()


@dataclass(frozen=True, slots=True)
class Feed:
    """Items, the newest first. `name` is that of its files, `home` a page about it or ""."""

    name: str
    id: str
    title: str
    home: str
    day: date
    items: tuple[Item, ...]
