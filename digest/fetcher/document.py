"""The XML of arXiv's answers, taken as it comes or not at all: whole, plain, of bounded size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from lxml import etree

from digest.model.errors import Refused, Unavailable

#: In characters. Lists of 3,000 authors with affiliations exist; nothing longer than this does.
LONGEST_FIELD: Final = 500_000

#: Of a title or an abstract: arXiv takes 1,920, and took a few thousand once.
LONGEST_TEXT: Final = 50_000

#: The longest list of authors on arXiv has half as many.
MOST_AUTHORS: Final = 10_000

#: A page of 2,000 papers has some 100,000 tags; a hundred bytes of memory go into each of them.
_MOST_TAGS = 2_000_000

_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Rejected:
    """An entry that is no usable paper: its id as far as it could be read, and why."""

    id: str
    reason: str

    @classmethod
    def of(cls, id: str, reason: str) -> Rejected:  # noqa: A002  the field's name
        """One whose words come from arXiv and may be of any length: not all of them are kept."""
        return cls(id[:_SHOWN], reason[:_SHOWN])


def root_of(body: bytes, tag: str, kind: str) -> etree._Element:
    """The root element of a document that must have a certain one; `kind` names it in errors.

    Raises Unavailable if it is not well-formed up to its last tag, has a document type (and so
    perhaps entities of its own), too many elements or is a document of another kind; Refused if it
    is one of the same kind whose root has another name.
    """
    if body.count(b"<") > _MOST_TAGS:
        raise Unavailable("arXiv's answer has more elements than any page", too_large=True)
    # Without `huge_tree` the parser also bounds depth, texts, names and what entities expand to.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(body, parser=parser)
    except etree.XMLSyntaxError as error:
        start = body[:60].decode("utf-8", "replace").strip()
        what = f"not XML ({error})" if start else "empty"
        raise Unavailable(f"arXiv's answer is {what}: {start!r}") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unavailable(f"arXiv's answer is not a plain {kind}: it has a document type")
    (kin, wanted), (family, found) = split_tag(tag), split_tag(root.tag)
    if root.tag != tag and kin == family:
        raise changed(f"there is no <{wanted}> but <{found}>")
    if root.tag != tag:
        raise Unavailable(f"arXiv's answer is not an {kind} but <{found}>")
    return root


def split_tag(tag: object) -> tuple[str, str]:
    """The name space of a tag, in brackets, and its name in there.

    lxml's own `QName` raises for some that lxml itself reads: `:feed`, or `feed` in a space with a
    bracket, as in `http://[}]`.
    """
    space, bracket, name = str(tag).rpartition("}")
    return space + bracket, name


def changed(what: str) -> Refused:
    """The error for an answer without the elements that arXiv documents."""
    return Refused(
        f"arXiv's answers have changed: {what}",
        hint="this version of arxiv-daily-digest cannot read them; look for a newer one",
    )
