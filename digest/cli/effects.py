"""The effect of other keywords on the digests, as a person reads it: the newest days last."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from digest.cli.terminal import clean
from digest.model import Badge, Marked
from digest.model.reports import counted

if TYPE_CHECKING:
    from digest.model.changes import DayEffect, Effect, PaperMove, Rebadged

#: What is shown without --all: so much fits on a screen or two, above the question.
_MOVES = 20
_REBADGED = 10

_NO_DIGEST = "The archive has no digest of these days, so no effect can be shown."


@dataclass(frozen=True, slots=True)
class _Line:
    """A line, and by how many columns it and its continuations are indented."""

    indent: int
    text: Text


def show_effect(effect: Effect, *, everything: bool) -> None:
    """Print an effect: wrapped and coloured on a terminal, one line each elsewhere."""
    console = Console(file=sys.stdout, highlight=False, markup=False, emoji=False)
    plain = console.no_color or console.color_system is None
    for line in _lines(effect, everything=everything, plain=plain):
        if not console.is_terminal:
            console.file.write(" " * line.indent + line.text.plain + "\n")
            continue
        for part in line.text.wrap(console, max(console.width - line.indent, 20)):
            part.rstrip()
            console.print(Text(" " * line.indent) + part)


def _lines(effect: Effect, *, everything: bool, plain: bool) -> Iterator[_Line]:
    changed = [day for day in effect.days if _is_changed(day)]
    shown = changed if everything else _cut(changed)
    earlier = changed[: len(changed) - len(shown)]
    if earlier:
        papers = counted(sum(map(_papers_of, earlier)), "paper")
        digests = counted(len(earlier), "earlier digest")
        yield _line(0, f"{papers} in {digests} not shown here; --all shows everything.")
    for whole, day in zip(changed[len(earlier) :], shown, strict=True):
        yield from _day(whole, day, plain=plain)
    yield from _totals(effect)


def _day(whole: DayEffect, shown: DayEffect, *, plain: bool) -> Iterator[_Line]:
    """A digest with the papers of it that are shown, and how many are not.

    2025-11-28: 12 papers, then 13
      + 2511.21669 A paper that comes
        The sentence with its [words] in it.
      2511.21671 A paper that stays
        + a word that gets a badge
    """
    yield _line(0, f"{whole.day}{_counts(whole)}", "bold")
    for sign, moves, color in (("+", shown.came, "green"), ("-", shown.went, "red")):
        for move in moves:
            yield from _move(sign, move, color, plain=plain)
    for one in shown.badges:
        yield from _rebadged(one)
    hidden = [
        f"{len(all_) - len(some):,} more {what}"
        for all_, some, what in (
            (whole.came, shown.came, "that come"),
            (whole.went, shown.went, "that go"),
            (whole.badges, shown.badges, "with other badges"),
        )
        if len(all_) > len(some)
    ]
    if hidden:
        yield _line(2, f"… and {', '.join(hidden)}")
    if whole.has_more:
        yield _line(2, "also: badges of another colour or place, or texts of another form")


def _move(sign: str, move: PaperMove, color: str, *, plain: bool) -> Iterator[_Line]:
    yield _line(2, f"{sign} {move.id} {move.title}", color)
    if move.sentence:
        yield _Line(4, _sentence(move.sentence, plain=plain))


def _sentence(sentence: Marked, *, plain: bool) -> Text:
    """On one line; matched words in the colour of their group, in brackets where there is none."""
    text = Text()
    for piece in sentence:
        if isinstance(piece, Badge):
            word = _flat(piece.text)
            text.append(f"[{word}]" if plain else word, None if plain else f"bold #{piece.color}")
        else:
            text.append(_flat(piece))
    return text


def _rebadged(one: Rebadged) -> Iterator[_Line]:
    yield _line(2, f"{one.id} {one.title}")
    if one.gained:
        yield _line(4, f"+ {', '.join(one.gained)}", "green")
    if one.lost:
        yield _line(4, f"- {', '.join(one.lost)}", "red")


def _counts(day: DayEffect) -> str:
    if day.after is None:
        return ""
    after = " (unchanged)" if day.after == day.before else f", then {day.after:,}"
    return f": {_papers(day.before)}{after}"


def _totals(effect: Effect) -> Iterator[_Line]:
    """The totals, and the average number of papers in a digest."""
    if not effect.days:
        yield _line(0, _NO_DIGEST)
        return
    number, first, last = len(effect.days), effect.days[0].day, effect.days[-1].day
    of = f"{first}" if number == 1 else f"{number:,} digests, {first} to {last}"
    if not any(map(_is_changed, effect.days)):
        yield _line(0, f"{of}: nothing changes.")
        return
    counts = [
        f"{_papers(some)} {verb}"
        for some, verb in (
            (effect.came, "comes" if effect.came == 1 else "come"),
            (effect.went, "goes" if effect.went == 1 else "go"),
            (effect.rebadged, "with other badges"),
        )
        if some
    ]
    yield _line(0, f"{of}: {', '.join(counts) or 'only colours, places or forms change'}.", "bold")
    before, after = (
        _load([day.before for day in effect.days]),
        _load([d.after for d in effect.days]),
    )
    if before is not None and after is not None:
        yield _line(0, f"Average per digest: {_average(before, after)}.")


def _average(before: float, after: float) -> str:
    if f"{before:.1f}" == f"{after:.1f}":
        return f"{before:.1f} papers (unchanged)"
    return f"{before:.1f} → {after:.1f} papers"


def _load(counts: Sequence[int | None]) -> float | None:
    known = [count for count in counts if count is not None]
    return sum(known) / len(counts) if len(known) == len(counts) else None


def _cut(days: Sequence[DayEffect]) -> list[DayEffect]:
    """The newest days with as many of their papers as are shown."""
    moves, badges = _MOVES, _REBADGED
    shown: list[DayEffect] = []
    for day in reversed(days):
        went = min(len(day.went), max(moves // 2, moves - len(day.came)))
        came = min(len(day.came), moves - went)
        some = replace(day, came=day.came[:came], went=day.went[:went], badges=day.badges[:badges])
        moves -= came + went
        badges -= len(some.badges)
        if _papers_of(day) and not _papers_of(some):
            break
        shown.append(some)
    return shown[::-1]


def _papers_of(day: DayEffect) -> int:
    return len(day.came) + len(day.went) + len(day.badges)


def _is_changed(day: DayEffect) -> bool:
    return bool(_papers_of(day)) or day.has_more


def _line(indent: int, text: str, style: str = "") -> _Line:
    return _Line(indent, Text(_flat(text), style))


def _flat(text: str) -> str:
    """On one line: a line break and the blanks after it are one blank; no control characters."""
    return clean(text.replace("\n  ", " ").replace("\n", " ").replace("\t", " "))


def _papers(number: int | None) -> str:
    return "? papers" if number is None else counted(number, "paper")
