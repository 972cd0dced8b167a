"""How many days the keyword commands look back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeVar

import click

_Command = TypeVar("_Command", bound=Callable[..., object])

NO_DIGEST = "The archive has no digests yet: `digest run` writes the first."

#: Ten years. A date so much longer ago that there is none could not be counted back to.
_MOST = 3660


def days_option(default: int) -> Callable[[_Command], _Command]:
    """`--days N`."""
    return click.option(
        "--days",
        type=click.IntRange(1, _MOST),
        metavar="N",
        default=default,
        show_default=True,
        help="Look at the last N days up to the newest digest.",
    )


def span(first: date | None, last: date | None) -> str:
    """`2025-11-03 to 2025-11-28`."""
    return f"{first}" if first == last else f"{first} to {last}"
