"""Many processes at once: on one workspace, and on two that share arXiv's patience."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from campaign.result import Row
from campaign.scenes import LONG_BACKFILL, RUN, Plan, Theatre, files

#: As `[arxiv] delay_seconds` rules it; a test that need not be real takes less.
REAL_GAP = 3.0


def one_workspace(theatre: Theatre, size: int, tries: int) -> Iterator[Row]:
    """So many processes at once: one works, the others say so and end, or wait for their turn."""
    for plan, wait, codes in ((LONG_BACKFILL, 0, {0, 4}), (RUN, 0, {0, 4}), (RUN, 60, {0})):
        yield _crowded(theatre, plan, size, tries, wait, codes)


def shared_gap(theatre: Theatre, gap: float) -> Row:
    """Two workspaces of one user at the same time: the gap between requests is kept by both."""
    row = Row(f"two workspaces share the gap of {gap:g} s")
    scene = theatre.scene(LONG_BACKFILL)
    folders = [theatre.copy(scene.start, name) for name in ("one", "other")]
    theatre.simulator.log.clear()
    ended = theatre.together(
        folders,
        *scene.plan.arguments,
        XDG_CACHE_HOME=str(theatre.folder / "shared-cache"),
        DIGEST_ARXIV__DELAY_SECONDS=str(gap),
    )
    for folder, end in zip(folders, ended, strict=True):
        if end.code:
            row.ended_badly("two workspaces", f"exit {end.code}: {end.told[-600:]}")
        row.compare(files(folder), scene.after, "two workspaces")
    moments = [exchange.moment for exchange in theatre.simulator.log]
    row.tried = len(moments)
    for before, after in pairwise(moments):
        if (after - before).total_seconds() < gap:
            row.ended_badly("two workspaces", f"{after - before} between two requests")
    return row


def _crowded(
    theatre: Theatre, plan: Plan, size: int, tries: int, wait: int, codes: set[int]
) -> Row:
    scene = theatre.scene(plan)
    waiting = ("--wait", str(wait)) if wait else ()
    row = Row(f"{size} at once: `{' '.join((*plan.arguments[:1], *waiting))}`")
    for number in range(tries):
        workspace = theatre.copy(scene.start, "crowd")
        ended = theatre.together(
            [workspace] * size, *plan.arguments, *waiting, XDG_CACHE_HOME=str(workspace / "cache")
        )
        how = f"{plan.name}, try {number}"
        row.tried += size
        for end in ended:
            if end.code not in codes or "Traceback" in end.told:
                row.ended_badly(how, f"exit {end.code}: {end.told[-600:]}")
        if all(end.code for end in ended):
            row.ended_badly(how, "nobody did the work")
        row.compare(files(workspace), scene.after, how)
    return row
