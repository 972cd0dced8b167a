"""A digest as the HTML part of a mail: no picture, few styles.

It begins with its contents. Mail programs cut what is longer than about 100 kB, so that abstracts
are shortened where all of them would be too long, each with a link to the whole. Every text is
escaped. Blocks have the direction of their own text, and a change of direction that is left open
ends with its block.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import jinja2
from markupsafe import Markup

from digest.model import Badge, Marked
from digest.model.reports import counted
from digest.model.tex import Part, parts, shortened
from digest.outlets.colours import on
from digest.outlets.facts import is_withdrawn, notes
from digest.outlets.mail import words
from digest.outlets.markup import HtmlWriter
from digest.writer.editions import Edition, Shown

#: Bytes above which abstracts are shortened: Gmail cuts a mail at 102 kB.
_MOST = 90_000
#: Authors named where not all of a digest fits; followed ones are always named.
_AUTHORS = 8
#: An abstract is shortened to so many characters at least, or is left out.
_LEAST = 80

_BADGE = '<span style="padding:1px 5px;border-radius:4px;background-color:#{};color:{}">{}</span>'


def html_text(edition: Edition, site: str) -> str:
    """The whole digest; with the address of a site, also where its page is."""
    abstracts = [parts(shown.match.abstract) for shown in edition.shown]
    longest = max((_length(abstract) for abstract in abstracts), default=0)
    html = _rendered(edition, site, abstracts, longest, is_short=False)
    if len(html.encode()) <= _MOST:
        return html
    # The longest abstracts that fit, by halves; if none do, the papers without them.
    fitting, least, most = "", 0, longest
    while most - least > 20:
        length = (least + most) // 2
        html = _rendered(edition, site, abstracts, length)
        if len(html.encode()) <= _MOST:
            fitting, least = html, length
        else:
            most = length
    return fitting if least >= _LEAST else _rendered(edition, site, abstracts, 0)


def _length(abstract: Sequence[Part]) -> int:
    return sum(len(piece.text) for part in abstract for piece in part.pieces)


def _rendered(
    edition: Edition,
    site: str,
    abstracts: Sequence[Sequence[Part]],
    length: int,
    *,
    is_short: bool = True,
) -> str:
    return _template().render(
        subject=words.subject(edition),
        day=edition.day.isoformat(),
        count=counted(len(edition.shown), "paper"),
        caution=words.caution(edition),
        page=words.page_link(site, edition),
        papers=[
            _paper(shown, abstract, length, _AUTHORS if is_short else len(shown.paper.authors))
            for shown, abstract in zip(edition.shown, abstracts, strict=True)
        ],
    )


@cache
def _template() -> jinja2.Template:
    text = files("digest.outlets.mail").joinpath("mail.html.j2").read_text(encoding="utf-8")
    environment = jinja2.Environment(
        undefined=jinja2.StrictUndefined, autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(text)


def _paper(shown: Shown, abstract: Sequence[Part], length: int, authors: int) -> dict[str, object]:
    paper = shown.paper
    kept, is_cut = shortened(abstract, length)
    return {
        "title": words.title(paper),
        "heading": _safe(_heading(shown)),
        "authors": _pieces(words.authors_with_badges(shown, authors)),
        "published": f"{paper.published:%Y-%m-%d}",
        "categories": words.categories(paper),
        "link": words.abstract_link(paper),
        "pdf": words.pdf_link(paper),
        "withdrawn": is_withdrawn(paper),
        "notes": [_safe(_writer().line(note)) for note in notes(paper)],
        "abstract": [_safe(html) for html in _writer().paragraphs_of(kept)],
        "is_cut": is_cut,
    }


def _heading(shown: Shown) -> str:
    """The title, with its badges where titles count."""
    if any(isinstance(piece, Badge) for piece in shown.match.title):
        return HtmlWriter(words.harmless, _badge, links=False).line(shown.match.title)
    return str(Markup.escape(words.title(shown.paper)))


@cache
def _writer() -> HtmlWriter:
    return HtmlWriter(words.harmless, _badge)


def _badge(badge: Badge, html: str) -> str:
    return _BADGE.format(badge.color, on(badge.color), html)


def _safe(html: str) -> Markup:
    return Markup(html)  # noqa: S704 (every text in it is escaped)


def _pieces(marked: Marked) -> list[Markup]:
    """Names, each in its own direction."""
    return [
        _safe(_badge(piece, str(Markup.escape(words.harmless(piece.text)))))
        if isinstance(piece, Badge)
        else Markup.escape(words.harmless(piece))
        for piece in marked
    ]
