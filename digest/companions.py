"""What is kept beside the digests, as configured: brought up to date after them."""

from __future__ import annotations

from datetime import datetime

from digest.config import Config
from digest.editions import Editions


def refresh(config: Config, editions: Editions, now: datetime) -> None:  # noqa: ARG001
    """Bring every companion of the digests up to date. Raises DigestError.

    The digests are stored by then, whatever goes wrong here.
    """
    if config.site.enabled:
        from digest.site import build

        build(config, editions)
