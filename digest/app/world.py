"""What lies outside the program: the only real clock, pause, chance and network."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx


@dataclass(frozen=True, slots=True)
class World:
    """What lies outside the program. Tests put a made-up one in its place.

    `transport` is httpx's own if None; `random` gives numbers from 0 to 1; `cache` holds what all
    processes of the user share: whose turn it is to ask arXiv. `environ` names proxies and
    certificates, `elapsed` counts seconds whatever the date does, and `at_terminal` says that
    somebody sits there and waits.
    """

    now: Callable[[], datetime]
    sleep: Callable[[float], None]
    random: Callable[[], float]
    cache: Path
    transport: httpx.BaseTransport | None = None
    environ: Mapping[str, str] = field(default_factory=dict)
    elapsed: Callable[[], float] = time.monotonic
    at_terminal: bool = False


def real_world(environ: Mapping[str, str] | None = None, *, at_terminal: bool = False) -> World:
    """The real clock, pause, random numbers and network."""
    from platformdirs import user_cache_path

    return World(
        now=lambda: datetime.now(UTC),
        sleep=time.sleep,
        random=random.random,
        # Not the distribution's name: every version ever installed shares the pause in this folder.
        cache=user_cache_path("arxiv-digest"),
        environ=environ or {},
        at_terminal=at_terminal,
    )
