r"""The words by which texts are compared: stemmed, without accents, numbers and grammar. Pure.

Texts come from arXiv and from BibTeX files, so they may have TeX in them: its commands are no
words, and `Schr{\"o}dinger` is Schrödinger.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache, lru_cache

from snowballstemmer import stemmer

#: Web and mail addresses.
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|(?<!\S)[^\s@]*@\S*")
_ACCENT = re.compile(r"""\\(?:[`'"^~=.]|[cvuHkr](?=[\s{]))\s*\{?\s*\\?([A-Za-z])\}?""")
_LETTER = re.compile(r"\\(ss|oe|ae|aa|OE|AE|AA|[oOlLij])(?![A-Za-z])\s?")
_COMMAND = re.compile(r"\\(?:[A-Za-z]+|.)|\}\{", re.DOTALL)
_BRACE = re.compile(r"[{}]")
_WORD = re.compile(r"[^\W_]+")

#: What is longer is no word.
_LONGEST = 40
#: Letters that Unicode does not take for others with an accent.
_OTHER_LETTERS = str.maketrans({"ø": "o", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i", "đ": "d"})

_OF_GRAMMAR = """
a about above across after again against all along also although among an and any are as at be
because been before being below between both but by can could do does done down due during each
either etc few for from further get gets given had has have having here how however if in into
is it its itself just less like many may more moreover most much must neither no nor not of off
often on once one only onto or other others our out over own per same several shall she should
since so some still such than that the their them then there thereby therefore these they this
those though three through thus to together too toward towards two under until up upon us using
very via was we well were what when where whereas whether which while who whose why will with
within without would yet you your he her his
"""
#: A library without abstracts has most of these in few of its titles, and they would seem rare.
_GRAMMAR = frozenset(_OF_GRAMMAR.split())


def words(text: str) -> Iterator[tuple[str, str]]:
    """The words of a text in reading order: the stem, and the word as the text has it."""
    for word in _WORD.findall(_plain(text)):
        if stem := _stem(word):
            yield stem, word


def counted_words(text: str) -> Iterator[tuple[str, str, int]]:
    """The same for each word once, as it came first, with how often it is there."""
    for word, number in Counter(_WORD.findall(_plain(text))).items():
        if stem := _stem(word):
            yield stem, word, number


def _plain(text: str) -> str:
    """The text without addresses and TeX."""
    if "://" in text or "@" in text or "www." in text:
        text = _ADDRESS.sub(" ", text)
    if "\\" in text:
        text = _LETTER.sub(r"\1", _ACCENT.sub(r"\1", text))
        text = _COMMAND.sub(" ", text)
    if "{" in text or "}" in text:
        text = _BRACE.sub("", text)
    return text if text.isascii() else unicodedata.normalize("NFC", text)


@lru_cache(100_000)
def _stem(word: str) -> str:
    """The stem of a word; empty for what tells nothing: numbers, single letters, grammar.

    Of two characters are acronyms (`KV`) and much that is none (`5x`, `th`).
    """
    if len(word) > _LONGEST or (len(word) < 3 and not word.isupper()):
        return ""
    folded = _folded(word)
    if folded in _GRAMMAR or sum(map(str.isalpha, word)) < 2:
        return ""
    return _stemmer()(folded)


def _folded(word: str) -> str:
    """In small letters, without accents."""
    small = word.casefold()
    if small.isascii():
        return small
    parts = unicodedata.normalize("NFKD", small.translate(_OTHER_LETTERS))
    return "".join(sign for sign in parts if not unicodedata.combining(sign))


@cache
def _stemmer() -> Callable[[str], str]:
    found: Callable[[str], str] = stemmer("english").stemWord
    return found
