"""Which version of a paper a digest day shows, and which ones have to be fetched to know it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date


def shown(versions: Mapping[int, date], by: date) -> int:
    """The newest version announced by a day, given each known version's announcement day.

    Where none was (the first one is not known yet), the oldest known. `versions` is not empty.
    """
    public = [number for number, day in versions.items() if day <= by]
    return max(public, default=min(versions))


def unknown(versions: Mapping[int, date], by: date) -> Iterable[int]:
    """The versions that may be the one to show and are not known.

    They lie between the newest known one announced by the day and the oldest known one after it.
    """
    public = [number for number, day in versions.items() if day <= by]
    later = [number for number, day in versions.items() if day > by]
    return range(max(public, default=0) + 1, min(later)) if later else ()
