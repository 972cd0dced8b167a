"""What is kept beside the digests, as configured: brought up to date after them."""

from __future__ import annotations

from digest.config import Config
from digest.writer.editions import Editions


def refresh(config: Config, editions: Editions) -> None:
    """Bring it up to date with the digests that are there. Raises WriteError and SiteError.

    It is made from the archive and can be made again at any time: what fails here is no harm to a
    digest.
    """
    if config.feed.enabled:
        from digest.outlets.feeds.keeping import keep_feeds

        keep_feeds(config, editions)
    if config.site.enabled:
        from digest.outlets.site import build

        build(config, editions)
