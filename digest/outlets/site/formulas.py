"""Formulas as MathML, made by latex2mathml. They come from strangers, as all of an abstract does.

Of what the library makes only elements and attributes get into a page that draw mathematics: no
link, no style, no size of an author's choice.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape
from xml.etree.ElementTree import Element

from markupsafe import Markup

from digest.outlets.site.extra import needed
from digest.outlets.site.text import possible

#: The longest source that is converted, in characters. What it costs grows with its depth.
_LONGEST = 500

#: A formula of more characters may be wider than a phone; browsers break none into lines. The
#: scripts of the pages make those Tab stops that do not fit.
_BROAD = 24
_SCROLLING = Markup('<span class="broad">{}</span>')

_ELEMENTS = {
    *("math", "mrow", "mi", "mn", "mo", "mtext", "ms", "mspace", "mstyle", "mpadded", "mphantom"),
    *("mfrac", "msqrt", "mroot", "msub", "msup", "msubsup", "munder", "mover", "munderover"),
    *("mtable", "mtr", "mtd", "menclose"),
}
_ATTRIBUTES = {
    "display": {"inline", "block"},
    "displaystyle": {"true", "false"},
    "stretchy": {"true", "false"},
    "fence": {"true", "false"},
    "separator": {"true", "false"},
    "movablelimits": {"true", "false"},
    "accent": {"true", "false"},
    "linethickness": {"0"},
    "mathvariant": {"normal"},
    "width": {"0.167em", "0.222em", "0.278em", "0.333em", "-0.167em", "1em", "2em"},
}
_FORBIDDEN = frozenset({"href", "style"})
_DELIMITERS = ("$$", r"\[", "$", r"\(")
#: A command that the library does not know comes out as its own name.
_UNKNOWN = re.compile(r"\\[A-Za-z]")


def formula(source: str) -> Markup:
    """A formula with its delimiters (`$x$`) as MathML, or as its source if it is none."""
    opening = next(one for one in _DELIMITERS if source.startswith(one))
    inside = source[len(opening) : -len(opening)].strip()
    display = "block" if opening in ("$$", r"\[") else "inline"
    made = _formula(inside, display)
    if made is None:
        return Markup('<code class="tex" dir="ltr">{}</code>').format(possible(source))
    return _SCROLLING.format(made) if len(inside) > _BROAD else made


@lru_cache(maxsize=4096)
def _formula(inside: str, display: str) -> Markup | None:
    if not inside or len(inside) > _LONGEST:
        return None
    with needed():
        from latex2mathml.converter import convert_to_element
    try:
        element = convert_to_element(inside, display=display)
    except Exception:  # the library raises whatever it comes across in a text that is no LaTeX
        return None
    return _written(element)


def _written(element: Element) -> Markup | None:
    """An element as HTML; None if it holds what has no place in a page."""
    pieces: list[str] = []
    if not _write(element, pieces) or _UNKNOWN.search("".join(pieces)):
        return None
    return Markup("".join(pieces))  # noqa: S704 (made of names listed above and escaped texts)


def _write(element: Element, pieces: list[str]) -> bool:
    """Add an element to the pieces; False if it is none that draws mathematics."""
    if element.tag not in _ELEMENTS or not _FORBIDDEN.isdisjoint(element.attrib):
        return False
    attributes = "".join(
        f' {name}="{value}"'
        for name, value in element.attrib.items()
        if value in _ATTRIBUTES.get(name, ())
    )
    pieces.append(f"<{element.tag}{attributes}>")
    # The library has references (`&#x0003C;`) where it means the characters.
    pieces.append(Markup.escape(possible(unescape(element.text or ""))))
    if not all(_write(child, pieces) for child in element):
        return False
    pieces.append(f"</{element.tag}>")
    return True
