r"""The texts of papers as HTML: coloured words, formulas, links, paragraphs.

This is the one place where TeX becomes HTML: `inline` for titles, `linked` for comments and the
like, `paragraphs` for abstracts; `_run` sees every piece of text that is neither a formula nor a
link. Badges may stand anywhere, also within a formula: a formula is made of its plain text then.
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
from digest.outlets.site.web_links import Found, addresses

#: arXiv's paragraphs: a line end and white space.
_PARAGRAPH = re.compile(r"\n[ \t\n]+")
#: Without one of these no address stands in a text.
_MAY_LINK = re.compile("[/.]")
_LINK = Markup('<a href="{}" rel="nofollow noreferrer">')
_LINK_END = Markup("</a>")
_WORD = Markup('<mark class="{}">{}</mark>')


def plain(marked: Marked) -> str:
    """The text without its badges."""
    return "".join(piece.text if isinstance(piece, Badge) else piece for piece in marked)


@lru_cache(maxsize=1 << 15)
def inline(text: str) -> Markup:
    """A line of text, such as a title, with its formulas. A title stands on many pages."""
    return Markup().join(_run((text,), {}))


def linked(text: str) -> Markup:
    """A line of text with its formulas, in which addresses of the web are links."""
    return Markup().join(_run((text,), {}, links=True))


def paragraphs(marked: Marked, classes: Mapping[str, str]) -> list[Markup]:
    """The paragraphs of an abstract; `classes` are the CSS classes of badges by colour."""
    return [
        Markup().join(_run(tuple(part), classes, links=True))
        for part in _split(marked)
        if plain(tuple(part))
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


def _run(marked: Marked, classes: Mapping[str, str], *, links: bool = False) -> Iterator[Markup]:
    """The pieces of one paragraph as HTML, in reading order.

    A badge within a link is a coloured part of it.
    """
    text = plain(marked)
    formulas = list(math(text))
    places = _outside(formulas, addresses(text)) if links and _MAY_LINK.search(text) else []
    ends = [*formulas, (len(text), len(text))]
    at = number = 0
    for piece, end in _pieces(marked, places):
        if isinstance(piece, Found):
            yield _LINK.format(possible(piece.url)) if piece.start == end else _LINK_END
            continue
        if isinstance(piece, Badge) and ends[number][0] >= end:
            yield _word(classes.get(piece.color, ""), text[at:end])
            at = end
        while at < end:
            start, stop = ends[number]
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


def _outside(formulas: list[tuple[int, int]], found: Iterator[Found]) -> list[Found]:
    """The links that do not touch a formula."""
    return [
        one
        for one in found
        if not any(start < one.end and one.start < stop for start, stop in formulas)
    ]


def _pieces(marked: Marked, links: list[Found]) -> Iterator[tuple[str | Badge | Found, int]]:
    """The pieces of a text with the places where they end, and each link where it begins and ends.

    A piece that a link begins or ends in is cut there.
    """
    cuts = [(place, one) for one in links for place in (one.start, one.end)]
    at = number = 0
    for piece in marked:
        end = at + len(piece.text if isinstance(piece, Badge) else piece)
        while number < len(cuts) and (cuts[number][0] < end):
            place, link = cuts[number]
            if place > at:
                yield piece, place
                at = place
            yield link, place
            number += 1
        if end > at:
            yield piece, end
            at = end
    for place, link in cuts[number:]:
        yield link, place
