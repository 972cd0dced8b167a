"""A library in Zotero: read and added to on loopback; any fault leaves the last known order."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import httpx
import pytest
from desk import Desk, shown
from test_order_digests import CORPUS, DAYS, TOPICS
from test_order_marks import mark
from zotero_standin import KEY, Fault, Standin, zotero

from digest.app.library import Added, refresh
from digest.app.world import real_world
from digest.archive import Archive
from digest.config import load
from digest.config.workspace import create
from digest.config.zotero import ZoteroSource, zotero_source
from digest.model.errors import LibraryError
from digest.writer.order.stars import Starred
from digest.writer.zotero import Zotero

FAULTS = {
    "403": Fault(403, b"Forbidden"),
    "404": Fault(404),
    "429 for ever": Fault(429, headers={"Retry-After": "2"}),
    "429 for an hour": Fault(429, headers={"Retry-After": "3600"}),
    "500": Fault(500),
    "503": Fault(503, headers={"Retry-After": "soon"}),
    "redirect": Fault(302, headers={"Location": "http://127.0.0.1:1/"}),
    "not JSON": Fault(200, b"<html>", {"Last-Modified-Version": "9"}),
    "another form": Fault(200, b'{"items": 1}', {"Last-Modified-Version": "9"}),
    "no version": Fault(200, b"[]"),
    "too few": Fault(200, b"[]", {"Last-Modified-Version": "9", "Total-Results": "5"}),
    "hangs up": Fault(hangs_up=True),
    "deep JSON": Fault(200, b"[" * 100_000, {"Last-Modified-Version": "9"}),
}


@pytest.fixture
def standin() -> Iterator[Standin]:
    with zotero() as found:
        yield found


def client(standin: Standin, path: str = "users/7", slept: list[float] | None = None) -> Zotero:
    return Zotero(
        httpx.Client(trust_env=False, timeout=5),
        f"{standin.url}/{path}",
        KEY if path != "users/0" else "",
        sleep=(slept if slept is not None else []).append,
    )


def test_items_of_all_pages_become_papers(standin: Standin) -> None:
    for number in range(230):
        standin.add(f"K{number:03d}", f"Paper {number}", "On caches.")
    standin.add("ARX", "With id", "", archiveID="arXiv:2511.00001", url="")
    standin.add("NOTE", "", itemType="note")
    standin.add("ATT", "A file", itemType="attachment")
    read = client(standin).papers("", None)
    assert read
    version, papers = read
    assert version == standin.version
    assert len(papers) == 231
    assert {one.added for one in papers} == {"2026-01-02"}
    assert [one.paper for one in papers if one.title == "With id"] == ["2511.00001"]
    assert len(standin.asked) == 3
    assert client(standin).papers("", version) is None


def test_collections_are_named_by_key_or_pattern_with_those_inside(standin: Standin) -> None:
    for key, name, parent in (
        ("AAA", "Quantum", False),
        ("BBB", "Inner", "AAA"),
        ("CCC", "Bio", False),
    ):
        standin.collections[key] = {"key": key, "name": name, "parentCollection": parent}
    standin.add("1", "One", collections=["AAA"])
    standin.add("2", "Two", collections=["BBB", "AAA"])
    standin.add("3", "Three", collections=["CCC"])

    def titles(collections: str) -> list[str]:
        read = client(standin).papers(collections, None)
        assert read
        return [one.title for one in read[1]]

    assert titles("quant*") == ["One", "Two"]
    assert titles("BBB") == ["Two"]
    assert titles("*") == ["One", "Two", "Three"]
    with pytest.raises(LibraryError, match="no collection 'None'"):
        titles("None")


def test_rate_limits_are_respected(standin: Standin) -> None:
    standin.add("1", "One")
    standin.faults.append(Fault(429, headers={"Retry-After": "7"}, times=2))
    standin.backoff = "5"
    slept: list[float] = []
    assert client(standin, slept=slept).papers("", None)
    assert slept == [7, 7, 5]


def test_a_library_that_changes_while_it_is_read_is_read_again(standin: Standin) -> None:
    for number in range(150):
        standin.add(f"K{number:03d}", f"Paper {number}")
    standin.changes = 2
    read = client(standin).papers("", None)
    assert read and len(read[1]) == 150
    assert len(standin.asked) == 4


def test_items_are_added_in_fifties_and_a_repetition_adds_nothing(standin: Standin) -> None:
    items = [{"itemType": "preprint", "title": f"New {number}"} for number in range(70)]
    assert client(standin).add(items, "token123") == 70
    assert len(standin.items) == 70
    with pytest.raises(LibraryError, match="HTTP 412"):
        client(standin).add(items, "token123")
    assert len(standin.items) == 70


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("zotero:", ZoteroSource("", "")),
        ("zotero:users/123", ZoteroSource("users/123", "")),
        ("zotero:groups/4/collections/A B*", ZoteroSource("groups/4", "A B*")),
        ("zotero:collections/ABC", ZoteroSource("", "ABC")),
    ],
)
def test_sources_read_back(text: str, source: ZoteroSource) -> None:
    assert zotero_source(text) == source
    assert str(source) == text


@pytest.mark.parametrize(
    "text", ["zotero:users", "zotero:users/a", "zotero:/x", "zotero:users/1collections/A"]
)
def test_other_texts_name_no_library(text: str) -> None:
    with pytest.raises(ValueError, match="is not a Zotero library"):
        zotero_source(text)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run by a library that Zotero gave."""
    folder = tmp_path_factory.mktemp("zotero")
    with zotero() as standin:
        for number, one in enumerate(CORPUS.papers(date(2025, 2, 3))[:20]):
            standin.add(f"K{number}", one.title, one.abstract)
        desk = desk_of(folder, standin.url)
        assert desk.run_on(DAYS[0]).exit_code == 0
        assert standin.asked
    return folder


def desk_of(folder: Path, url: str) -> Desk:
    environ = {
        "DIGEST_DIGEST__ORDER": "relevance",
        "DIGEST_DIGEST__LIBRARY": "zotero:users/7",
        "DIGEST_ZOTERO__URL": url,
        "DIGEST_ZOTERO__API_KEY": KEY,
    }
    desk = Desk(folder, CORPUS, topics=TOPICS, environ=environ)
    arxiv = desk.arxiv.transport()

    def routed(request: httpx.Request) -> httpx.Response:
        """Questions to arXiv go to the simulator, those to Zotero to the network."""
        to_zotero = request.url.path.startswith("/users/")
        return (httpx.HTTPTransport() if to_zotero else arxiv).handle_request(request)

    desk.arxiv.transport = lambda: httpx.MockTransport(routed)  # type: ignore[method-assign]
    return desk


@pytest.fixture(scope="module")
def expected(made: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What the next day looks like by the last known library."""
    folder = tmp_path_factory.mktemp("expected") / "desk"
    shutil.copytree(made, folder)
    desk = desk_of(folder, "http://127.0.0.1:1")
    report = desk.run_on(DAYS[1])
    assert report.exit_code == 0
    assert any("zotero:users/7 is not up to date: no connection" in one for one in report.notes)
    return desk.files()


@pytest.mark.parametrize("name", FAULTS)
def test_any_fault_ends_in_the_last_known_order_and_one_line_why(
    standin: Standin, made: Path, expected: dict[str, bytes], tmp_path: Path, name: str
) -> None:
    shutil.copytree(made, tmp_path / "desk")
    standin.faults.append(replace(FAULTS[name]))
    desk = desk_of(tmp_path / "desk", standin.url)
    report = desk.run_on(DAYS[1])
    assert report.exit_code == 0
    (note,) = [one for one in report.notes if "zotero" in one.lower()]
    assert note.startswith("zotero:users/7 is not up to date: ")
    assert note.endswith("; that of 2025-03-03 is used") and "\n" not in note
    assert KEY not in note
    assert desk.files() == expected
    # What is made again asks nobody.
    asked = list(standin.asked)
    assert {one.action for one in desk.app.rebuild(None, None, diff=False)} == {"unchanged"}
    assert standin.asked == asked


def test_starred_papers_are_added_once(standin: Standin, made: Path, tmp_path: Path) -> None:
    shutil.copytree(made, tmp_path / "desk")
    desk = desk_of(tmp_path / "desk", standin.url)
    ids = [name.partition("v")[0] for name in shown(desk.path(DAYS[0]).read_bytes())]
    mark(desk, [*ids[:2], "2412.99999"], ids[2:3])
    assert desk.app.add_starred(None) == Added("zotero:users/7", 2, 0, 1)
    assert {one["archiveID"] for one in standin.items.values()} == {f"arXiv:{i}" for i in ids[:2]}
    assert desk.app.add_starred(None) == Added("zotero:users/7", 0, 2, 1)
    standin.faults.append(Fault(403))
    with pytest.raises(LibraryError, match="HTTP 403"):
        desk.app.add_starred(Starred((ids[3],), ()))
    standin.faults.clear()
    assert desk.app.add_starred(Starred((ids[3],), ())).added == 1
    # What was added from elsewhere is known once it was read.
    assert desk.run_on(DAYS[1]).exit_code == 0
    assert len(standin.items) == 3


def test_the_key_goes_to_the_web_and_not_to_this_machine(standin: Standin, tmp_path: Path) -> None:
    create(tmp_path)
    environ = {
        "DIGEST_DIGEST__LIBRARY": "zotero:",
        "DIGEST_ZOTERO__LOCAL_URL": standin.url,
        "DIGEST_ZOTERO__API_KEY": KEY,
    }
    config = load(tmp_path, environ)
    standin.add("1", "One")
    with Archive(":memory:") as archive:
        assert refresh(config, real_world(), archive) == []
        snapshot = archive.libraries.snapshot("zotero:")
    assert snapshot and len(snapshot.papers) == 1
    assert standin.asked == ["GET /users/0/items/top?format=json&limit=100&start=0"]
