"""What a text shows, from its source."""

from __future__ import annotations

import re
from collections.abc import Iterator

from digest.model.tex.formulas import inside, plain_formula
from digest.model.tex.pieces import Kind, Piece
from digest.model.tex.reader import SPECIAL, Reader

_MAY_LEAD = re.compile(r"[$.:]")


def pieces(source: str) -> list[Piece]:
    """What a text shows, in reading order. Takes a time that grows with its length."""
    if not (SPECIAL.search(source) or _MAY_LEAD.search(source)):
        return [Piece(0, len(source), source)] if source else []
    return _joined(Reader(source).read())


def readable(source: str) -> str:
    """The text on one line as plain Unicode: for titles of pages, mail, feeds and exports."""
    shown = map(plain, pieces(source))
    return " ".join("".join(shown).split())


def plain(piece: Piece) -> str:
    """A piece as plain Unicode."""
    if piece.kind is Kind.FORMULA:
        return shown_formula(piece.text)
    if piece.kind in (Kind.PARAGRAPH, Kind.ITEM):
        return "\n" if piece.kind is Kind.PARAGRAPH else "\n• "
    return piece.text


def shown_formula(source: str) -> str:
    """A formula with its delimiters as Unicode, or as it is where that cannot be."""
    return plain_formula(inside(source)[0]) or source


def _joined(found: Iterator[Piece]) -> list[Piece]:
    """The pieces without empty ones; texts of one look that are as in the source are one."""
    joined: list[Piece] = []
    alike: list[Piece] = []
    for piece in found:
        if not piece.text and piece.kind is Kind.TEXT:
            continue
        if alike and not _continues(alike[-1], piece):
            joined.append(_one(alike))
            alike = []
        alike.append(piece)
    return [*joined, _one(alike)] if alike else joined


def _continues(last: Piece, piece: Piece) -> bool:
    """Whether two pieces can be one, in which each character is from its place of the source."""
    return (
        last.kind is piece.kind is Kind.TEXT
        and last.look == piece.look
        and last.end == piece.start
        and len(last.text) == last.end - last.start
        and len(piece.text) == piece.end - piece.start
    )


def _one(alike: list[Piece]) -> Piece:
    if len(alike) == 1:
        return alike[0]
    text = "".join(piece.text for piece in alike)
    return Piece(alike[0].start, alike[-1].end, text, look=alike[0].look)
