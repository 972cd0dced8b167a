"""Texts of papers as HTML, for pages, mail and feeds. Every text of a stranger is escaped."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from html import escape
from itertools import groupby

from digest.model import Badge, Marked
from digest.model.tex import Kind, Look, Part, Piece, parts, shown_formula

#: Leads where a stranger wants: it takes nothing with it and is no recommendation.
_LINK = '<a href="{}" rel="nofollow noreferrer">{}</a>'
_TAGS = (("bold", "b"), ("italic", "i"), ("code", "code"))


class HtmlWriter:
    """Writes texts as HTML.

    `fit` makes of a text what the outlet can hold, `formula` of a formula with its delimiters HTML;
    `badge` puts a badge around HTML. Without `links` addresses are text.
    """

    def __init__(
        self,
        fit: Callable[[str], str],
        badge: Callable[[Badge, str], str],
        formula: Callable[[str], str] | None = None,
        *,
        links: bool = True,
    ) -> None:
        self._fit = fit
        self._badge = badge
        self._formula = formula or (lambda source: escape(fit(shown_formula(source))))
        self._links = links

    def line(self, source: str | Marked) -> str:
        """A text on one line, such as a title or a comment; it may have badges."""
        return self._run(
            map(_in_line, parts((source,) if isinstance(source, str) else source))
        ).strip()

    def paragraphs(self, marked: Marked) -> list[str]:
        """The paragraphs of an abstract, without empty ones."""
        return self.paragraphs_of(parts(marked))

    def paragraphs_of(self, shown: Iterable[Part]) -> list[str]:
        """The paragraphs of what an abstract shows."""
        found: list[list[Part]] = [[]]
        for part in shown:
            kind = part.pieces[0].kind
            if kind in (Kind.PARAGRAPH, Kind.ITEM):
                found.append([])
            if kind is Kind.ITEM:
                part = Part((replace(part.pieces[0], text="• ", kind=Kind.TEXT),))
            if kind is not Kind.PARAGRAPH:
                found[-1].append(part)
        htmls = (self._run(each).strip() for each in found)
        return [html for html in htmls if html]

    def _run(self, run: Iterable[Part]) -> str:
        """Parts in a row; those that lead to one address are one link."""
        return "".join(
            self._led(address, "".join(map(self._part, each)))
            for address, each in groupby(run, key=_address)
        )

    def _led(self, address: str, html: str) -> str:
        return _LINK.format(escape(self._fit(address)), html) if address and self._links else html

    def _part(self, part: Part) -> str:
        html = "".join(map(self._piece, part.pieces))
        return self._badge(part.badge, html) if part.badge else html

    def _piece(self, piece: Piece) -> str:
        if piece.kind is Kind.FORMULA:
            return self._formula(piece.text)
        html = escape(self._fit(piece.text))
        for name, tag in _TAGS:
            if getattr(piece.look, name):
                html = f"<{tag}>{html}</{tag}>"
        return html


def _address(part: Part) -> str:
    return part.pieces[0].look.address


def _in_line(part: Part) -> Part:
    """A part of a text that has no paragraphs."""
    piece = part.pieces[0]
    if piece.kind is Kind.PARAGRAPH:
        return Part((Piece(piece.start, piece.end, " ", look=Look()),))
    if piece.kind is Kind.ITEM:
        return Part((Piece(piece.start, piece.end, " • ", look=Look()),))
    return part
