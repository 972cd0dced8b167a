"""A digest as the HTML part of a mail: styles inlined, no picture, links to arXiv and the pages.

Every text is escaped by Jinja2. Blocks have the direction of their own text, and a change of
direction that is left open ends with its block.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import jinja2

from digest.model import Badge, Marked
from digest.model.reports import counted
from digest.outlets.colours import on
from digest.outlets.mail import words
from digest.writer.editions import Edition, Shown


def html_text(edition: Edition, site: str) -> str:
    """The whole digest; with the address of a site, also where its page is."""
    return _template().render(
        subject=words.subject(edition),
        day=edition.day.isoformat(),
        count=counted(len(edition.shown), "paper"),
        caution=words.caution(edition),
        page=words.page_link(site, edition),
        papers=[_paper(shown) for shown in edition.shown],
    )


@cache
def _template() -> jinja2.Template:
    text = files("digest.outlets.mail").joinpath("mail.html.j2").read_text(encoding="utf-8")
    environment = jinja2.Environment(
        undefined=jinja2.StrictUndefined, autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(text)


def _paper(shown: Shown) -> dict[str, object]:
    paper = shown.paper
    return {
        "title": words.title(paper),
        "authors": _pieces(words.authors_with_badges(shown)),
        "published": f"{paper.published:%Y-%m-%d}",
        "categories": words.categories(paper),
        "link": words.abstract_link(paper),
        "pdf": words.pdf_link(paper),
        "abstract": _pieces(shown.match.abstract),
    }


def _pieces(marked: Marked) -> list[dict[str, str]]:
    return [
        {"text": words.harmless(piece.text), "color": piece.color, "on": on(piece.color)}
        if isinstance(piece, Badge)
        else {"text": words.harmless(piece), "color": ""}
        for piece in marked
    ]
