"""What entries of a library tell of a paper: title, abstract, and the arXiv id if any. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from digest.model import PaperId
from digest.writer.order.ordering import LibraryPaper

#: `arxiv.org/abs/2511.21669`, `10.48550/arXiv.2511.21669`, `arXiv:2511.21669`.
_ARXIV = re.compile(
    r"(?:arxiv\.org/(?:abs|pdf|html)/|arxiv[.:]\s*)"
    r"(\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z]{2})?/\d{7})(?!\d)",
    re.IGNORECASE,
)
#: Where an id may stand; a citation in an abstract is of another paper.
_PLACES = ("doi", "url", "number", "note", "journal")
_TAG = re.compile(r"<[^<>]*>")


def found_paper(fields: Mapping[str, str] | None) -> LibraryPaper | None:
    """The paper of an entry by the names that BibTeX gives its fields; None if it has no title."""
    title = "" if fields is None else fields.get("title", "")
    if fields is None or not any(map(str.isalpha, title)):
        return None
    return LibraryPaper(title, fields.get("abstract", ""), _arxiv_id(fields))


def csl_paper(item: object) -> LibraryPaper | None:
    """The paper of an item of CSL-JSON; its texts may have HTML in them."""
    if not isinstance(item, dict):
        return None
    texts = {str(name).lower(): text for name, text in item.items() if isinstance(text, str)}
    for name in ("title", "abstract"):
        if name in texts:
            texts[name] = _TAG.sub(" ", texts[name])
    return found_paper(texts)


def _arxiv_id(fields: Mapping[str, str]) -> str:
    eprint = fields.get("eprint", "")
    kind = fields.get("archiveprefix", "") or fields.get("eprinttype", "")
    if kind.lower() in ("", "arxiv") and (found := _id(eprint)):
        return found
    match = _ARXIV.search("\n".join(fields.get(name, "") for name in _PLACES))
    return _id(match[1]) if match else ""


def _id(text: str) -> str:
    """The base id; empty for what is none."""
    try:
        return PaperId.parse(text).base
    except ValueError:
        return ""
