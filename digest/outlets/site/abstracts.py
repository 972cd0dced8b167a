r"""The texts of papers as HTML: coloured words, formulas, links, paragraphs.

`inline` is for titles, `linked` for comments and the like, `paragraphs` for abstracts. What TeX in
a text shows is for `digest.model.tex` to say, how HTML has it for `digest.outlets.markup`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

from markupsafe import Markup

from digest.model import Badge, Marked
from digest.outlets.markup import HtmlWriter
from digest.outlets.site.formulas import formula
from digest.outlets.site.text import possible

_WORD = Markup('<mark class="{}">{}</mark>')


def plain(marked: Marked) -> str:
    """The text without its badges."""
    return "".join(piece.text if isinstance(piece, Badge) else piece for piece in marked)


@lru_cache(maxsize=1 << 15)
def inline(text: str) -> Markup:
    """A line of text, such as a title, with its formulas. A title stands on many pages."""
    return _safe(HtmlWriter(possible, _colored({}), formula, links=False).line(text))


def linked(text: str) -> Markup:
    """A line of text with its formulas, in which addresses of the web are links."""
    return _safe(HtmlWriter(possible, _colored({}), formula).line(text))


def paragraphs(marked: Marked, classes: Mapping[str, str]) -> list[Markup]:
    """The paragraphs of an abstract; `classes` are the CSS classes of badges by colour."""
    return list(map(_safe, HtmlWriter(possible, _colored(classes), formula).paragraphs(marked)))


def _colored(classes: Mapping[str, str]) -> Callable[[Badge, str], str]:
    """What puts a badge around HTML."""
    return lambda badge, html: _WORD.format(classes.get(badge.color, ""), _safe(html))


def _safe(html: str) -> Markup:
    return Markup(html)  # noqa: S704 (every text in it is escaped)
