r"""An abstract with badges as HTML: coloured words, formulas, paragraphs.

Badges may stand anywhere, also within a formula: a formula is made of its plain text then.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from markupsafe import Markup

from digest.model import Badge, Marked
from digest.model.mathematics import math
from digest.outlets.site.formulas import formula
from digest.outlets.site.text import possible

#: arXiv's paragraphs: a line end and white space.
_PARAGRAPH = re.compile(r"\n[ \t\n]+")
_WORD = Markup('<mark class="{}">{}</mark>')


def plain(marked: Marked) -> str:
    """The text without its badges."""
    return "".join(piece.text if isinstance(piece, Badge) else piece for piece in marked)


@lru_cache(maxsize=1 << 15)
def inline(text: str) -> Markup:
    """A line of text, such as a title, with its formulas. A title stands on many pages."""
    return Markup().join(_run((text,), {}))


def paragraphs(marked: Marked, classes: Mapping[str, str]) -> list[Markup]:
    """The paragraphs of an abstract; `classes` are the CSS classes of badges by colour."""
    return [
        Markup().join(_run(tuple(part), classes)) for part in _split(marked) if plain(tuple(part))
    ]


@lru_cache(maxsize=4096)
def _word(look: str, text: str) -> Markup:
    """A badge; the same few are in all abstracts."""
    return _WORD.format(look, possible(text))


def _split(marked: Marked) -> list[list[str | Badge]]:
    """An abstract cut where a paragraph ends outside of formulas and badges."""
    text = plain(marked)
    if not _PARAGRAPH.search(text):
        return [list(marked)]
    formulas = list(math(text))
    parts: list[list[str | Badge]] = [[]]
    at = 0
    for piece in marked:
        if isinstance(piece, Badge):
            parts[-1].append(piece)
            at += len(piece.text)
            continue
        end = 0
        for gap in _PARAGRAPH.finditer(piece):
            if any(start < at + gap.start() < stop for start, stop in formulas):
                continue
            parts[-1].append(piece[end : gap.start()])
            parts.append([])
            end = gap.end()
        parts[-1].append(piece[end:])
        at += len(piece)
    return parts


def _run(marked: Marked, classes: Mapping[str, str]) -> Iterator[Markup]:
    """The pieces of one paragraph as HTML, in reading order."""
    text = plain(marked)
    formulas = [*math(text), (len(text), len(text))]
    at = number = 0
    for piece in marked:
        end = at + len(piece.text if isinstance(piece, Badge) else piece)
        if isinstance(piece, Badge) and formulas[number][0] >= end:
            yield _word(classes.get(piece.color, ""), piece.text)
            at = end
        while at < end:
            start, stop = formulas[number]
            if at < start:
                upto = min(end, start)
                yield Markup.escape(possible(text[at:upto]))
                at = upto
                continue
            if at == start:
                yield formula(text[start:stop])
            at = min(end, stop)
            if at == stop:
                number += 1
