"""What arXiv says of a paper besides its texts, as a page shows it. Pure."""

from __future__ import annotations

import re
from urllib.parse import quote, urlencode

from digest.model import Paper, PaperId

_DOI = re.compile(r"10\.\d{4,9}/[\x21-\x7e]+", re.ASCII)


def doi_links(doi: str | None) -> tuple[tuple[str, str], ...]:
    """The DOIs of the published paper with their addresses; arXiv separates several by a space."""
    return tuple(
        (one, f"https://doi.org/{quote(one, safe='/:;()')}")
        for one in (doi or "").split()
        if _DOI.fullmatch(one)
    )


def title_of(paper: Paper) -> str:
    """arXiv's own title on one line, with its colon."""
    return " ".join(paper.title.split())


def coins(paper: Paper) -> str:
    """The paper as an OpenURL context object, for the `title` of a COinS span.

    Reference managers such as Zotero find these in a page and offer to save each; the scripts of
    the pages make their citations of them. See https://www.zotero.org/support/dev/exposing_metadata.
    """
    return urlencode(
        [
            ("ctx_ver", "Z39.88-2004"),
            ("rft_val_fmt", "info:ofi/fmt:kev:mtx:dc"),
            ("rft.type", "preprint"),
            ("rft.title", title_of(paper)),
            *(("rft.creator", " ".join(name.split())) for name in paper.authors),
            ("rft.date", paper.published.date().isoformat()),
            ("rft.identifier", f"https://arxiv.org/abs/{PaperId(paper.id)}"),
            ("rft_id", f"info:doi/10.48550/arXiv.{paper.id}"),
            ("rft.subject", paper.categories[0] if paper.categories else ""),
        ],
        errors="replace",
    )
