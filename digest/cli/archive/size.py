"""The size of a file, for people."""

from __future__ import annotations


def size(number: int) -> str:
    """`695.0 MiB`, from bytes."""
    return f"{number / 2**20:,.1f} MiB"
