"""What a text shows: its pieces, each with the place in the source that it is from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """What a piece is."""

    TEXT = "text"
    FORMULA = "formula"
    """With its delimiters."""
    PARAGRAPH = "paragraph"
    """Where one ends and another one begins."""
    ITEM = "item"
    """Where an item of a list begins."""


@dataclass(frozen=True, slots=True)
class Look:
    """How text is set, and where it leads."""

    bold: bool = False
    italic: bool = False
    code: bool = False
    address: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of what is shown, from `source[start:end]`."""

    start: int
    end: int
    text: str
    kind: Kind = Kind.TEXT
    look: Look = Look()
