"""`digest keywords suggest`: words that tell the papers of the digests from all others."""

from __future__ import annotations

import json
from math import log
from pathlib import Path

import pytest
from desk import Desk
from hypothesis import given
from hypothesis import strategies as st
from keyword_days import FIVE_DAYS, followed, topics

from digest.cli import exit_code
from digest.keywords.report import Suggestions
from digest.keywords.suggesting import g2

MINE = (
    "We study the LLM with speculative drafts, at https://example.org/zebra/drafts1",
    "The LLM and speculative drafts of $\\zebra x$ in the 2024 zebra-like \\emph case",
    "We see that the LLM has Speculative drafts",
)
OTHERS = (
    "We study the weather and the sea",
    "The sea is of salt and we see that it is",
    "We study the case of drafts",
    "The sea in the weather has the case with salt at the end",
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Five days, each with all of these."""
    return followed(tmp_path_factory.mktemp("suggest"), ["LLM"], FIVE_DAYS, *MINE, *OTHERS)


def suggested(desk: Desk, keywords: list[str], limit: int = 20) -> Suggestions:
    (desk.folder / "config/keywords.toml").write_text(topics(keywords), encoding="utf-8")
    with desk.app.keywords() as asked:
        return asked.suggest(90, limit)


def test_what_is_frequent_here_and_rare_elsewhere_is_suggested(desk: Desk) -> None:
    report = suggested(desk, ["LLM"])

    assert (report.papers, report.others) == (15, 20)
    assert [(one.term, one.papers, one.others) for one in report.terms[:2]] == [
        ("speculative", 15, 0),
        ("drafts", 15, 5),
    ]
    assert report.terms[0].score == round(g2(15, 15, 0, 20), 1)


def test_no_grammar_numbers_math_commands_addresses_or_keywords(desk: Desk) -> None:
    words = {word for one in suggested(desk, ["LLM"]).terms for word in one.term.split()}

    assert words.isdisjoint({"the", "The", "we", "We", "and", "LLM", "2024", "emph", "zebra"})
    assert not any("example" in word or "http" in word for word in words)


def test_what_a_keyword_finds_already_is_left_out(desk: Desk) -> None:
    report = suggested(desk, ["LLM", "specul"])

    assert not any("specul" in one.term for one in report.terms)
    assert report.terms[0].term == "drafts"


def test_there_are_no_more_than_the_limit(desk: Desk) -> None:
    assert len(suggested(desk, ["LLM"], limit=1).terms) == 1


def test_an_archive_of_kept_papers_alone_gives_nothing_to_compare(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = followed(tmp_path, ["LLM"], FIVE_DAYS, *MINE)

    assert exit_code(("-C", str(desk.folder), "keywords", "suggest")) == 0
    assert "cannot be compared" in capsys.readouterr().out


def test_the_command_prints_counts_of_both_sides(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    suggested(desk, ["LLM"])
    place = ("-C", str(desk.folder), "keywords", "suggest", "--limit", "2")

    assert exit_code(place) == 0
    assert capsys.readouterr().out.splitlines() == [
        "2025-03-10 to 2025-03-14: in your digests 15 papers, elsewhere 20",
        "term        yours elsewhere",
        "speculative    15         0",
        "drafts         15         5",
    ]
    assert exit_code((*place, "--json")) == 0
    assert json.loads(capsys.readouterr().out)["terms"][1]["others"] == 5


counts = st.integers(1, 50).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(counts, counts)
def test_the_score_is_nought_for_equal_shares_and_grows_apart(
    one: tuple[int, int], other: tuple[int, int]
) -> None:
    (papers, of), (others, of_others) = one, other

    score = g2(papers, of, others, of_others)

    assert score >= -1e-9
    if papers * of_others == others * of:
        assert score == pytest.approx(0, abs=1e-9)
    assert score == pytest.approx(g2(others, of_others, papers, of))


def test_the_score_is_dunnings() -> None:
    # Entropies of the rows, the columns and the table, in another form of the same ratio.
    table = ((12, 88), (30, 870))
    cells = [cell for row in table for cell in row]
    rows = [sum(row) for row in table]
    columns = [sum(column) for column in zip(*table, strict=True)]
    total = sum(cells)
    entropy = {id(part): sum(n * log(n / total) for n in part) for part in (cells, rows, columns)}
    expected = 2 * (entropy[id(cells)] - entropy[id(rows)] - entropy[id(columns)])

    assert g2(12, 100, 30, 900) == pytest.approx(expected)
