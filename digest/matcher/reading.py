"""What a keyword of the configuration stands for in a style: the spellings that are looked for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from digest.matcher.inflection import inflections
from digest.matcher.letters import fold, join, separates_words
from digest.model import Keyword, Style, Topic

_LAST_WORD = re.compile(r"[^\W_]+$")


@dataclass(frozen=True, slots=True)
class Reading:
    """The spellings of a keyword, and how the text is to be read when looking for them.

    `folded`: in any case; `joined`: with spaces and hyphens standing for each other; `alone`: with
    no letter, digit, underscore or combining mark on either side. The first spelling is the
    keyword's own.
    """

    folded: bool
    joined: bool
    alone: bool
    spellings: tuple[str, ...]


def read(keyword: Keyword, style: Style) -> Reading:
    """What a keyword stands for in a style."""
    return Reading(
        folded=style.words if keyword.case is None else not keyword.case,
        joined=style.words and separates_words(keyword.text),
        alone=style.words if keyword.whole_word is None else keyword.whole_word,
        spellings=_inflected(keyword.text)
        if style.words and keyword.whole_word is None
        else (keyword.text,),
    )


def normal(text: str, *, folded: bool, joined: bool) -> str:
    """The text as readings of that kind see it; characters keep their places."""
    text = fold(text) if folded else text
    return join(text) if joined else text


def keywords_of(topics: Iterable[Topic]) -> list[Keyword]:
    """The keywords of topics in the order of the configuration, each once."""
    return list(
        dict.fromkeys(word for topic in topics for group in topic.groups for word in group.keywords)
    )


def _inflected(phrase: str) -> tuple[str, ...]:
    """The phrase with the forms of its last word, if it ends in one."""
    last = _LAST_WORD.search(phrase)
    if not last:
        return (phrase,)
    return tuple(phrase[: last.start()] + form for form in inflections(last[0]))
