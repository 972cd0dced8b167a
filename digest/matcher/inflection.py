"""The regular inflections of an English word, as a finite set of spellings.

They are spelled by rule and kept if Snowball stems them as it stems the word. So they go from a
word to longer forms of it only: `decoded` is one of `decode`, `decode` is none of `decoded`. Some
are no words (`decodeds`): they make every form of a form a form, and harm nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

_VOWEL = re.compile("[aeiouy]")
_CONSONANT_Y = re.compile("[^aeiou]y$")
_DROPPED_E = re.compile("[^eoy]e$")
#: One vowel and one consonant at the end: overlap, overlapping.
_DOUBLING = re.compile("[^aeiou][aeiouy][bdgklmnprtvz]$")

_HISSING = re.compile("(?:[osxz]|ch|sh)$")

_STEM_OF = {"embed": "embed"}  # which Snowball takes for a form of "emb"


def inflections(word: str) -> tuple[str, ...]:
    """The word and its regular forms, each once; endings are in small letters.

    The word is letters and digits without a space; only one that ends in a letter has forms
    besides the plural.
    """
    forms = [word]
    if not word.lower().endswith("s"):
        forms.append(word + "s")  # Snowball leaves `llms` alone
    if word.isalpha() and _VOWEL.search(word.lower()):
        forms += _stemmed_alike(word)
    return tuple(dict.fromkeys(forms))


def _stemmed_alike(word: str) -> Iterator[str]:
    stem = _stemmer()
    wanted = _STEM_OF.get(word.lower()) or stem(word.lower())

    def alike(forms: Iterator[str]) -> Iterator[str]:
        return (form for form in forms if stem(form.lower()) == wanted)

    if _HISSING.search(word.lower()) or _CONSONANT_Y.search(word.lower()):
        yield from alike(_with("es", word))
    for ending in ("ed", "ing"):
        for form in alike(_with(ending, word)):
            yield from (form, form + "s")
    for doer in alike(_with("er", word)):
        yield from (doer, doer + "s")
        for ending in ("ed", "ing"):
            for form in alike(_with(ending, doer)):
                yield from (form, form + "s")


def _with(ending: str, word: str) -> Iterator[str]:
    """The ways to spell a word with an ending: caching, queries, overlapped."""
    small = word.lower()
    begins_with_e = ending.startswith("e")
    if begins_with_e and small.endswith("e"):
        yield word + ending[1:]
    elif _DROPPED_E.search(small):
        yield word[:-1] + ending
    elif begins_with_e and _CONSONANT_Y.search(small):
        yield word[:-1] + "i" + ending
    else:
        yield word + ending
        if _DOUBLING.search(small):
            yield word + word[-1] + ending


def _stemmer() -> Callable[[str], str]:
    """Snowball's English stemmer; importing it takes longer than a whole source-style start."""
    from snowballstemmer import stemmer

    stem: Callable[[str], str] = stemmer("english").stemWord
    return stem
