"""What a request asks for: its parameters, checked in arXiv's order and with its messages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

import httpx

from digest.simulator.query import Chain, InvalidQuery, parse

SORTS: Final = ("relevance", "lastUpdatedDate", "submittedDate")
ORDERS: Final = ("ascending", "descending")

#: What arXiv's index serves: nothing beyond the ten thousandth paper of an answer.
DEEPEST: Final = 10_000

#: The address of errors that have no explanation of their own.
ERRORS: Final = "https://arxiv.org/api/errors"
_SORT_HELP: Final = "https://arxiv.org/help/api/user-manual#sort"
_ID = re.compile(r"\d{4}\.\d{4,5}(?:v\d+)?|[a-z-]+(?:\.[A-Z]{2})?/\d{7}(?:v\d+)?")


class Refusal(Exception):
    """A request that arXiv answers with an error feed of status 400."""

    def __init__(self, message: str, link: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.link = link or f"{ERRORS}#{message.replace(' ', '_')}"


class Overload(Exception):
    """A request that makes arXiv fail: status 500, though it will never work."""


@dataclass(frozen=True, slots=True)
class Question:
    """A request that arXiv can answer. `search` is None where only ids are asked for."""

    search: Chain | None
    ids: tuple[str, ...]
    start: int
    max_results: int
    sort_by: str
    sort_order: str

    @classmethod
    def parse(cls, params: Mapping[str, str]) -> Question:
        """Read the parameters. Raises Refusal, Overload or BrokenQuery as arXiv would fail."""
        query, id_list = params.get("search_query", ""), params.get("id_list", "")
        if not query and not id_list:
            message = "Either a search_query or id_list must be specified for the classic API."
            raise Refusal(message, ERRORS)
        ids = tuple(id_list.split(",")) if id_list else ()
        for name in ids:
            if not _ID.search(name):
                raise Refusal(f"incorrect id format for {name}")
        start = _number(params, "start", 0)
        max_results = _number(params, "max_results", 10)
        sort_by = _choice(params, "sortBy", SORTS, "relevance")
        sort_order = _choice(params, "sortOrder", ORDERS, "descending")
        try:
            search = parse(query, adapt=params.get("raw") != "1") if query else None
        except InvalidQuery as cause:
            raise Refusal(f"Invalid query string: '{query}'", ERRORS) from cause
        _check_depth(start, max_results)
        return cls(search, ids, start, max_results, sort_by, sort_order)


def params_of(request: httpx.Request) -> dict[str, str]:
    """The parameters of a GET line or of a POST form; of a repeated one the first."""
    return dict(reversed(pairs_of(request)))


def pairs_of(request: httpx.Request) -> list[tuple[str, str]]:
    """The same with repeated ones, in the order in which they were sent."""
    encoded = request.content if request.method == "POST" else request.url.query
    return parse_qsl(encoded.decode("ascii", "replace"), keep_blank_values=True)


def _number(params: Mapping[str, str], name: str, default: int) -> int:
    try:
        number = int(params.get(name, default))
    except ValueError as cause:
        raise Refusal(f"{name} must be an integer") from cause
    if number < 0:
        raise Refusal(f"{name} must be non-negative")
    return number


def _choice(params: Mapping[str, str], name: str, choices: tuple[str, ...], default: str) -> str:
    choice = params.get(name, default)
    if choice not in choices:
        raise Refusal(f"{name} must be in: {', '.join(choices)}", _SORT_HELP)
    return choice


def _check_depth(start: int, max_results: int) -> None:
    """Deep pages, large pages and empty pages make the server stumble (seen in its source)."""
    if max_results == 0 or max_results > DEEPEST:
        raise Overload
    if 1 + round(start / max_results) > DEEPEST // max_results or start + max_results > DEEPEST:
        raise Overload
