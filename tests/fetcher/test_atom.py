"""arXiv's answers: what is read, what is refused, and that the package reads what is there."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from arxiv import _feed
from asking import invented
from lxml import etree

from digest.fetcher.query.atom import error_message, parse_page
from digest.model import Paper, PaperId
from digest.model.errors import FetchError, Refused, Unavailable
from digest.simulator.atom import Page as Feed
from digest.simulator.atom import error_feed, feed

ATOM = "{http://www.w3.org/2005/Atom}"
ARXIV = "{http://arxiv.org/schemas/atom}"
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


def body_of(*papers: Paper, total: int | None = None) -> bytes:
    count = len(papers)
    return feed(Feed("all:x", "all:x", "", 0, 10, count if total is None else total, papers), NOON)


PAPERS = tuple(invented(f"2603.0000{n}", NOON, title=f"Paper {n}") for n in range(1, 4))
BODY = body_of(*PAPERS)


def changed(old: str, new: str, body: bytes = BODY) -> bytes:
    assert old.encode() in body
    return body.replace(old.encode(), new.encode())


def refusal(body: bytes) -> str:
    with pytest.raises(Refused) as caught:
        parse_page(body)
    return caught.value.message


def failure(body: bytes) -> str:
    with pytest.raises(Unavailable) as caught:
        parse_page(body)
    return caught.value.message


def test_papers_come_as_they_were_sent() -> None:
    sent = Paper(
        id="2603.00001",
        version=2,
        url="http://arxiv.org/abs/2603.00001v2",
        title="Tides & <clocks>",
        abstract="A first part.\n  A second one, with $a<b$ & more.",
        authors=("Mara Quill", "Ødegård, O."),
        categories=("cs.CL", "math.CO"),
        published=NOON,
        updated=datetime(2026, 3, 10, 13, 0, 1, tzinfo=UTC),
        comment="12 pages",
        doi="10.1234/tide",
        journal_ref="J. Tides 1",
    )
    page = parse_page(body_of(sent, total=7))
    assert page.papers == (sent,)
    assert (page.total, page.entries, page.rejected) == (7, 1, ())


def test_an_empty_answer_is_an_empty_page() -> None:
    page = parse_page(body_of())
    assert (page.total, page.entries, page.papers) == (0, 0, ())


def test_a_paper_that_comes_twice_in_a_page_is_told_twice() -> None:
    page = parse_page(body_of(PAPERS[0], PAPERS[0]))
    assert page.papers == (PAPERS[0], PAPERS[0])


def test_a_paper_without_authors_abstract_or_comment_is_one() -> None:
    bare = changed("<summary>We count the tides.</summary>", "<summary/>", body_of(PAPERS[0]))
    bare = re.sub(rb"\s*<author>.*?</author>", b"", bare, flags=re.DOTALL)
    (paper,) = parse_page(bare).papers
    assert (paper.abstract, paper.authors, paper.comment) == ("", (), None)


# One entry that is unusable, among others that are not.


@pytest.mark.parametrize("name", ["title", "summary", "published", "updated", "id"])
def test_an_entry_without_an_element_is_named_and_the_others_come(name: str) -> None:
    entry = re.compile(rf"(<entry>.*?)<{name}>.*?</{name}>".encode(), re.DOTALL)
    page = parse_page(entry.sub(rb"\1", BODY, count=1))
    assert page.entries == 3
    assert page.papers == PAPERS[1:]
    (rejected,) = page.rejected
    assert f"<{name}>" in rejected.reason
    assert rejected.id == ("" if name == "id" else "2603.00001v1")


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (">2026-03-10T12:00:00Z</published>", "></published>", "<published> is no date"),
        (">2026-03-10T12:00:00Z</published>", ">yesterday</published>", "'yesterday'"),
        (
            ">2026-03-10T12:00:00Z</published>",
            ">2026-02-30T12:00:00Z</published>",
            "2026-02-30T12:00:00Z",
        ),
        ("/abs/2603.00001v1<", "/abs/2603.00001<", "has no version"),
        ("/abs/2603.00001v1<", "/abs/nonsense<", "is not an arXiv id"),
        (">We count the tides.<", "><b>We</b> count the tides.<", "elements inside"),
    ],
)
def test_an_entry_with_a_wrong_value_is_named(old: str, new: str, reason: str) -> None:
    start, end = BODY.split(b"</entry>", 1)
    page = parse_page(changed(old, new, start) + b"</entry>" + end)
    assert page.papers == PAPERS[1:]
    assert reason in page.rejected[0].reason


# Answers that have changed for good.


@pytest.mark.parametrize("name", ["title", "summary", "published", "updated", "id"])
def test_a_renamed_element_is_a_changed_interface_and_named(name: str) -> None:
    head, entries = BODY.split(b"<entry>", 1)
    renamed = re.sub(rf"<(/?){name}>".encode(), rb"<\1other>", entries)
    assert f"<{name}>" in refusal(head + b"<entry>" + renamed)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("opensearch:totalResults>", "opensearch:total>"),
        ("totalResults>3<", "totalResults><"),
        ("totalResults>3<", "totalResults>many<"),
        ("totalResults>3<", "totalResults>-3<"),
    ],
)
def test_a_missing_total_is_a_changed_interface_and_named(old: str, new: str) -> None:
    assert "<opensearch:totalResults>" in refusal(changed(old, new))


# Error entries.


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("fragment", ["", "#incorrect_id_format_for_abc"])
def test_an_error_entry_is_refused_with_its_message(scheme: str, fragment: str) -> None:
    body = error_feed("no such & such", f"{scheme}://arxiv.org/api/errors{fragment}", NOON)
    assert refusal(body) == "arXiv refused the request: no such & such"
    assert error_message(body) == "arXiv refused the request: no such & such"


def test_an_error_entry_that_points_to_the_manual_is_one() -> None:
    body = error_feed("sortBy must be in: x", "https://arxiv.org/help/api/user-manual#sort", NOON)
    assert refusal(body) == "arXiv refused the request: sortBy must be in: x"


def test_a_paper_may_be_called_error() -> None:
    papers = (invented("2603.00001", NOON, title="Error"),)
    assert parse_page(body_of(*papers)).papers == papers


def test_a_feed_of_papers_has_no_error_message() -> None:
    assert error_message(BODY) is None
    assert error_message(b"Rate exceeded.") is None


# Answers that are no feed, or not all of one.


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b"Rate exceeded.", "Rate exceeded."),
        (b"<html><body>Rate exceeded.</body></html>", "<html>"),
        (b"<!DOCTYPE html><html><p>one<br>two</html>", "not XML"),
        (b"<feed><entry/></feed>", "not an Atom feed"),
        (b"\xff\xfe\x00garbage", "not XML"),
        (BODY + b"<feed/>", "not XML"),
    ],
)
def test_what_is_no_feed_is_worth_asking_again(body: bytes, said: str) -> None:
    assert said in failure(body)


def test_a_truncated_feed_is_never_read_in_part() -> None:
    papers = [invented(f"2603.{n:05d}", NOON) for n in range(1, 60)]
    body = body_of(*papers)
    for length in range(0, len(body.rstrip()), 1000):
        assert failure(body[:length])


def with_entity(definitions: str, place: str) -> bytes:
    """The page with a document type of its own and one of its entities at a place."""
    doctype = f"<!DOCTYPE feed [{definitions}]>"
    return changed("<feed ", f"{doctype}<feed ", changed(place, f"{place}&x;"))


PLACES = pytest.mark.parametrize("place", ["<name>Mara Quill", "<title>Paper 1", "<summary>We"])


@PLACES
def test_entities_do_not_multiply(place: str) -> None:
    steps = [f'<!ENTITY x{n} "{f"&x{n + 1};" * 10}">' for n in range(1, 9)]
    bomb = '<!ENTITY x "&x1;&x1;">' + "".join(steps) + '<!ENTITY x9 "boom">'
    assert "boom" not in failure(with_entity(bomb, place))


@PLACES
def test_entities_do_not_read_files(place: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("a secret")
    body = with_entity(f'<!ENTITY x SYSTEM "{secret.as_uri()}">', place)
    assert "document type" in failure(body)


# The package's private parser against an independent reading.


def read_plainly(body: bytes) -> list[dict[str, object]]:
    """The entries of a feed, read without the package."""

    def moment(text: str) -> datetime:
        return datetime.fromisoformat(text.strip().replace("Z", "+00:00")).astimezone(UTC)

    return [
        {
            "url": entry.findtext(f"{ATOM}id"),
            "title": " ".join(str(entry.findtext(f"{ATOM}title")).split()),
            "abstract": str(entry.findtext(f"{ATOM}summary")).strip(),
            "authors": tuple(str(name.text).strip() for name in entry.iter(f"{ATOM}name")),
            "categories": tuple(
                str(element.get("term")) for element in entry.findall(f"{ATOM}category")
            ),
            "published": moment(str(entry.findtext(f"{ATOM}published"))),
            "updated": moment(str(entry.findtext(f"{ATOM}updated"))),
            "comment": entry.findtext(f"{ARXIV}comment"),
            "doi": entry.findtext(f"{ARXIV}doi"),
            "journal_ref": entry.findtext(f"{ARXIV}journal_ref"),
        }
        for entry in etree.fromstring(body).iter(f"{ATOM}entry")
    ]


def assert_read_alike(body: bytes, papers: Iterable[Paper]) -> None:
    plainly = read_plainly(body)
    read = [{name: getattr(paper, name) for name in plainly[0]} for paper in papers]
    assert read == plainly
    for paper in papers:
        assert PaperId.parse(paper.url) == PaperId(paper.id, paper.version)


def test_the_package_reads_invented_papers_as_a_plain_reading_does() -> None:
    assert_read_alike(BODY, parse_page(BODY).papers)


# Recorded answers: file, entries, total. The manifest beside them tells where they come from.

RECORDED = os.environ.get("DIGEST_RECORDED")
needs_recorded = pytest.mark.skipif(
    not RECORDED, reason="DIGEST_RECORDED names no folder with arXiv's recorded answers"
)


def recorded(*patterns: str) -> list[Path]:
    folder = Path(RECORDED or "")
    files = [file for pattern in patterns for file in sorted(folder.glob(pattern))]
    assert files, f"no {patterns} in {folder}"
    return files


def one(pattern: str) -> bytes:
    (file,) = recorded(f"atom/*{pattern}*")
    return file.read_bytes()


def told_by_the_package(body: bytes) -> list[tuple[object, ...]]:
    """What the parser of the `arxiv` package finds: private, so only tests ask it."""
    return [
        (
            *(result.entry_id, result.title.strip(), result.summary.strip()),
            tuple(author.name.strip() for author in result.authors),
            (tuple(result.categories), result.published, result.updated),
            (result.comment, result.doi, result.journal_ref),
        )
        for result in _feed.parse(body).results
    ]


def told_by_us(body: bytes) -> list[tuple[object, ...]]:
    return [
        (
            *(paper.url, paper.title, paper.abstract, paper.authors),
            (paper.categories, paper.published, paper.updated),
            (paper.comment, paper.doi, paper.journal_ref),
        )
        for paper in parse_page(body).papers
    ]


def test_papers_are_those_that_the_package_finds() -> None:
    assert told_by_us(BODY) == told_by_the_package(BODY)
    assert len(told_by_us(BODY)) == len(PAPERS)


@needs_recorded
def test_recorded_papers_are_those_that_the_package_finds() -> None:
    for file in recorded("atom/*testing*", "atom/*radar*", "atom/*malkreide*", "atom/*_id_[1q]*"):
        body = file.read_bytes()
        assert told_by_us(body) == told_by_the_package(body), file
        assert told_by_us(body)


@needs_recorded
@pytest.mark.parametrize(
    ("name", "entries", "total"),
    [
        ("q_testing_s0_m100_", 100, 214881),
        ("q_testing_s0_m10_", 10, 214881),
        ("q_testing_s50_m10_", 10, 214881),
        ("q_testing_s9_m15_", 15, 214881),
        ("id_0000.0000_", 0, 0),
        ("id_0808.05394_s0_", 0, 0),
        ("id_0808.05394_1707.08567_", 1, 1),
        ("id_1605.08386_", 1, 1),
        ("id_quant-ph_0201082v1_", 1, 1),
        ("id_astro-ph_0601001_", 1, 1),
        ("ai-alpha-radar", 25, 424441),
        ("malkreide", 2, None),
        ("xiv_arxiv_empty", 0, 0),
    ],
)
def test_recorded_answers_are_read_in_full(name: str, entries: int, total: int | None) -> None:
    page = parse_page(one(name))
    assert (page.entries, len(page.papers), page.rejected) == (entries, entries, ())
    assert total is None or page.total == total


@needs_recorded
def test_every_recorded_page_is_read_as_a_plain_reading_does() -> None:
    pages = [file.read_bytes() for file in recorded("atom/*.xml") if "400" not in file.name]
    assert len(pages) > 20
    for body in pages:
        papers = parse_page(body).papers
        if papers:
            assert_read_alike(body, papers)


@needs_recorded
def test_a_recorded_title_of_zero_is_a_title() -> None:
    (paper,) = parse_page(one("id_2104.12255v1_")).papers
    assert paper.title == "0"


@needs_recorded
def test_recorded_old_ids_are_read_whole() -> None:
    (first,) = parse_page(one("id_quant-ph_0201082v1_")).papers
    (second,) = parse_page(one("id_astro-ph_0601001_")).papers
    assert (first.id, first.version) == ("quant-ph/0201082", 1)
    assert second.id == "astro-ph/0601001"


@needs_recorded
def test_the_legacy_format_is_read_in_utc_and_on_one_line() -> None:
    page = parse_page(one("xiv_arxiv_response"))
    assert page.papers
    for paper in page.papers:
        assert paper.published.tzinfo is UTC
        assert "\n" not in paper.title


@pytest.mark.parametrize(
    ("body", "name"),
    [(b'<feed xmlns="http://[}]"/>', "feed"), (b'<:feed xmlns="relative"/>', ":feed")],
)
def test_a_name_that_lxml_reads_and_cannot_split_is_another_one(body: bytes, name: str) -> None:
    with pytest.raises(ValueError, match="Invalid tag name"):
        etree.QName(etree.fromstring(body))
    assert failure(body) == f"arXiv's answer is not an Atom feed but <{name}>"
    assert error_message(body) is None


def test_an_entry_under_such_a_name_is_told() -> None:
    body = changed("<entry>", '<entry xmlns="http://[}]">', body_of(PAPERS[0]))
    assert refusal(body).endswith("there is no <entry> but <entry>")


@needs_recorded
def test_recorded_errors_are_refused_with_their_message() -> None:
    errors = recorded(
        "atom/*http400*", "atom/*error_400*", "from_arxiv_server_code/classic_api/*.xml"
    )
    assert len(errors) >= 14
    for file in errors:
        summary = etree.fromstring(file.read_bytes()).findtext(f"{ATOM}entry/{ATOM}summary")
        assert summary
        assert refusal(file.read_bytes()).endswith(summary.strip()), file.name
    assert "incorrect id format for abc" in refusal(one("id_abc_"))
    assert "Invalid query string" in refusal(one("invalid_query"))


@needs_recorded
def test_a_recorded_page_cut_anywhere_is_never_read_in_part() -> None:
    body = one("q_testing_s0_m100_")
    for length in range(0, len(body.rstrip()), 1000):
        with pytest.raises(FetchError) as caught:
            parse_page(body[:length])
        assert isinstance(caught.value, Unavailable)
