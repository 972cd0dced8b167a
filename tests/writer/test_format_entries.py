"""The order of a digest, its titles and its names."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from composing import compose
from hypothesis import given
from hypothesis import strategies as st

from digest.matcher import Match
from digest.model import CLEAN, Badge, Digest, Marked, Paper

DAY = date(2025, 11, 28)


def found(*abstract: str | Badge) -> Match:
    """What a matcher finds in an abstract."""
    return Match(("topic",), abstract)


def paper(
    id_: str = "2511.00001",
    published: datetime = datetime(2025, 11, 26, 12, tzinfo=UTC),
    title: str = "A title",
    authors: tuple[str, ...] = ("A. Author",),
) -> Paper:
    url = f"http://arxiv.org/abs/{id_}v1"
    return Paper(id_, 1, url, title, "Text.", authors, ("cs.CL",), published, published)


def composed(*papers: Paper) -> Digest:
    return compose(DAY, [(paper, found(paper.id)) for paper in papers])


def ids(digest: Digest) -> list[str]:
    return [entry.url.removeprefix("http://arxiv.org/abs/")[:-2] for entry in digest.entries]


def test_the_newest_submission_comes_first() -> None:
    early, late = (datetime(2025, 11, 26, hour, tzinfo=UTC) for hour in (9, 10))
    digest = composed(paper("2511.00009", early), paper("2511.00001", late))
    assert ids(digest) == ["2511.00001", "2511.00009"]


def test_equal_times_go_by_id_descending_old_ids_last() -> None:
    expected = ["2512.00002", "2511.10000", "2511.09999", "0704.0001", "hep-th/0003002"]
    expected += ["math.GT/0003001", "hep-th/0003001"]
    assert ids(composed(*map(paper, sorted(expected)))) == expected


@given(st.permutations([f"2511.0000{n}" for n in range(1, 6)]))
def test_the_order_of_what_was_kept_does_not_matter(order: list[str]) -> None:
    assert composed(*map(paper, order)) == composed(*map(paper, sorted(order)))


def test_a_title_loses_its_colons_and_its_white_space_is_folded() -> None:
    digest = composed(paper(title=" LIME:Fast \n and : Light\u2028:\t"))
    assert digest.entries[0].title == "LIMEFast and Light"


def test_names_are_folded_and_empty_ones_are_left_out() -> None:
    digest = composed(paper(authors=("Ada\n  Lovelace ", " ", "B:C")))
    assert digest.entries[0].authors == ("Ada Lovelace", "B:C")


def test_an_entry_shows_the_first_submission_the_link_and_the_marked_abstract() -> None:
    marked: Marked = ("a ", Badge("LLM", "FF8C00"))
    (entry,) = compose(DAY, [(paper(), found(*marked))]).entries
    assert entry.published == date(2025, 11, 26)
    assert entry.url == "http://arxiv.org/abs/2511.00001v1"
    assert entry.abstract == marked


def test_the_clean_style_keeps_colons_and_links_to_the_paper_whatever_its_version() -> None:
    papers = [
        paper(title=" LIME:  Fast\nand : Light "),
        replace(paper("math.GT/0003001"), url="http://arxiv.org/abs/math/0003001v3", version=3),
    ]
    digest = compose(DAY, [(paper, found(paper.id)) for paper in papers], CLEAN)
    assert digest.style == CLEAN
    assert [(entry.title, entry.url) for entry in digest.entries] == [
        ("LIME: Fast and : Light", "https://arxiv.org/abs/2511.00001"),
        ("A title", "https://arxiv.org/abs/math.GT/0003001"),
    ]


def test_the_styles_have_the_same_papers_in_the_same_order() -> None:
    kept = [(paper(f"2511.0000{n}"), found("text")) for n in (3, 1, 2)]
    source, clean = compose(DAY, kept), compose(DAY, kept, CLEAN)
    assert [e.url[-12:-2] for e in source.entries] == [e.url[-10:] for e in clean.entries]
