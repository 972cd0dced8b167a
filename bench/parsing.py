"""A page of 1,000 papers by the strict reader, against the `arxiv` package on the same bytes."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
from arxiv import _feed

from bench.corpus import days
from bench.measure import Row, medians, timed
from digest.fetcher.calendar import Calendar
from digest.fetcher.query.atom import parse_page
from digest.fetcher.query.queries import window_query
from digest.simulator import Corpus, Simulator

_PAPERS = 1000


def measure(papers: Corpus) -> Row:
    """`arxiv.Client` has no door for bytes; `_feed.parse` is what it does with an answer's."""
    page = _page(papers)
    if len(parse_page(page).papers) != _PAPERS:
        raise RuntimeError("the page is not full")
    ours, theirs = medians([timed(lambda: parse_page(page)), timed(lambda: _feed.parse(page))])
    name = f"parse a page of {_PAPERS:,}, strictly"
    return Row(name, "`arxiv.Client` on the same bytes", ours, theirs, 1, faster=True)


def _page(papers: Corpus) -> bytes:
    window = Calendar().window(days()[-1])
    assert window is not None  # noqa: S101  it is an announcement day
    with httpx.Client(
        transport=Simulator(papers, now=lambda: datetime.now(UTC)).transport()
    ) as client:
        return client.get(
            "http://127.0.0.1/api/query",
            params={
                "search_query": window_query(window, ""),
                "max_results": _PAPERS,
                "sortBy": "submittedDate",
            },
        ).content
