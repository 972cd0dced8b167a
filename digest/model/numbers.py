"""How many of something there are, in words."""

from __future__ import annotations


def counted(number: int, noun: str, plural: str = "") -> str:
    """`1 paper`, `1,493 papers`; a `plural` that takes more than an s is named."""
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"
