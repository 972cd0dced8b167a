"""The feeds among the pages: they are kept beside the site, and what is published is the site."""

from __future__ import annotations

from pathlib import Path

from digest.config import Config
from digest.outlets.feeds.naming import slug
from digest.outlets.site.pages import Site
from digest.outlets.site.text import possible
from digest.outlets.site.views import Link

_ENDINGS = {".atom", ".json"}


def feed_links(config: Config) -> list[Link]:
    """The feeds for pages to name; none where the pages have no address for others to read them."""
    found = {path.name for path in _feeds(config)}
    topics = ((f"Topic {topic.name}", f"topic-{slug(topic.name)}.atom") for topic in config.topics)
    names = (("Papers", "papers.atom"), ("Digests", "digests.atom"), *topics)
    return [Link(possible(name), f"feeds/{file}") for name, file in names if file in found]


def write_feeds(site: Site, config: Config) -> None:
    """Have a copy of each feed in the site. Raises WriteError."""
    for path in _feeds(config):
        site.file(f"feeds/{path.name}", path.read_bytes())


def _feeds(config: Config) -> list[Path]:
    """The files of the feeds, as they were kept last."""
    # Without an address their links lead out of the folder where they are.
    if not (config.feed.enabled and config.site.url):
        return []
    found = (config.digest.output / "feeds").glob("[!.]*")
    return sorted(path for path in found if path.suffix in _ENDINGS)
