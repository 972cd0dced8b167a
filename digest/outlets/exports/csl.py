"""CSL-JSON, which Zotero, Pandoc and whatever else knows citation styles take."""

from __future__ import annotations

import json
from collections.abc import Sequence

from digest.model.tex import readable
from digest.outlets.exports.keys import key
from digest.outlets.exports.names import Name, names
from digest.outlets.exports.picked import Picked
from digest.outlets.exports.texts import line


def csl_json(papers: Sequence[Picked]) -> str:
    """A JSON array of items of CSL 1.0.2, in which `article` is a preprint."""
    return json.dumps(list(map(_item, papers)), ensure_ascii=False, indent=2) + "\n"


def _item(picked: Picked) -> dict[str, object]:
    paper, published = picked.paper, picked.paper.published
    item = {
        "id": key(paper),
        "type": "article",
        "genre": "preprint",
        "title": line(readable(paper.title)),
        "author": list(map(_author, names(paper.authors))),
        "issued": {"date-parts": [[published.year, published.month, published.day]]},
        "abstract": line(readable(paper.abstract)),
        "number": f"arXiv:{paper.id}",
        "publisher": "arXiv",
        "URL": picked.link,
        "DOI": line(paper.doi or ""),
        "note": line(paper.journal_ref or ""),
        "keyword": ", ".join(map(line, picked.topics)),
    }
    return {name: value for name, value in item.items() if value}


def _author(name: Name) -> dict[str, str]:
    if name.is_whole:
        return {"literal": name.family}
    parts = {"family": name.family, "given": name.given, "suffix": name.suffix}
    return {part: text for part, text in parts.items() if text}
