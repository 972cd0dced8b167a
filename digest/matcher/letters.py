"""Characters: what touches a word, what is the same in any case, what separates two words.

Folding and joining keep the length of a text, so that places found in the result are places in
the text itself.
"""

from __future__ import annotations

import re
import string
from unicodedata import category

_ASCII_TOUCHING = frozenset(string.ascii_letters + string.digits + "_")

#: Every one of them may stand for the others in the clean style.
_SEPARATORS = "- ‐‑"  # as it stands within a character class
_SEPARATOR = re.compile(f"[{_SEPARATORS}]")
_BETWEEN_WORDS = re.compile(f"(?<=[^{_SEPARATORS}])[{_SEPARATORS}](?=[^{_SEPARATORS}])")

#: The long s and the sign of the kelvin fold to s and k, alone among what is not ASCII.
_FOLDS_TO_ASCII = re.compile("[\u017f\u212a]")


def touches(character: str) -> bool:
    """Whether it makes one word with its neighbour: a letter, digit, underscore, combining mark."""
    if character < "\x80":
        return character in _ASCII_TOUCHING
    return character.isalnum() or category(character).startswith("M")


def stands_alone(text: str, start: int, end: int) -> bool:
    """Whether nothing touches `text[start:end]` on either side."""
    return not (start and touches(text[start - 1])) and not (end < len(text) and touches(text[end]))


def fold(text: str) -> str:
    """The text in one case, character for character.

    Left alone is what has no single counterpart (ß), and what would become ASCII without being
    it: SQLite compares ASCII letters only, and has to find what the matcher finds.
    """
    if text.isascii():
        return text.lower()
    folded = text.casefold()
    if len(folded) == len(text) and not _FOLDS_TO_ASCII.search(text):
        return folded
    return "".join(map(_fold_one, text))


def _fold_one(character: str) -> str:
    folded = character.casefold()
    same_kind = len(folded) == 1 and folded.isascii() == character.isascii()
    return folded if same_kind else character


def join(text: str) -> str:
    """The text with a space for every hyphen."""
    joined = text.replace("-", " ")
    return joined if text.isascii() else joined.replace("‐", " ").replace("‑", " ")


def has_separators(text: str) -> bool:
    """Whether a space or a hyphen is in it."""
    return _SEPARATOR.search(text) is not None


def separates_words(text: str) -> bool:
    """Whether each of its spaces and hyphens, if any, stands singly between two words."""
    return len(_SEPARATOR.findall(text)) == len(_BETWEEN_WORDS.findall(text))
