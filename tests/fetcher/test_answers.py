"""What an answer is by its status: a test for each row of the table, and for what it stands for."""

from __future__ import annotations

import pytest

from digest.fetcher.answers import TABLE, Kind, kind_of

API = "https://export.arxiv.org/api/query"
OAI = "https://oaipmh.arxiv.org/oai"

ROWS: list[tuple[int, bool, str, Kind]] = [
    (200, False, API, Kind.ANSWER),
    (200, True, API, Kind.ANSWER),
    (400, True, API, Kind.REFUSED),
    (403, False, API, Kind.BLOCKED),
    (403, True, OAI, Kind.BLOCKED),
    *((status, False, API, Kind.MOVED) for status in (301, 302, 303, 307, 308)),
    (413, False, API, Kind.REFUSED),
    (414, False, API, Kind.REFUSED),
    (404, False, "https://export.arxiv.org/", Kind.NOWHERE),
    (404, True, "https://export.arxiv.org/api/qery", Kind.NOWHERE),
    (400, False, API, Kind.LATER),
    (404, False, API, Kind.LATER),
    (404, True, API, Kind.LATER),
    (404, False, f"{OAI}/", Kind.LATER),
    *((status, False, API, Kind.LATER) for status in (401, 402, 406, 407, 408, 410, 421, 425, 429)),
    *(
        (status, own, API, Kind.LATER)
        for status in (500, 502, 503, 504, 599)
        for own in (False, True)
    ),
    *((status, False, API, Kind.LATER) for status in (100, 199, 202, 204, 206, 300, 304, 451)),
]


@pytest.mark.parametrize(("status", "own", "url", "kind"), ROWS)
def test_a_status_is_sorted_by_its_row(status: int, own: bool, url: str, kind: Kind) -> None:
    assert kind_of(status, url, is_own=own) is kind


def test_every_row_has_a_test() -> None:
    for number, row in enumerate(TABLE):
        assert any(
            status in row.statuses and row.kind is kind
            for status, _, _, kind in ROWS
            if all(status not in before.statuses for before in TABLE[:number])
            or row.kind in (Kind.LATER, Kind.NOWHERE)
        ), row


def test_every_status_is_sorted() -> None:
    for status in range(100, 1000):
        for url in (API, OAI, "http://127.0.0.1:8000/x"):
            assert isinstance(kind_of(status, url, is_own=False), Kind)
