"""Whole clean digests as their readers see them: links arrive, and no badge breaks its text.

The papers are those of the source files and of a simulated month. What is asked here is asked of
the files, with rules of its own.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from composing import compose
from markdown import markdown
from markdown_it import MarkdownIt
from places import TEMPLATE

from digest.fetcher.calendar import Calendar
from digest.matcher import Matcher
from digest.model import CLEAN, Digest, Group, Paper, Topic, plain_keywords
from digest.simulator import Corpus
from digest.writer.format.badges import plain
from digest.writer.format.check import check
from digest.writer.format.read import read_back
from digest.writer.format.render import Renderer

FOLDER = os.environ.get("DIGEST_SOURCE_FILES")
RENDERER = Renderer(TEMPLATE)
TECHNIQUES = """
    sparse pruning sparsity quantization quantize low-bit acceleration KV cache communication
    overlap overlapping MicroScaling MX prefill decode prefilling decoding disaggregate
    disaggregation
"""
BACKGROUND = "LLM LLMs transformer vLLM serving compression"
DAYS = Calendar().days(date(2026, 3, 2), date(2026, 3, 31))


@dataclass(frozen=True)
class Case:
    """A digest, its file and the papers that it was made of."""

    digest: Digest
    text: str
    titles: dict[str, str]

    @property
    def abstracts(self) -> list[str]:
        return re.findall(r"^> \[https:.*\n\n((?:.+\n)*)", self.text, re.MULTILINE)


def made(day: date, papers: list[Paper], matcher: Matcher) -> Case:
    kept = [(paper, match) for paper in papers if (match := matcher.match(paper))]
    digest = compose(day, kept, CLEAN)
    titles = {paper.id: " ".join(paper.title.split()) for paper in papers}
    return Case(digest, RENDERER.render(digest).decode(), titles)


@cache
def source(name: str) -> list[Case]:
    """A source file's papers; their titles have lost their colons."""
    old = read_back((Path(FOLDER or "") / name).read_bytes())
    papers = []
    for entry in old.entries:
        moment = datetime.combine(entry.published, time(), UTC)
        base = re.sub(r".*/abs/|v\d+$", "", entry.url)
        texts = entry.title, plain(entry.abstract), entry.names
        papers.append(Paper(base, 1, entry.url, *texts, (), moment, moment))
    groups = (
        Group("technique", "F08080", plain_keywords(*TECHNIQUES.split())),
        Group("background", "FF8C00", plain_keywords(*BACKGROUND.split())),
    )
    return [made(old.day, papers, Matcher([Topic("efficient-llm", groups)], CLEAN))]


@cache
def month(name: str) -> list[Case]:  # noqa: ARG001
    """A month whose keywords stand in links and formulas, too."""
    corpus = Corpus.generate(seed=7, first=DAYS[0], last=DAYS[-1], per_day=15)
    words = "model scale org example data code n y alpha varepsilon leq noise method result"
    topic = Topic("any", (Group("any", "4682B4", plain_keywords(*words.split())),))
    matcher = Matcher([topic], CLEAN)
    return [made(day, corpus.papers(day), matcher) for day in DAYS]


Maker = Callable[[str], list[Case]]
NEEDS_SOURCE = pytest.mark.skipif(
    not FOLDER, reason="DIGEST_SOURCE_FILES does not name the folder of the source files"
)
EACH = pytest.mark.parametrize(
    ("make", "name"),
    [
        pytest.param(source, "2025-11-28.md", marks=NEEDS_SOURCE),
        pytest.param(source, "2025-12-31.md", marks=NEEDS_SOURCE),
        (month, "a month"),
    ],
)


class Page(HTMLParser):
    """What a reader of a page can click on, and where it leads."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[tuple[str, str]] = []
        self.sections: list[tuple[str, str]] = []
        self._open: list[list[str]] = []
        self._anchor = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if values.get("id"):
            self.ids.append(str(values["id"]))
        if tag == "a" and values.get("id"):
            self._anchor = str(values["id"])
        if tag in ("a", "h2"):
            self._open.append([str(values.get("href", "")), ""])

    def handle_data(self, data: str) -> None:
        for one in self._open:
            one[1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("a", "h2"):
            return
        href, text = self._open.pop()
        if tag == "h2":
            self.sections.append((f"#{self._anchor}", text))
        elif href.startswith("#"):
            self.links.append((href, text))


def github_ids(text: str) -> list[str]:
    """What GitHub can jump to: explicit ids, and headings by its rule."""
    ids = re.findall(r'<a id="(.*?)">', text)
    seen: dict[str, int] = {}
    for heading in re.findall(r"^##? (.*)", text, re.MULTILINE):
        slug = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        count = seen[slug] = seen.get(slug, -1) + 1
        ids.append(f"{slug}-{count}" if count else slug)
    return ids


@EACH
def test_every_link_of_the_contents_leads_to_one_place_on_github(make: Maker, name: str) -> None:
    for case in make(name):
        links = re.findall(r"^\* \[.*\]\(#(.*)\)$", case.text, re.MULTILINE)
        ids = github_ids(case.text)
        assert links
        assert [ids.count(link) for link in links] == [1] * len(case.digest.entries)


@EACH
@pytest.mark.parametrize("dialect", ["Python-Markdown", "markdown-it"])
def test_every_link_of_the_contents_leads_to_its_paper(
    make: Maker, name: str, dialect: str
) -> None:
    for case in make(name):
        if dialect == "markdown-it":
            html = MarkdownIt("commonmark").render(case.text)
        else:
            html = markdown(case.text, extensions=["toc"])
        page = Page(html)
        assert page.links == page.sections
        assert len(page.links) == len(case.digest.entries)
        assert all(page.ids.count(href[1:]) == 1 for href, _ in page.links)


@EACH
def test_a_file_reads_back_unchanged(make: Maker, name: str) -> None:
    for case in make(name):
        data = case.text.encode()
        assert read_back(data) == case.digest
        assert check(data, RENDERER) is None


@EACH
def test_titles_are_whole_and_links_lead_to_papers(make: Maker, name: str) -> None:
    for case in make(name):
        links = re.findall(r"^> \[(.*?)\]\(\1\)$", case.text, re.MULTILINE)
        ids = [re.fullmatch(r"https://arxiv\.org/abs/(\d{4}\.\d{5})", link) for link in links]
        titles = re.findall(r"^## (.*)", case.text, re.MULTILINE)
        assert titles == [case.titles[found[1]] for found in ids if found]


def test_some_titles_of_the_month_have_a_colon() -> None:
    titles = [entry.title for case in month("a month") for entry in case.digest.entries]
    assert len(titles) > 200
    assert sum(":" in title for title in titles) > 50


@EACH
def test_no_badge_touches_a_letter(make: Maker, name: str) -> None:
    badges = list(found(make(name)))
    assert len(badges) > 100
    for before, word, after in badges:
        assert word
        assert not before[-1:].isalnum(), (before[-20:], word, after[:20])
        assert not after[:1].isalnum(), (before[-20:], word, after[:20])


@EACH
def test_no_badge_is_inside_a_link_an_address_or_a_formula(make: Maker, name: str) -> None:
    for before, word, after in found(make(name)):
        start, end = len(before), len(before) + len(word)
        text = before + word + after
        for place in PLACES.finditer(text):
            assert end <= place.start() or place.end() <= start, (place[0], word)


@EACH
def test_there_are_links_and_formulas_with_keywords(make: Maker, name: str) -> None:
    """So the test before has something to find."""
    texts = [plain(entry.abstract) for case in make(name) for entry in case.digest.entries]
    places = " ".join(place[0] for text in texts for place in PLACES.finditer(text))
    assert re.search(r"https://\S*(LLM|org)", places) or name == "2025-11-28.md"
    assert "$" in places


#: Links, addresses and formulas, told by their outward signs.
PLACES = re.compile(
    r"(?:https?://|www\.)\S+|[\w-]+\.(?:com|org|io|net)/\S*|[\w.+-]+@[\w-]+\.[\w.]+"
    r"|(?<!\\)\$(?:\\.|[^$\\])+\$"
)
PICTURE = re.compile(r"!\[([^\[\]\n]*)\]\(https://img\.shields\.io/badge/[^\s()]+-[0-9A-F]{6}\)")


def found(cases: list[Case]) -> Iterator[tuple[str, str, str]]:
    """Every badge's word with the text before and behind it, badges turned into words."""
    for case in cases:
        for abstract in case.abstracts:
            assert abstract.count("img.shields.io") == len(PICTURE.findall(abstract))
            for badge in PICTURE.finditer(abstract):
                before, after = abstract[: badge.start()], abstract[badge.end() :]
                yield PICTURE.sub(r"\1", before), badge[1], PICTURE.sub(r"\1", after)
