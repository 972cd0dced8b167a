"""How digests change, as lines with their colours: green for what comes, red for what goes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from digest.model.reports import counted

if TYPE_CHECKING:
    from digest.model.changes import DigestChange, RebuildTotals


class Line(NamedTuple):
    """A line and its colour, if it has one."""

    text: str
    color: str | None = None


def change_lines(change: DigestChange) -> Iterator[Line]:
    """A change in full.

    2025-11-28: would be rewritten, 2 papers
      + 2511.21669v1 A paper that comes
      - 2511.21670v1 A paper that goes
      2511.21671v1 A paper that stays
        + a word that gets a badge
    """
    yield Line(f"{change.day}: would be {change.action}, {counted(change.papers, 'paper')}")
    for paper in change.came:
        yield Line(f"  + {paper.id} {paper.title}", "green")
    for paper in change.went:
        yield Line(f"  - {paper.id} {paper.title}", "red")
    for one in change.badges:
        yield Line(f"  {one.id} {one.title}")
        if one.gained:
            yield Line(f"    + {', '.join(one.gained)}", "green")
        if one.lost:
            yield Line(f"    - {', '.join(one.lost)}", "red")
    if change.reordered:
        yield Line("  in another order")
    if change.bytes:
        size = f"{change.bytes.before:,} bytes, then {change.bytes.after:,}"
        yield Line(f"  otherwise: {size}, from line {change.bytes.line:,} on")
    if change.note:
        yield Line(f"  {change.note}")


def summary(change: DigestChange) -> Iterator[Line]:
    """A change that was made, without the papers.

    `2025-11-28 rewritten: 2 papers (1 came, 1 went, 1 with other badges)`.
    """
    counts = [
        f"{len(some):,} {what}"
        for some, what in (
            (change.came if change.action == "rewritten" else (), "came"),
            (change.went, "went"),
            (change.badges, "with other badges"),
        )
        if some
    ]
    counts += ["in another order"] * change.reordered
    details = f" ({', '.join(counts)})" if counts else ""
    yield Line(f"{change.day} {change.action}: {counted(change.papers, 'paper')}{details}")
    if change.note:
        yield Line(f"  {change.note}")


def totals_line(totals: RebuildTotals, *, diff: bool) -> str:
    """`1 of 20 digests changed: 1 paper came, 1 went, 1 has other badges.`."""
    if not totals.digests:
        return "No digest was written for these days."
    of = f"{totals.changed:,} of {counted(totals.digests, 'digest')}"
    verb = "would change" if diff else "changed"
    if not totals.changed:
        return f"{of} {verb}."
    came, went, other = (f"{n:,}" for n in (totals.came, totals.went, totals.rebadged))
    order = f" Digests in another order: {totals.reordered:,}." if totals.reordered else ""
    return f"{of} {verb}. Papers: {came} new, {went} gone, {other} with other badges.{order}"
