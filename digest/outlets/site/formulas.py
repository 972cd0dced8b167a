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

from digest.model.tex.alphabets import styled
from digest.outlets.site.extra import needed
from digest.outlets.site.text import possible

#: Unicode's letters in place of styles: browsers know no style of a letter but `normal`.
_LETTERS = {
    "bold": "BOLD",
    "italic": "",
    "bold-italic": "BOLD ITALIC",
    "double-struck": "DOUBLE-STRUCK",
    "script": "SCRIPT",
    "fraktur": "FRAKTUR",
    "sans-serif": "SANS-SERIF",
    "monospace": "MONOSPACE",
}
#: What the library draws wrongly or does not know, and how it knows it.
_BETTER = (
    (re.compile(r"\\not\s*="), r"\\neq "),
    (re.compile(r"\\not\s*<"), r"\\nless "),
    (re.compile(r"\\not\s*>"), r"\\ngtr "),
    (re.compile(r"\\math(?:bbm|ds)(?![A-Za-z])"), r"\\mathbb"),
    (re.compile(r"\\(?:thick)?sim(?![A-Za-z])"), "∼"),
)
_OPERATORS = frozenset("∼")
#: The library writes letters that stand upright as references.
_UPRIGHT = re.compile(r"&#x000[4-7][0-9A-F];")

#: The longest source that is converted, in characters. What it costs grows with its depth.
_LONGEST = 500

#: A formula of more characters may be wider than a phone; browsers break none into lines. The
#: scripts of the pages make those Tab stops that do not fit.
_BROAD = 24
_SCROLLING = Markup('<span class="broad">{}</span>')
#: A formula in a line of its own.
_LINE = Markup('<span class="broad display">{}</span>')

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
    if display == "block":
        return _LINE.format(made)
    return _SCROLLING.format(made) if len(inside) > _BROAD else made


@lru_cache(maxsize=4096)
def _formula(inside: str, display: str) -> Markup | None:
    if not inside or len(inside) > _LONGEST:
        return None
    for pattern, better in _BETTER:
        inside = pattern.sub(better, inside)
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
    source = element.text or ""
    # The library has references (`&#x0003C;`) where it means the characters.
    text = unescape(source)
    style = _LETTERS.get(element.get("mathvariant", ""))
    tag = "mo" if text in _OPERATORS else element.tag
    if tag == "mi" and _UPRIGHT.fullmatch(source):
        attributes = ' mathvariant="normal"'
    pieces.append(f"<{tag}{attributes}>")
    pieces.append(Markup.escape(possible(styled(text, style) if style else text)))
    if not all(_write(child, pieces) for child in element):
        return False
    pieces.append(f"</{tag}>")
    return True
