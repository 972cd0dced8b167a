"""RIS, for reference managers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import rispy

from digest.model.tex import readable
from digest.outlets.exports.keys import key
from digest.outlets.exports.names import Name, names
from digest.outlets.exports.picked import Picked
from digest.outlets.exports.texts import line


class _Writer(rispy.RisWriter):  # type: ignore[misc]
    """Without the numbers between the papers that are no part of RIS."""

    def set_header(self, count: int) -> str:  # noqa: ARG002
        return ""


def ris(papers: Sequence[Picked]) -> str:
    """A RIS file in UTF-8, every field on one line."""
    return str(rispy.dumps(list(map(_reference, papers)), implementation=_Writer))


def _reference(picked: Picked) -> dict[str, Any]:
    paper = picked.paper
    reference = {
        "type_of_reference": "UNPB",  # as it is for a preprint elsewhere, too
        "id": key(paper),
        "title": line(readable(paper.title)),
        "authors": list(map(_author, names(paper.authors))),
        "year": str(paper.published.year),
        "date": f"{paper.published:%Y/%m/%d}/",
        "abstract": line(readable(paper.abstract)),
        "accession_number": f"arXiv:{paper.id}",
        "publisher": "arXiv",
        "doi": line(paper.doi or ""),
        "notes": list(
            filter(None, [line(paper.journal_ref or ""), line(readable(paper.comment or ""))])
        ),
        "keywords": list(map(line, [*picked.topics, *paper.categories])),
        "urls": [picked.link],
    }
    return {name: value for name, value in reference.items() if value}


def _author(name: Name) -> str:
    """`Family, Given, Suffix`."""
    return ", ".join(filter(None, (name.family, name.given, name.suffix)))
