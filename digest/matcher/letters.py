"""Characters: what touches a word, what is the same in any case, what separates two words.

Folding and joining keep the length of a text, so that places found in the result are places in
the text itself.
"""

from __future__ import annotations

import re
import string
from unicodedata import category

_ASCII_TOUCHING = frozenset(string.ascii_letters + string.digits + "_")

#: Every one of them may stand for the others in the clean style: a space, and all dashes.
_SEPARATORS = "- ‐‑‒–—―"  # as it stands within a character class
_SEPARATOR = re.compile(f"[{_SEPARATORS}]")
_BETWEEN_WORDS = re.compile(f"(?<=[^{_SEPARATORS}])[{_SEPARATORS}](?=[^{_SEPARATORS}])")

#: Thai, Lao, Burmese, Khmer; Chinese and Japanese.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
    "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f"
    "\U00020000-\U0003134f]"
)

#: An apostrophe and what is written for one.
_APOSTROPHES = str.maketrans(dict.fromkeys("’ʼ‘", "'"))
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―", " "))
_DOUBLE = re.compile("(?<!-)--(?!-)")

#: The long s and the sign of the kelvin fold to s and k, alone among what is not ASCII.
_FOLDS_TO_ASCII = re.compile("[\u017f\u212a]")


def touches(character: str) -> bool:
    """Whether it makes one word with its neighbour: a letter, digit, underscore, combining mark."""
    if character < "\x80":
        return character in _ASCII_TOUCHING
    return character.isalnum() or category(character).startswith("M")


def stands_alone(text: str, start: int, end: int) -> bool:
    """Whether `text[start:end]` is not a part of a longer word."""
    return not (start and goes_on(text[start - 1], text[start])) and not (
        end < len(text) and goes_on(text[end], text[end - 1])
    )


def goes_on(neighbour: str, edge: str) -> bool:
    """Whether a character beside the edge of a text makes one word with it.

    In scripts that are written without spaces that cannot be told, and so nothing does.
    """
    if not touches(neighbour):
        return False
    return not (_UNSPACED.match(neighbour) or _UNSPACED.match(edge))


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
    """The text with a space for every hyphen and dash, and with one kind of apostrophe."""
    joined = text.replace("-", " ")
    return joined if text.isascii() else joined.translate(_DASHES).translate(_APOSTROPHES)


def without_double(text: str) -> tuple[str, list[int]]:
    """The text with a hyphen for each dash of TeX, `--`, and where each character was."""
    pieces: list[str] = []
    places: list[int] = []
    end = 0
    for dash in _DOUBLE.finditer(text):
        pieces += [text[end : dash.start()], "-"]
        places += range(end, dash.start() + 1)
        end = dash.end()
    return "".join([*pieces, text[end:]]), [*places, *range(end, len(text))]


def has_separators(text: str) -> bool:
    """Whether a space or a hyphen is in it."""
    return _SEPARATOR.search(text) is not None


def separates_words(text: str) -> bool:
    """Whether each of its spaces and hyphens, if any, stands singly between two words."""
    return len(_SEPARATOR.findall(text)) == len(_BETWEEN_WORDS.findall(text))


def applied(keyword: str, text: str) -> str:
    """The rule by which a text is found for a keyword; empty if it is the keyword itself."""
    if text == keyword:
        return ""
    if fold(text) == fold(keyword):
        return "in any case"
    if join(fold(without_double(text)[0])) == join(fold(keyword)):
        return "dashes, hyphens and spaces, or apostrophes, count as the same"
    return "a regular ending"
