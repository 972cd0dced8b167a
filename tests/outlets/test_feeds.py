"""The feeds, read back by feed parsers, whatever is in the digests."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import atoma
import feedparser
import pytest
from asking import invented
from desk import Desk, morning
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from strange_papers import ATTACKS, editions
from upkeeping import CORPUS, DAYS, copied

from digest.matcher import Match
from digest.model import CLEAN, SOURCE, Badge, Period
from digest.model.errors import WriteError
from digest.model.tex import pieces
from digest.model.tex import plain as shown_text
from digest.outlets.facts import marked_title, notes
from digest.outlets.feeds.atom import atom
from digest.outlets.feeds.composing import feeds
from digest.outlets.feeds.contents import fit, on_one_line, paper_html, title_of
from digest.outlets.feeds.feed import Feed
from digest.outlets.feeds.jsonfeed import json_feed
from digest.outlets.feeds.naming import slug
from digest.writer.editions import Edition, Shown
from digest.writer.format.badges import plain
from digest.writer.format.entries import entry_of

SITE = "https://reader.example/papers"
NAMES = ["papers", "digests"]


def shown_in_full(text: str) -> str:
    return "".join(map(shown_text, pieces(text)))


class Text(HTMLParser):
    """What a browser shows of HTML, and which elements it makes of it."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.elements: set[tuple[str, str]] = set()
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements |= {(tag, name) for name, _ in attrs} or {(tag, "")}

    def handle_data(self, data: str) -> None:
        self.text += data


HARMLESS = {("p", "dir"), ("strong", ""), ("br", ""), ("ul", ""), ("li", "dir"), ("a", "href")} | {
    *(("p", ""), ("a", "rel"), ("b", ""), ("i", ""), ("code", ""), ("small", "")),
}


def folded(text: str) -> str:
    return "".join(fit(text).split())


def read_atom(data: bytes) -> feedparser.FeedParserDict:
    """An Atom document that is well-formed and valid to feedparser, texts as they are."""
    found = feedparser.parse(data, sanitize_html=False, resolve_relative_uris=False)
    assert not found.bozo
    assert found.version == "atom10"
    return found


def made(day: date, *ids: str, topics: tuple[str, ...] = ("efficient-llm",)) -> Edition:
    """A digest of invented papers."""
    shown = []
    for each in ids:
        paper = invented(each, datetime(2025, 11, 20, tzinfo=UTC), title=f"Tides: {each}")
        match = Match(topics, ("We count ", Badge("tides", "F08080"), ".\n  And again."))
        shown.append(Shown(paper, match, entry_of(paper, match, SOURCE)))
    return Edition(Period.of(day), SOURCE, tuple(shown), "complete")


def by_name(found: list[Edition], *topics: str, site: str = "") -> dict[str, Feed]:
    return {feed.name: feed for feed in feeds(found, topics, site)}


@settings(max_examples=40)
@given(editions(), st.sampled_from(["", SITE]))
def test_a_feed_of_papers_reads_back_as_it_was(found: list[Edition], site: str) -> None:
    wanted = [(edition.day, shown) for edition in found[::-1] for shown in edition.shown]
    for feed in feeds(found, ["efficient-llm", "Über; alles"], site):
        if feed.name == "digests":
            continue
        read, other = read_atom(atom(feed)), atoma.parse_json_feed_bytes(json_feed(feed))
        topic = feed.title.removeprefix("arXiv papers").removeprefix(": ")
        papers = [pair for pair in wanted if not topic or topic in pair[1].match.topics]
        assert len(read.entries) == len(other.items) == len(papers)
        for entry, item, (day, shown) in zip(read.entries, other.items, papers, strict=True):
            title = on_one_line(marked_title(shown.paper)) or shown.paper.id
            assert " ".join(entry.title.split()) == item.title == title
            assert entry.id == entry.link == item.id_ == item.url
            assert entry.id == f"https://arxiv.org/abs/{shown.paper.id}"
            assert entry.updated == f"{day}T00:00:00+00:00"
            assert item.date_published == datetime(day.year, day.month, day.day, tzinfo=UTC)
            authors = [*filter(None, map(on_one_line, shown.entry.names))]
            assert [author.name for author in entry.get("authors", [])] == authors
            for html in (entry.content[0].value, item.content_html):
                shows = Text(html)
                assert folded(shows.text) == folded(
                    "".join(shown.entry.names and [", ".join(map(on_one_line, shown.entry.names))])
                    + shown_in_full(plain(shown.match.abstract))
                    + "·".join(map(shown_in_full, notes(shown.paper)))
                )
                assert shows.elements <= HARMLESS


@settings(max_examples=30)
@given(editions(), st.sampled_from(["", SITE]))
def test_a_feed_of_digests_reads_back_as_it_was(found: list[Edition], site: str) -> None:
    for feed in feeds(found, [], site):
        if feed.name != "digests":
            continue
        read, other = read_atom(atom(feed)), atoma.parse_json_feed_bytes(json_feed(feed))
        for entry, item, edition in zip(read.entries, other.items, found[::-1], strict=True):
            assert entry.title == item.title
            assert entry.title.startswith(f"{edition.day}: {len(edition.shown)} paper")
            assert entry.title.endswith(", incomplete") == (edition.state == "partial")
            assert entry.id == item.id_
            assert entry.link == (
                f"{site}/day/{edition.day}.html" if site else f"../{edition.day}.md"
            )
            assert item.url == (entry.link if site else None)
            shows = Text(item.content_html)
            assert entry.content[0].value == item.content_html
            assert shows.elements <= HARMLESS
            for shown in edition.shown:
                assert folded(title_of(shown)) in folded(shows.text)


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_is_text(attack: str) -> None:
    paper = invented("2511.21669", datetime(2025, 11, 20, tzinfo=UTC), title=attack)
    match = Match(("efficient-llm",), (attack, Badge(attack, "F08080")))
    shown = Shown(paper, match, entry_of(paper, match, CLEAN))
    edition = Edition(Period.of(date(2025, 11, 21)), CLEAN, (shown,), "complete")
    for feed in feeds([edition], ["efficient-llm"], SITE):
        document = etree.fromstring(atom(feed))
        assert {etree.QName(element).localname for element in document.iter()} <= {
            *("feed", "id", "title", "updated", "author", "name", "generator", "link"),
            *("entry", "content", "published", "category"),
        }
        (item,) = json.loads(json_feed(feed))["items"]
        shows = Text(item["content_html"])
        assert shows.elements <= HARMLESS
        expected = title_of(shown) if feed.name == "digests" else shown_in_full(attack * 2)
        assert folded(expected) in folded(shows.text)
        assert not set("\x00\x1b\x9f\u202a\u202e\u2066\ufffe") & set(shows.text + item["title"])
        assert urlsplit(item["url"]).scheme == "https"


def test_an_author_who_is_followed_is_strong() -> None:
    paper = invented("2511.21669", datetime(2025, 11, 20, tzinfo=UTC))
    paper = replace(paper, authors=("Mara  <b>Quill", "Jan Fenn"))
    match = Match((), ("No word.",), (Badge("Mara <b>Quill", "6495ED"),))
    shown = Shown(paper, match, entry_of(paper, match, SOURCE))
    byline, abstract = paper_html(shown).split("\n")
    assert byline == '<p dir="auto"><strong>Mara &lt;b&gt;Quill</strong>, Jan Fenn</p>'
    assert "strong" not in abstract


def test_no_title_turns_the_direction_of_what_is_beside_it() -> None:
    assert fit("\u202egnp.exe\u2066 \u200fשלום") == "\ufffdgnp.exe\ufffd \u200fשלום"


def test_the_newest_digest_is_first_and_says_how_new_a_feed_is() -> None:
    found = by_name([made(DAYS[0], "2511.00001"), made(DAYS[1], "2511.00003", "2511.00002")])
    assert [item.id[-5:] for item in found["papers"].items] == ["00003", "00002", "00001"]
    assert [item.day for item in found["digests"].items] == [DAYS[1], DAYS[0]]
    assert found["papers"].day == found["digests"].day == DAYS[1]
    assert read_atom(atom(found["papers"])).feed.updated == f"{DAYS[1]}T00:00:00+00:00"


def test_a_paper_is_an_item_once_and_keeps_its_colon() -> None:
    found = by_name([made(DAYS[0], "2511.00001"), made(DAYS[1], "2511.00001")])
    (item,) = found["papers"].items
    assert (item.title, item.day) == ("Tides: 2511.00001", DAYS[1])


def test_a_topic_has_its_papers_only() -> None:
    of_both = made(DAYS[0], "2511.00001", topics=("robots", "efficient-llm"))
    of_one = made(DAYS[1], "2511.00002", topics=("robots",))
    found = by_name([of_both, of_one], "efficient-llm", "robots", "tides")
    ids = {name: [item.id[-1] for item in feed.items] for name, feed in found.items()}
    assert ids["topic-efficient-llm"] == ["1"]
    assert ids["topic-robots"] == ["2", "1"]
    assert ids["topic-tides"] == []
    assert read_atom(atom(found["topic-tides"])).entries == []


def test_ids_last() -> None:
    """Written down: a change of them would show every digest to every reader once more."""
    edition = made(DAYS[0], "2511.00001")
    at_home, public = by_name([edition]), by_name([edition], site=SITE)
    assert at_home["digests"].items[0].id == "urn:uuid:b99e54b4-1553-575a-9388-57da7457fcf7"
    assert public["digests"].items[0].id == f"tag:reader.example,2026:papers/digests/{DAYS[0]}"
    assert public["papers"].id == "tag:reader.example,2026:papers/feeds/papers"
    later = by_name([edition, made(DAYS[1])], site=SITE.replace("https", "http"))
    assert later["digests"].items[1].id == public["digests"].items[0].id
    for site in ("https://[::1]:8000/x", "https://é.example"):
        assert by_name([edition], site=site)["papers"].id.startswith("urn:uuid:")


@given(st.lists(st.text(max_size=20) | st.from_regex(r"[a-z-]{1,9}"), unique=True, max_size=9))
def test_a_topics_file_name_is_safe_and_its_own(names: list[str]) -> None:
    slugs = list(map(slug, names))
    assert len(set(slugs)) == len(names)
    assert all(each and set(each) <= set("abcdefghijklmnopqrstuvwxyz0123456789-") for each in slugs)
    assert all(len(each) < 80 for each in slugs)


@pytest.mark.parametrize(
    ("name", "start"),
    [("efficient-llm", "efficient-llm"), ("Über LLMs", "uber-llms-"), ("../../etc", "etc-")],
)
def test_a_topics_file_name_tells_the_topic(name: str, start: str) -> None:
    assert slug(name).startswith(start)
    assert slug(f"{name} {slug(name)}") != slug(name)


@pytest.fixture
def desk(workspace_with_runs: Path, tmp_path: Path) -> Desk:
    return copied(workspace_with_runs, tmp_path / "desk", DIGEST_FEED__ENABLED="true")


def files(desk: Desk) -> dict[str, bytes]:
    folder = desk.folder / "output/feeds"
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*"))}


def test_a_run_keeps_the_feeds_and_leaves_unchanged_ones_alone(desk: Desk) -> None:
    desk.run_on(DAYS[-1])
    first = files(desk)
    assert set(first) == {
        f"{name}.{ending}"
        for name in (*NAMES, f"topic-{slug('topic 1')}")
        for ending in ("atom", "json")
    }
    with desk.app.editions() as found:
        shown = [one.paper.id for edition in found.between() for one in edition.shown]
    entries = read_atom(first["papers.atom"]).entries
    assert sorted(entry.id for entry in entries) == sorted(
        f"https://arxiv.org/abs/{paper}" for paper in shown
    )

    old = 10**9
    for path in (desk.folder / "output/feeds").iterdir():
        os.utime(path, (old, old))
    desk.run(at=morning(DAYS[-1]) + timedelta(hours=9))
    assert files(desk) == first
    assert {int(path.stat().st_mtime) for path in (desk.folder / "output/feeds").iterdir()} == {old}


def test_feeds_are_the_same_by_run_backfill_and_rebuild(desk: Desk, tmp_path: Path) -> None:
    list(desk.app.rebuild(None, None, diff=False))
    rebuilt = files(desk)
    assert rebuilt
    other = Desk(
        tmp_path / "other", CORPUS, topics=(desk.folder / "config/keywords.toml").read_text()
    )
    other.configure(DIGEST_FEED__ENABLED="true")
    other.backfill(DAYS[0], DAYS[-1], at=morning(DAYS[-1]))
    assert files(other) == rebuilt


def test_a_rebuild_that_only_shows_makes_no_feed(desk: Desk) -> None:
    list(desk.app.rebuild(None, None, diff=True))
    assert files(desk) == {}


def test_feeds_are_made_only_where_they_are_wanted(
    workspace_with_runs: Path, tmp_path: Path
) -> None:
    desk = copied(workspace_with_runs, tmp_path / "desk")
    desk.run_on(DAYS[-1])
    assert files(desk) == {}


def test_feeds_hold_the_last_thirty_days(desk: Desk) -> None:
    day = DAYS[-1] + timedelta(days=31)
    desk.run(day, day - timedelta(days=1), at=morning(day))
    days = [entry.title[:10] for entry in read_atom(files(desk)["digests.atom"]).entries]
    assert days == [str(day)]


def test_the_feed_of_a_topic_that_is_gone_goes(desk: Desk) -> None:
    desk.run_on(DAYS[-1])
    keywords = desk.folder / "config/keywords.toml"
    keywords.write_text(keywords.read_text().replace("[[topic]]", '[[topic]]\nname = "words"', 1))
    list(desk.app.rebuild(None, None, diff=False))
    topics = [name for name in files(desk) if name.startswith("topic-")]
    assert topics == ["topic-words.atom", "topic-words.json"]


def test_without_a_digest_there_is_no_feed(tmp_path: Path) -> None:
    desk = Desk(tmp_path, CORPUS, environ={"DIGEST_FEED__ENABLED": "true"})
    assert desk.run(at=morning(DAYS[0]) - timedelta(days=300)).exit_code == 3
    assert files(desk) == {}


def test_feeds_that_cannot_be_written_cost_no_digest_and_are_on_record(desk: Desk) -> None:
    (desk.folder / "output/feeds").write_text("in the way")
    desk.path(DAYS[0]).unlink()
    with pytest.raises(WriteError, match=r"cannot write: .*feeds"):
        list(desk.app.rebuild(None, None, diff=False))
    assert desk.path(DAYS[0]).exists()
    assert desk.app.log().runs[0].outcome == "failed"


def test_what_a_killed_run_left_among_the_feeds_goes(desk: Desk) -> None:
    left = desk.folder / "output/feeds/.papers.atom.1.digest-tmp"
    left.parent.mkdir()
    left.write_text("half a feed")
    desk.run_on(DAYS[-1])
    assert not left.exists()


def test_what_feeds_need_is_named_with_its_command_after_the_digests_are_written(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in {"feedgen", *sys.modules}:
        if name.partition(".")[0] == "feedgen":
            monkeypatch.setitem(sys.modules, name, None)  # as if it were not installed
    monkeypatch.delitem(sys.modules, "digest.outlets.feeds.atom", raising=False)
    day = DAYS[-1] + timedelta(days=3)
    report = desk.run_on(day)
    assert isinstance(report.failure, WriteError)
    assert "cannot write the feeds: " in report.failure.message
    assert "python -m pip install feedgen" in report.failure.hint
    assert desk.path(day).exists()
    run = desk.app.log().runs[0]
    assert (run.outcome, run.digests) == ("failed", 1)
