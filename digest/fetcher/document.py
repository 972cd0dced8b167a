"""The XML of arXiv's answers, taken as it comes or not at all: whole, plain, without entities."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from digest.errors import Refused, Unavailable


@dataclass(frozen=True, slots=True)
class Rejected:
    """An entry that is no usable paper: its id as far as it could be read, and why."""

    id: str
    reason: str


def root_of(body: bytes, tag: str, kind: str) -> etree._Element:
    """The root element of a document that must have a certain one; `kind` names it in errors.

    Raises Unavailable if it is not well-formed up to its last tag, has a document type (and so
    perhaps entities of its own) or is a document of another kind.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(body, parser=parser)
    except etree.XMLSyntaxError as error:
        start = body[:60].decode("utf-8", "replace").strip()
        what = f"not XML ({error})" if start else "empty"
        raise Unavailable(f"arXiv's answer is {what}: {start!r}") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unavailable(f"arXiv's answer is no plain {kind}: it has a document type")
    if root.tag != tag:
        raise Unavailable(f"arXiv's answer is no {kind} but <{etree.QName(root).localname}>")
    return root


def changed(what: str) -> Refused:
    """The error for an answer without the elements that arXiv documents."""
    return Refused(
        f"arXiv's answers have changed: {what}",
        hint="this version of arxiv-digest cannot read them; look for a newer one",
    )
