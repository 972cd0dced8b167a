"""When to try again what a run left open: after growing pauses, until the next regular run. Pure.

06:30 run ── 15 min ── run ── 30 min ── run ── 1 h ── run ── 2 h ── run ── 4 h ── run ── 4 h …
"""

from __future__ import annotations

from datetime import datetime, timedelta

#: arXiv's index and its papers by id lag behind an announcement by an hour or two.
FIRST_PAUSE = timedelta(minutes=15)
LONGEST_PAUSE = timedelta(hours=4)


class Retries:
    """The pauses since the last regular run, each twice as long as the one before."""

    def __init__(self) -> None:
        self._pause = FIRST_PAUSE

    def reset(self) -> None:
        """A regular run begins: the next pause is the first one."""
        self._pause = FIRST_PAUSE

    def after(self, ended: datetime, regular: datetime | None) -> datetime | None:
        """When to try again after a run that ended then and left something open.

        None if the next regular run comes first, or at the same time.
        """
        moment = ended + self._pause
        self._pause = min(2 * self._pause, LONGEST_PAUSE)
        return moment if regular is None or moment < regular else None
