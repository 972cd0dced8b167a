"""arXiv's RSS: what was announced on the last announcement day, new papers alone."""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape

from digest.model import Paper

KIND = "application/rss+xml; charset=utf-8"


def rss(papers: Iterable[Paper]) -> bytes:
    """A feed with an item for each paper."""
    items = "".join(map(_item, papers))
    return (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        '<rss xmlns:arxiv="http://arxiv.org/schemas/atom" version="2.0">\n'
        f"  <channel>\n    <title>cs updates on arXiv.org</title>\n{items}  </channel>\n</rss>\n"
    ).encode()


def _item(paper: Paper) -> str:
    return (
        f"    <item>\n      <title>{escape(paper.title)}</title>\n"
        f"      <link>https://arxiv.org/abs/{paper.id}</link>\n"
        f'      <guid isPermaLink="false">oai:arXiv.org:{paper.id}v{paper.version}</guid>\n'
        "      <arxiv:announce_type>new</arxiv:announce_type>\n    </item>\n"
    )
