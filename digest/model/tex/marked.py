"""Badges on what a text shows: they were found in the source, and stand on its pieces."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from digest.model import Badge, Marked
from digest.model.tex.pieces import Kind, Piece
from digest.model.tex.reading import pieces


@dataclass(frozen=True, slots=True)
class Part:
    """Pieces in a row that have one badge or, a single one, none."""

    pieces: tuple[Piece, ...]
    badge: Badge | None = None


def parts(marked: Marked) -> list[Part]:
    """What an abstract with badges shows. A formula has no badge, nor a part of one."""
    source = "".join(piece.text if isinstance(piece, Badge) else piece for piece in marked)
    found: list[Part] = []
    last: _Place | None = None
    for piece, place in _placed(pieces(source), _places(marked)):
        if place is not None and place is last:
            found[-1] = Part((*found[-1].pieces, piece), place.badge)
        else:
            found.append(Part((piece,), place.badge if place else None))
        last = place
    return found


def shortened(whole: Sequence[Part], length: int) -> tuple[list[Part], bool]:
    """The first parts up to so many characters, and whether that is not all of them.

    The last text is cut behind a word; a formula, a link and a badge are kept whole or left out.
    """
    kept: list[Part] = []
    left = length
    for part in whole:
        size = sum(len(piece.text) for piece in part.pieces)
        if size > left:
            cut = _cut_behind_word(part, left)
            return kept + ([cut] if cut else []), True
        kept.append(part)
        left -= size
    return kept, False


def _cut_behind_word(part: Part, length: int) -> Part | None:
    (piece, *others) = part.pieces
    if part.badge or others or piece.kind is not Kind.TEXT or piece.look.address:
        return None
    text = piece.text[:length].rpartition(" ")[0].rstrip(" ,;:(")
    return Part((replace(piece, text=text),)) if text else None


@dataclass(frozen=True, slots=True, eq=False)
class _Place:
    """Where a badge is in the source."""

    start: int
    end: int
    badge: Badge


def _places(marked: Marked) -> list[_Place]:
    places = []
    at = 0
    for piece in marked:
        length = len(piece.text if isinstance(piece, Badge) else piece)
        if isinstance(piece, Badge) and length:
            places.append(_Place(at, at + length, piece))
        at += length
    return places


def _placed(
    found: Sequence[Piece], places: Sequence[_Place]
) -> Iterator[tuple[Piece, _Place | None]]:
    """The pieces, cut where badges begin and end, each with the place that it lies in."""
    number = 0
    for piece in found:
        while number < len(places) and places[number].end <= piece.start:
            number += 1
        if piece.kind is not Kind.TEXT or number == len(places):
            yield piece, None
        elif len(piece.text) != piece.end - piece.start:
            # What has not a character for each of the source is one with its badge, or has none.
            place = places[number]
            yield piece, place if place.start < piece.end else None
        else:
            yield from _cut(piece, places, number)


def _cut(
    piece: Piece, places: Sequence[_Place], number: int
) -> Iterator[tuple[Piece, _Place | None]]:
    at = piece.start
    while at < piece.end:
        place = places[number] if number < len(places) else None
        if place is None or place.start >= piece.end:
            yield _between(piece, at, piece.end), None
            return
        if at < place.start:
            yield _between(piece, at, place.start), None
        start, at = max(at, place.start), min(piece.end, place.end)
        yield _between(piece, start, at), place
        number += 1


def _between(piece: Piece, start: int, end: int) -> Piece:
    text = piece.text[start - piece.start : end - piece.start]
    return replace(piece, start=start, end=end, text=text)
