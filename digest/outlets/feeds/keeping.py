"""The files of the feeds, kept up to date in `output/feeds`."""

from __future__ import annotations

from datetime import timedelta

from digest.config import Config
from digest.files import remove_leftovers, remove_others, replace
from digest.model.distribution import install_command
from digest.model.errors import WriteError
from digest.outlets.feeds.composing import DAYS, feeds
from digest.outlets.feeds.jsonfeed import json_feed
from digest.writer.editions import Editions


def keep_feeds(config: Config, editions: Editions) -> None:
    """Bring the feeds up to date; unchanged ones are not written, those of gone topics go.

    They hold the last DAYS days up to the newest digest, so that no clock is asked. Raises
    WriteError, also if what writes Atom is not installed.
    """
    try:
        from digest.outlets.feeds.atom import atom
    except ImportError as error:
        raise WriteError(
            f"cannot write the feeds: {error}",
            hint=f"{install_command('feed')}; or set enabled = false in [feed]",
        ) from error
    records = editions.records()
    first = records[-1].period.day - timedelta(days=DAYS - 1) if records else None
    topics = [topic.name for topic in config.topics]
    folder = config.digest.output / "feeds"
    remove_leftovers(folder)
    kept = set()
    for feed in feeds(list(editions.between(first)), topics, config.site.url.rstrip("/")):
        for ending, data in (("atom", atom(feed)), ("json", json_feed(feed))):
            name = f"{feed.name}.{ending}"
            replace(folder / name, data)
            kept.add(name)
    remove_others(folder, "topic-*.atom", kept)
    remove_others(folder, "topic-*.json", kept)
