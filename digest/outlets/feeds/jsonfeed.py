"""JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import json

from digest.outlets.feeds.feed import Feed, Item


def json_feed(feed: Feed) -> bytes:
    """A feed as JSON; the same feed gives the same bytes."""
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        **({"home_page_url": feed.home} if feed.home else {}),
        "items": list(map(_item, feed.items)),
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _item(item: Item) -> dict[str, object]:
    found = {
        "id": item.id,
        # A reader of JSON has no address to which a relative one could be joined.
        "url": item.url if "://" in item.url else "",
        "title": item.title,
        "content_html": item.html,
        "date_published": f"{item.day}T00:00:00Z",
        "authors": [{"name": name} for name in item.authors],
        "tags": [tag.name for tag in item.tags if tag.name],
    }
    return {name: value for name, value in found.items() if value}
