"""The order by meaning: vectors are kept, fused with words by rank, and never needed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from desk import Desk, shown
from hypothesis import given, settings
from hypothesis import strategies as st
from likeness import CACHE, GLACIER, PRUNING, TODAY
from test_order import kept, titles
from test_order_digests import CORPUS, DAYS, TOPICS, write_library

from digest.writer.order.ordering import LibraryPaper
from digest.writer.order.relevance import ByRelevance

pytest.importorskip("numpy")
from digest.writer.order.meaning import cosines, fused, packed

KEY = "canary-key"
Answer = Callable[[list[str]], httpx.Response]


def vectors(texts: list[str]) -> httpx.Response:
    """A model for which papers are alike whose titles are as long."""
    data = [
        {"index": number, "embedding": [1.0, len(text.split("\n")[0]) / 20]}
        for number, text in enumerate(texts)
    ]
    return httpx.Response(200, json={"data": data[::-1]})


def desk_of(folder: Path, answer: Answer | None, **more: str) -> Desk:
    """A desk whose model answers so, and is not asked if that is None."""
    environ = {
        "DIGEST_DIGEST__ORDER": "relevance",
        "DIGEST_DIGEST__LIBRARY": "papers.bib",
        "DIGEST_LLM__BASE_URL": "http://127.0.0.1:1/v1",
        "DIGEST_LLM__EMBEDDING_MODEL": "length",
        "DIGEST_LLM__API_KEY": KEY,
        **more,
    }
    desk = Desk(folder, CORPUS, topics=TOPICS, environ=environ)
    arxiv = desk.arxiv.transport()

    def routed(request: httpx.Request) -> httpx.Response:
        if request.url.path != "/v1/embeddings":
            return arxiv.handle_request(request)
        assert answer is not None
        assert request.headers["Authorization"] == f"Bearer {KEY}"
        asked = json.loads(request.content)
        assert asked["model"] == "length"
        assert len(asked["input"]) <= 32
        return answer(asked["input"])

    desk.arxiv.transport = lambda: httpx.MockTransport(routed)  # type: ignore[method-assign]
    return desk


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two runs by meaning and words."""
    folder = tmp_path_factory.mktemp("meaning")
    write_library(folder)
    desk = desk_of(folder, vectors)
    for day in DAYS[:2]:
        report = desk.run_on(day)
        assert report.exit_code == 0
        assert not any("vectors" in note for note in report.notes)
    return folder


@pytest.fixture(scope="module")
def by_words(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("words")
    write_library(folder)
    desk = desk_of(folder, None, DIGEST_LLM__EMBEDDING_MODEL="")
    for day in DAYS[:2]:
        desk.run_on(day)
    return desk.files()


def test_an_order_by_meaning_needs_no_network_to_be_made_again(
    made: Path, by_words: dict[str, bytes], tmp_path: Path
) -> None:
    shutil.copytree(made, tmp_path / "desk")
    desk = desk_of(tmp_path / "desk", None)
    files = desk.files()
    assert files != by_words
    for name, data in files.items():
        assert sorted(shown(data)) == sorted(shown(by_words[name]))
    assert {one.action for one in desk.app.rebuild(None, None, diff=False)} == {"unchanged"}
    assert {one.action for one in desk.app.rebuild(DAYS[0], DAYS[1], diff=False)} == {"unchanged"}
    # Without the model a day that is named goes by words, the others stay.
    desk = desk_of(tmp_path / "desk", None, DIGEST_LLM__EMBEDDING_MODEL="")
    assert {one.action for one in desk.app.rebuild(None, None, diff=False)} == {"unchanged"}
    assert {one.action for one in desk.app.rebuild(DAYS[0], DAYS[1], diff=False)} == {"rewritten"}
    assert desk.files() == by_words


@pytest.mark.parametrize(
    "answer",
    [
        lambda _: httpx.Response(401),
        lambda _: httpx.Response(404),
        lambda _: httpx.Response(429, headers={"Retry-After": "3600"}),
        lambda _: httpx.Response(500),
        lambda _: httpx.Response(200, content=b"<html>"),
        lambda _: httpx.Response(200, json={"data": []}),
        lambda texts: httpx.Response(
            200, json={"data": [{"index": 0, "embedding": [0.0]}] * len(texts)}
        ),
        lambda _: httpx.Response(302, headers={"Location": "http://127.0.0.1:2/"}),
    ],
)
def test_without_vectors_words_alone_make_the_order(
    answer: Answer, by_words: dict[str, bytes], tmp_path: Path
) -> None:
    write_library(tmp_path)
    desk = desk_of(tmp_path, answer)
    for day in DAYS[:2]:
        report = desk.run_on(day)
        assert report.exit_code == 0
        (note,) = [note for note in report.notes if "vectors" in note]
        assert note.startswith("ordered by words alone, as vectors are missing: ")
        assert KEY not in note and "\n" not in note
    assert desk.files() == by_words


def test_places_in_both_orders_are_fused_and_words_are_still_named() -> None:
    by_title = {CACHE: [1.0, 0.0], GLACIER: [0.0, 1.0], PRUNING: [0.9, 0.1]}

    def of(texts: object) -> list[bytes]:
        assert isinstance(texts, list)
        return [packed(by_title.get(text, [0.5, 0.5])) for text in texts]

    placed = ByRelevance([LibraryPaper(*CACHE)], (), "model", of).placed(kept(*TODAY))
    assert titles(placed)[:2] == [CACHE[0], PRUNING[0]]
    assert titles(placed)[-1] == GLACIER[0]
    assert {one.relevance.model for one in placed if one.relevance} == {"model"}
    assert placed[0].relevance and placed[0].relevance.words


_numbers = st.lists(st.floats(-100, 100), min_size=5, max_size=5).filter(
    lambda found: sum(abs(each) for each in found) > 0.1
)


@given(st.lists(_numbers, min_size=1, max_size=4))
@settings(max_examples=50, deadline=None)
def test_cosines_are_those_of_the_numbers_but_for_rounding(found: list[list[float]]) -> None:
    vectors = list(map(packed, found))
    assert {len(each) for each in vectors} == {10}
    for number, row in enumerate(cosines(vectors, vectors)):
        assert row[number] == pytest.approx(1, abs=0.003)
        for other, cosine in enumerate(row):
            length = (
                sum(x * x for x in found[number]) ** 0.5 * sum(x * x for x in found[other]) ** 0.5
            )
            exact = sum(x * y for x, y in zip(found[number], found[other], strict=True)) / length
            assert cosine == pytest.approx(exact, abs=0.003)


def test_equal_scores_share_a_place() -> None:
    assert fused([3.0, 1.0, 1.0]) == [1 / 61, 1 / 62, 1 / 62]
    with pytest.raises(ValueError, match="direction"):
        packed([0.0, 0.0])
