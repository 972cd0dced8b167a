"""Zotero's interface: the items of a library or of some of its collections, and new items.

https://www.zotero.org/support/dev/web_api/v3/basics describes it; the desktop program answers in
the same way at 127.0.0.1:23119/api for reading. It is asked by httpx: pyzotero 1.16 needs
bibtexparser below 2, which cannot stand beside the one that exports need.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from typing import Any

import httpx
import tenacity

from digest.model import Paper
from digest.model.errors import LibraryError
from digest.writer.order.entries import found_paper
from digest.writer.order.ordering import LibraryPaper

_PAGE = 100
#: Zotero takes so many new items at once.
_NEW = 50
_ATTEMPTS = 4
_LONGEST_PAUSE = 60.0
_LARGEST_BODY = 64 * 2**20
_MOST_PAGES = 1_000
_NOT_PAPERS = frozenset({"attachment", "note", "annotation"})


@dataclass(frozen=True, slots=True)
class Answer:
    """What Zotero said: JSON, the version of the library, and how many there are in all."""

    data: Any
    version: int
    total: int | None


class Zotero:
    """One library at `url`, such as https://api.zotero.org/users/123."""

    def __init__(
        self, client: httpx.Client, url: str, key: str, *, sleep: Callable[[float], None]
    ) -> None:
        self._client = client
        self._url = url
        self._key = key
        self._sleep = sleep

    def papers(self, collections: str, known: int | None) -> tuple[int, list[LibraryPaper]] | None:
        """The version of the library and its papers; None if the `known` version is the newest.

        Raises LibraryError.
        """
        # One that changes while it is read is read once more, as its pages do not fit together.
        for _ in range(2):
            items: dict[str, LibraryPaper] = {}
            versions: set[int] = set()
            for path in self._paths(collections):
                first = known if not versions else None
                for answer in self._pages(path, first):
                    if answer is None:
                        return None
                    versions.add(answer.version)
                    items |= dict(_papers(answer.data))
            if len(versions) <= 1:
                break
        return max(versions, default=0), [items[key] for key in sorted(items)]

    def add(self, items: Sequence[Mapping[str, object]], token: str) -> int:
        """Add items; returns how many were accepted. Raises LibraryError.

        `token` is 8 to 24 letters that are new for each call: a repeated request adds nothing.
        """
        added = 0
        for first in range(0, len(items), _NEW):
            some = list(items[first : first + _NEW])
            headers = {"Zotero-Write-Token": f"{token}{first:08d}"}
            answer = self._asked("POST", "/items", {}, headers, some)
            done = answer.data.get("successful") if isinstance(answer.data, dict) else None
            if not isinstance(done, dict):
                raise LibraryError("Zotero's answer is not in its documented form")
            if len(done) < len(some):
                raise LibraryError(f"Zotero took {len(done)} of {len(some)} items")
            added += len(done)
        return added

    def _paths(self, collections: str) -> list[str]:
        if not collections:
            return ["/items/top"]
        found: dict[str, tuple[str, str]] = {}
        for answer in self._pages("/collections", None):
            if answer is not None:
                found |= {key: (name, parent) for key, name, parent in _collections(answer.data)}
        wanted = {
            key
            for key, (name, _) in found.items()
            if key == collections or fnmatchcase(name.casefold(), collections.casefold())
        }
        if not wanted:
            raise LibraryError(
                f"Zotero has no collection {collections!r}",
                hint="correct [digest] library; * stands for any letters of a name",
            )
        while more := {key for key, (_, parent) in found.items() if parent in wanted} - wanted:
            wanted |= more
        return [f"/collections/{key}/items/top" for key in sorted(wanted)]

    def _pages(self, path: str, known: int | None) -> Iterator[Answer | None]:
        """All pages; None alone if nothing has changed since the `known` version."""
        start = 0
        for _ in range(_MOST_PAGES):
            headers = {} if known is None else {"If-Modified-Since-Version": str(known)}
            query = {"format": "json", "limit": str(_PAGE), "start": str(start)}
            answer = self._asked("GET", path, query, headers)
            if answer.data is None:
                yield None
                return
            if not isinstance(answer.data, list):
                raise LibraryError("Zotero's answer is not in its documented form")
            yield answer
            known, start = None, start + len(answer.data)
            if not answer.data or answer.total is None or start >= answer.total:
                if answer.total is not None and start < answer.total:
                    raise LibraryError(
                        f"Zotero gave {start} of {answer.total} items", is_passing=True
                    )
                return

    def _asked(
        self,
        method: str,
        path: str,
        query: Mapping[str, str],
        headers: Mapping[str, str],
        body: object = None,
    ) -> Answer:
        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception(_is_passing),
            stop=tenacity.stop_after_attempt(_ATTEMPTS),
            wait=_pause,
            sleep=self._sleep,
            reraise=True,
        )
        return retrying(self._once, method, path, query, headers, body)

    def _once(
        self,
        method: str,
        path: str,
        query: Mapping[str, str],
        headers: Mapping[str, str],
        body: object,
    ) -> Answer:
        sent = {"Zotero-API-Version": "3", "Accept-Encoding": "identity", **headers}
        if self._key:
            sent["Zotero-API-Key"] = self._key
        data = bytearray()
        try:
            with self._client.stream(
                method, self._url + path, params=query, headers=sent, json=body
            ) as response:
                # What is packed can be a million times as large as what came.
                if response.headers.get("content-encoding", "identity") != "identity":
                    raise LibraryError("Zotero's answer has an unexpected Content-Encoding")
                for chunk in response.iter_bytes():
                    data += chunk
                    if len(data) > _LARGEST_BODY:
                        raise LibraryError("Zotero's answer is larger than 64 MB")
        except httpx.TimeoutException:
            raise LibraryError("Zotero did not answer in time", is_passing=True) from None
        except httpx.ConnectError:
            raise LibraryError(
                f"no connection to Zotero at {self._url}",
                hint="start Zotero, and allow other programs to read it (Settings, Advanced)",
            ) from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise LibraryError(f"no answer from Zotero: {type(error).__name__}") from None
        self._respect(response.headers.get("backoff"))
        return _answer(response, bytes(data))

    def _respect(self, backoff: str | None) -> None:
        """Zotero may ask to go slower also where it answers."""
        if seconds := min(_seconds(backoff), _LONGEST_PAUSE):
            self._sleep(seconds)


def zotero_item(paper: Paper) -> dict[str, object]:
    """A paper as a new item; https://api.zotero.org/items/new?itemType=preprint has its fields."""
    item: dict[str, object] = {
        "itemType": "preprint",
        "title": paper.title,
        "abstractNote": paper.abstract,
        "creators": [{"creatorType": "author", "name": name} for name in paper.authors],
        "repository": "arXiv",
        "archiveID": f"arXiv:{paper.id}",
        "date": paper.published.date().isoformat(),
        "url": f"https://arxiv.org/abs/{paper.id}",
        "libraryCatalog": "arXiv.org",
    }
    if paper.doi:
        item["DOI"] = paper.doi
    return item


def _answer(response: httpx.Response, data: bytes) -> Answer:
    status, headers = response.status_code, response.headers
    if status == httpx.codes.NOT_MODIFIED:
        return Answer(None, 0, None)
    if status != httpx.codes.OK:
        raise _refusal(status, _seconds(headers.get("retry-after")))
    try:
        version = int(headers.get("last-modified-version", ""))
        total = int(headers["total-results"]) if "total-results" in headers else None
        return Answer(json.loads(data), version, total)
    except (ValueError, RecursionError):
        raise LibraryError("Zotero's answer is not in its documented form") from None


def _refusal(status: int, retry_after: float) -> LibraryError:
    if status in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
        return LibraryError(
            f"Zotero does not give access: HTTP {status}",
            hint="set DIGEST_ZOTERO__API_KEY or [zotero] api_key_file; for the program on this "
            "machine allow other programs to read it (Settings, Advanced)",
        )
    if status == httpx.codes.NOT_FOUND:
        return LibraryError(
            "Zotero does not have this library or collection: HTTP 404",
            hint="correct [digest] library",
        )
    is_passing = (
        status == httpx.codes.TOO_MANY_REQUESTS or status >= httpx.codes.INTERNAL_SERVER_ERROR
    )
    return LibraryError(
        f"Zotero cannot answer: HTTP {status}", is_passing=is_passing, retry_after=retry_after
    )


def _papers(items: Sequence[object]) -> Iterator[tuple[str, LibraryPaper]]:
    for item in items:
        data = item.get("data") if isinstance(item, dict) else None
        if not isinstance(data, dict) or data.get("itemType") in _NOT_PAPERS:
            continue
        texts = {name: text for name, text in data.items() if isinstance(text, str)}
        paper = found_paper(
            {
                "title": texts.get("title", ""),
                "abstract": texts.get("abstractNote", ""),
                "doi": texts.get("DOI", ""),
                "url": texts.get("url", ""),
                "number": texts.get("archiveID", ""),
                "note": texts.get("extra", ""),
            }
        )
        if paper and texts.get("key"):
            added = _day(texts.get("dateAdded", ""))
            yield texts["key"], LibraryPaper(paper.title, paper.abstract, paper.paper, added)


def _collections(found: Sequence[object]) -> Iterator[tuple[str, str, str]]:
    """Key, name and parent of each collection."""
    for one in found:
        data = one.get("data") if isinstance(one, dict) else None
        if isinstance(data, dict) and isinstance(data.get("key"), str):
            yield data["key"], str(data.get("name", "")), str(data.get("parentCollection") or "")


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        return ""


def _is_passing(error: BaseException) -> bool:
    return (
        isinstance(error, LibraryError) and error.is_passing and error.retry_after <= _LONGEST_PAUSE
    )


def _pause(state: tenacity.RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    asked = error.retry_after if isinstance(error, LibraryError) else 0.0
    return max(asked, 2.0**state.attempt_number)


def _seconds(text: str | None) -> float:
    return float(text) if text and text.strip().isdecimal() else 0.0
