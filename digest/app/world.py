"""What lies outside the program: the only real clock, pause, chance and network."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx


@dataclass(frozen=True, slots=True)
class World:
    """What lies outside the program. Tests put a made-up one in its place.

    `transport` is httpx's own if None; `random` gives numbers from 0 to 1; `cache` holds what all
    processes of the user share: whose turn it is to ask arXiv.
    """

    now: Callable[[], datetime]
    sleep: Callable[[float], None]
    random: Callable[[], float]
    cache: Path
    transport: httpx.BaseTransport | None = None


def real_world() -> World:
    """The real clock, pause, random numbers and network."""
    from platformdirs import user_cache_path

    return World(
        now=lambda: datetime.now(UTC),
        sleep=time.sleep,
        random=random.random,
        # Not the distribution's name: every version ever installed shares the pause in this folder.
        cache=user_cache_path("arxiv-digest"),
    )
