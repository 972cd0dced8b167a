"""BibTeX, for LaTeX: one `@misc` a paper, with the fields by which arXiv's papers are cited.

Titles stand in two pairs of braces, so that no style makes their capitals small.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bibtexparser.entrypoint import write_string
from bibtexparser.library import Library
from bibtexparser.model import Entry, Field

from digest.outlets.exports.keys import key
from digest.outlets.exports.latex import latex, spelled, without_marks
from digest.outlets.exports.names import Name, names
from digest.outlets.exports.picked import Picked

#: Packages take these fields as they are, without TeX.
_PLAIN = re.compile(r"[A-Za-z0-9./:;()<>_+\-]+", re.ASCII)


def bibtex(papers: Sequence[Picked]) -> str:
    """A BibTeX file in UTF-8; keys are those of `keys.key`."""
    return write_string(Library([_entry(picked) for picked in papers]))


def _entry(picked: Picked) -> Entry:
    fields = [Field(name, text) for name, text in _fields(picked) if text]
    return Entry("misc", key(picked.paper), fields)


def _fields(picked: Picked) -> Iterator[tuple[str, str]]:
    paper = picked.paper
    yield "title", f"{{{latex(paper.title)}}}"
    authors = tuple(map(without_marks, paper.authors))
    yield "author", " and ".join(map(_author, names(authors)))
    yield "year", str(paper.published.year)
    yield "eprint", paper.id
    yield "archivePrefix", "arXiv"
    yield "primaryClass", latex(paper.categories[0]) if paper.categories else ""
    yield "url", picked.link
    if paper.doi:
        yield "doi", paper.doi if _PLAIN.fullmatch(paper.doi) else latex(paper.doi)
    yield "note", latex(paper.journal_ref or "")
    yield "keywords", ", ".join(map(latex, picked.topics))
    yield "abstract", latex(paper.abstract)


def _author(name: Name) -> str:
    if name.is_whole:
        return f"{{{spelled(name.family)}}}"
    return ", ".join(map(spelled, filter(None, (name.family, name.suffix, name.given))))
