"""What arXiv says of a paper besides its texts: comment, journal, DOI, withdrawal."""

from __future__ import annotations

import re
from urllib.parse import quote

from digest.model import Paper
from digest.model.tex import readable

_DOI = re.compile(r"10\.\d{4,9}/[\x21-\x7e]+", re.ASCII)
#: Authors withdraw a paper by a new version; arXiv asks them to give the reason as the comment.
#: See https://info.arxiv.org/help/withdraw.html.
_WITHDRAWN = re.compile(
    r"\bwithdrawn\b(?! from (?:the )?(?:market|sale|use))|\bwithdrew\b", re.IGNORECASE
)
_WITHDRAWN_TEXT = re.compile(
    r"(?:this|the) (?:\w+ ){1,2}(?:has been|is|was|have been) (?:temporarily )?withdrawn\b"
    r"|withdrawn\b",
    re.IGNORECASE,
)


def is_withdrawn(paper: Paper) -> bool:
    """Whether the version shown is a withdrawal: by its comment, or by how its abstract begins."""
    return bool(_WITHDRAWN.search(paper.comment or "") or _WITHDRAWN_TEXT.match(paper.abstract))


def title_of(paper: Paper) -> str:
    """A paper's own title on one line, as TeX would show it; its id if it has none."""
    return readable(paper.title) or paper.id


def marked_title(paper: Paper) -> str:
    """The same, and whether the paper is withdrawn."""
    return f"{title_of(paper)} (withdrawn)" if is_withdrawn(paper) else title_of(paper)


def notes(paper: Paper) -> tuple[str, ...]:
    """The comment, the journal reference and the DOIs, as arXiv has them."""
    found = (paper.comment, paper.journal_ref, *(f"doi:{one}" for one in _dois(paper)))
    return tuple(one for one in found if one and one.strip())


def doi_links(paper: Paper) -> tuple[tuple[str, str], ...]:
    """The DOIs of the published paper with their addresses; arXiv separates several by a space."""
    return tuple((one, f"https://doi.org/{quote(one, safe='/:;()')}") for one in _dois(paper))


def _dois(paper: Paper) -> list[str]:
    return [one for one in (paper.doi or "").split() if _DOI.fullmatch(one)]
