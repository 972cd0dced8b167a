r"""What a text of arXiv shows, as Markdown: the clean style has TeX that is text so.

``x'' reads “x”, `\%` reads %, `\textbf{x}` reads **x**. Formulas stay as they are, since GitHub and
others draw them. What Markdown may take for markup is escaped later, with the rest of the abstract.
"""

from __future__ import annotations

from digest.model import Badge, Marked
from digest.model.tex import Kind, Part, Piece, parts, pieces

_MARKS = (("bold", "**"), ("italic", "*"), ("code", "`"))


def readable_title(title: str) -> str:
    """A title on one line, without marks."""
    return " ".join("".join(_text(piece) for piece in pieces(title)).split())


def readable_abstract(abstract: Marked) -> Marked:
    """An abstract with its badges, which have the text as it is shown."""
    found: list[str | Badge] = []
    for part in parts(abstract):
        if part.badge:
            text = "".join(piece.text for piece in part.pieces)
            found.append(Badge(text, part.badge.color))
        elif found and isinstance(found[-1], str):
            found[-1] += _markdown(part)
        else:
            found.append(_markdown(part))
    return tuple(one for one in found if one)


def _markdown(part: Part) -> str:
    (piece,) = part.pieces
    if piece.kind is not Kind.TEXT:
        return _text(piece)
    text = piece.text
    for name, mark in _MARKS:
        # Marks hold a text without white space at its ends.
        if getattr(piece.look, name) and text.strip():
            before, behind = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
            text = f"{before}{mark}{text.strip()}{mark}{behind}"
    address = piece.look.address
    if address and piece.text not in address and "]" not in text and "[" not in text:
        return f"[{text}]({address})"
    return text


def _text(piece: Piece) -> str:
    if piece.kind is Kind.PARAGRAPH:
        return "\n  "
    return "\n* " if piece.kind is Kind.ITEM else piece.text
