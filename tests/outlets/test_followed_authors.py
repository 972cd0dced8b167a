"""Followed authors: their badges, and papers that are in a digest for them alone."""

from __future__ import annotations

from contextlib import redirect_stdout
from dataclasses import replace
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from asking import invented
from composing import compose
from desk import Desk, shown

from digest.cli import exit_code
from digest.config.defaults import shipped
from digest.fetcher.calendar import Calendar
from digest.fetcher.query.queries import scope_query
from digest.matcher import Matcher
from digest.model import (
    CLEAN,
    SOURCE,
    Author,
    Badge,
    Digest,
    Entry,
    Group,
    Paper,
    Style,
    Topic,
    plain_keywords,
)
from digest.simulator import Corpus
from digest.writer.format.changes import digest_changes
from digest.writer.format.check import check
from digest.writer.format.read import read_back
from digest.writer.format.render import Renderer

ØDEGÅRD = Author("Ødegård, Kari", "6495ED")
EXACT = Author("Wei Li", "3CB371", exact=True)
RENDERER = Renderer(shipped("templates/digest.md.j2"))
DAY = date(2025, 3, 3)


def topic(*words: str, suffice: bool = False, name: str = "t", **more: Any) -> Topic:
    groups = (Group("words", "F08080", plain_keywords(*words)),) if words else ()
    plain = Topic(name, groups, (), (), (ØDEGÅRD, EXACT), suffice)
    return replace(plain, **more)


def paper(abstract: str, *authors: str, categories: tuple[str, ...] = ("cs.CL",)) -> Paper:
    one = invented("2503.00001", datetime(2025, 3, 1, tzinfo=UTC), abstract=abstract)
    return replace(one, authors=authors, categories=categories)


def names(one: Paper, *topics: Topic, style: Style = SOURCE) -> list[str]:
    """The badges of authors with their colours."""
    match = Matcher(topics, style).match(one)
    assert match
    return [f"{badge.text} {badge.color}" for badge in match.followed]


@pytest.mark.parametrize("style", [SOURCE, CLEAN])
def test_in_a_paper_that_fits_anyway_followed_authors_get_their_badges(style: Style) -> None:
    one = paper("Text of cache.", "A. Nobody", "K. B. Ødegård", "Wei  Li", "W. Li")
    assert names(one, topic("cache"), style=style) == ["K. B. Ødegård 6495ED", "Wei Li 3CB371"]
    assert Matcher([topic("cache")], style).match(paper("Text.", "Kari Ødegård")) is None


@pytest.mark.parametrize("style", [SOURCE, CLEAN])
@pytest.mark.parametrize("words", [(), ("cache",)])
def test_where_authors_suffice_a_paper_of_theirs_needs_no_keyword(
    words: tuple[str, ...], style: Style
) -> None:
    matcher = Matcher([topic(*words, suffice=True)], style)
    match = matcher.match(paper("Text.", "K. Ødegård"))
    assert match
    assert (match.topics, match.abstract) == (("t",), ("Text.",))
    assert matcher.match(paper("Text.", "Karin Ødegård", "W. Li")) is None
    assert (matcher.match(paper("A cache.", "A. B.")) is not None) is bool(words)
    assert matcher.has_author("A. B.\nK. Ødegård") and not matcher.has_author("Karin Ødegård\nX")


def test_such_a_paper_has_the_badges_of_the_keywords_that_it_has() -> None:
    two = topic("cache", suffice=True)
    two = replace(two, groups=(*two.groups, Group("more", "FF8C00", plain_keywords("LLM"))))
    match = Matcher([two], CLEAN).match(paper("A cache, https://a.example/cache.", "Wei Li"))
    assert match
    assert match.abstract == ("A ", Badge("cache", "F08080"), ", https://a.example/cache.")


def test_categories_and_excluded_words_count_for_authors_too() -> None:
    strict = topic(suffice=True, categories=("cs.*",), exclude=("spiking",))
    assert names(paper("Text.", "Wei Li"), strict)
    for other in (paper("A Spiking net.", "Wei Li"), paper("Text.", "Wei Li", categories=("q",))):
        assert Matcher([strict]).match(other) is None


def test_only_the_topics_that_a_paper_satisfies_give_badges_and_the_first_gives_the_colour() -> (
    None
):
    other = topic(
        "cache", name="u", authors=(Author("Kari Ødegård", "000000"), Author("B", "1" * 6))
    )
    one = paper("A cache.", "B", "Kari Ødegård")
    assert names(one, topic("LLM"), other) == ["B 111111", "Kari Ødegård 000000"]
    assert names(one, topic("cache"), other) == ["B 111111", "Kari Ødegård 6495ED"]


HOSTILE = (
    "Smith, Jr.",
    "`code",
    "![key](https://img.shields.io/badge/x-F08080)",
    "K. Ødegård](https://evil.example)",
    "<b>",
    "&#44;",
    "\\",
)


@pytest.mark.parametrize(
    ("style", "line"),
    [
        (SOURCE, "![key](https://img.shields.io/badge/K._B._%C3%98deg%C3%A5rd-6495ED)"),
        (CLEAN, "![K. B. Ødegård](https://img.shields.io/badge/K._B._%C3%98deg%C3%A5rd-6495ED)"),
    ],
)
def test_the_name_is_a_badge_in_the_line_of_authors_and_reads_back(style: Style, line: str) -> None:
    one = paper("Text.", "A. Nobody", "K. B. Ødegård", *HOSTILE)
    match = Matcher([topic(suffice=True)], style).match(one)
    assert match
    digest = compose(DAY, [(one, match)], style)
    data = RENDERER.render(digest)

    assert f">Authors: A. Nobody, {line}, Smith&#44; Jr., &#96;code, " in data.decode()
    assert read_back(data) == digest
    assert digest.entries[0].names == one.authors
    assert check(data, RENDERER) is None


@pytest.mark.parametrize("style", [SOURCE, CLEAN])
def test_a_followed_name_with_a_comma_is_one_name(style: Style) -> None:
    entry = Entry(
        "T", (Badge("Li, [W.] `x`", "3CB371"), "B"), DAY, "https://arxiv.org/abs/2503.00001", ("x",)
    )
    digest = Digest(DAY, (entry,), style)
    assert read_back(RENDERER.render(digest)) == digest


def test_a_line_without_followed_authors_is_as_it_always_was() -> None:
    entry = Entry("T", ("`A`", "B"), DAY, "http://arxiv.org/abs/2503.00001v1", ("x",))
    assert b"\n>Authors: `A`, B\n" in RENDERER.render(Digest(DAY, (entry,)))


# Whole workspaces.

DAYS = Calendar().days(date(2025, 3, 3), date(2025, 3, 5))
CORPUS = Corpus.generate(seed=7, first=date(2025, 2, 3), last=date(2025, 3, 7), per_day=25)
KEYWORDS = '[[topic.group]]\nname = "w"\nkeywords = ["noise"]\n'
FOLLOWED = '[[topic.author]]\nname = "Mullenbach, Kavya"\n[[topic.author]]\nname = "J. Kovářová"\n'
SUFFICING = f'[[topic]]\nname = "t"\nauthors_suffice = true\n{KEYWORDS}{FOLLOWED}'


def is_followed(name: str) -> bool:
    """For the names of this corpus, said in another way."""
    given, family = name.split(" ", 1)
    return (family, given[0]) in {("Müllenbach", "K"), ("Kovářová", "J")}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Three daily runs."""
    desk = Desk(tmp_path_factory.mktemp("followed"), CORPUS, topics=SUFFICING)
    for day in DAYS:
        assert desk.run_on(day).exit_code == 0
    return desk


def expected(*, suffice: bool) -> list[set[str]]:
    return [
        {
            paper.id
            for paper in CORPUS.papers(day)
            if "noise" in paper.abstract or (suffice and any(map(is_followed, paper.authors)))
        }
        for day in DAYS
    ]


def ids(data: bytes) -> set[str]:
    return {one.partition("v")[0] for one in shown(data)}


def command(desk: Desk, *arguments: str) -> str:
    with redirect_stdout(StringIO()) as out:
        assert exit_code(["-C", str(desk.folder), *arguments]) == 0
    return out.getvalue()


def test_a_run_a_backfill_and_a_rebuild_have_the_same_papers_of_followed_authors(
    desk: Desk, tmp_path: Path
) -> None:
    files = desk.files()
    assert [ids(data) for data in files.values()] == expected(suffice=True)
    assert expected(suffice=True) != expected(suffice=False)
    for data in files.values():
        for entry in read_back(data).entries:
            for name in entry.authors:
                assert isinstance(name, Badge) is is_followed(getattr(name, "text", str(name)))

    later = Desk(tmp_path, CORPUS, topics=SUFFICING)
    assert later.backfill(DAYS[0], DAYS[-1], at=desk.now).exit_code == 0
    assert later.files() == files
    assert [change.action for change in desk.app.rebuild(None, None, diff=False)] == [
        "unchanged"
    ] * len(DAYS)


def test_the_files_are_what_check_expects_also_by_the_keywords(desk: Desk) -> None:
    paths = [str(desk.path(day)) for day in DAYS]
    report = desk.app.check([desk.path(day) for day in DAYS])
    assert [file.problem for file in report.files] == [""] * len(paths)


def test_the_scope_topics_finds_the_papers_of_authors_who_suffice(
    desk: Desk, tmp_path: Path
) -> None:
    narrow = Desk(tmp_path, CORPUS, topics=SUFFICING, environ={"DIGEST_ARXIV__SCOPE": "topics"})
    for day in DAYS:
        assert narrow.run_on(day).exit_code == 0
    assert narrow.files() == desk.files()
    assert scope_query("topics", narrow.config.topics) == (
        '(((abs:"noise") OR au:"Mullenbach" OR au:"kovarova" OR au:"Kovářová"))'
    )


def alone() -> Paper:
    """A paper that is in a digest for an author alone."""
    first, fewer = expected(suffice=True), expected(suffice=False)
    base = min(id_ for one, other in zip(first, fewer, strict=True) for id_ in one - other)
    return next(p for day in DAYS for p in CORPUS.papers(day) if p.id == base)


def test_explain_tells_that_a_paper_is_there_by_author(desk: Desk) -> None:
    one = alone()
    text = command(desk, "keywords", "explain", one.id)
    name = next(filter(is_followed, one.authors))
    assert f"t: satisfied, by author\n  followed authors: [{name}]\n  w: no match\n" in text


def test_list_counts_the_papers_of_each_author_and_those_for_one_alone(desk: Desk) -> None:
    with desk.app.keywords() as keywords:
        (told,) = keywords.listing(30).topics
    papers = [
        p
        for day, kept in zip(DAYS, expected(suffice=True), strict=True)
        for p in CORPUS.papers(day)
        if p.id in kept
    ]
    for use, family in zip(told.authors, ("Müllenbach", "Kovářová"), strict=True):
        of = [p for p in papers if any(is_followed(n) and family in n for n in p.authors)]
        single = [
            p
            for p in of
            if "noise" not in p.abstract
            and not any(is_followed(n) and family not in n for n in p.authors)
        ]
        assert (use.papers, use.only) == (len(of), len(single))
    assert "followed authors\nauthor" in command(desk, "keywords", "list")


def test_a_preview_shows_who_brings_a_paper_in(desk: Desk, tmp_path: Path) -> None:
    fewer = tmp_path / "fewer.toml"
    fewer.write_text(SUFFICING.replace("authors_suffice = true\n", ""), encoding="utf-8")
    text = command(desk, "keywords", "preview", str(fewer))
    one = alone()
    name = next(filter(is_followed, one.authors))
    assert f"- {one.id}v{one.version} {one.title.replace(':', '')}\n    by [{name}]\n" in text
    went = sum(map(len, expected(suffice=True))) - sum(map(len, expected(suffice=False)))
    assert f"{went} papers go." in text or "1 paper goes." in text


def test_check_names_an_author_whose_colour_looks_like_a_group(tmp_path: Path) -> None:
    text = '[[topic]]\n[[topic.group]]\ncolor = "FF8C00"\nkeywords = ["a"]\n'
    text += FOLLOWED + 'color = "FF8C10"\n'
    with Desk(tmp_path, CORPUS, topics=text).app.keywords() as keywords:
        (found,) = keywords.check(30).findings
    assert (found.kind, found.group, found.line) == ("color", "J. Kovářová", 9)
    assert found.what == "FF8C10 looks like FF8C00 of group 'group 1'"


def test_a_paper_that_has_the_keywords_too_is_not_told_to_be_there_by_author(
    tmp_path: Path,
) -> None:
    day, one = next(
        (day, paper)
        for day in DAYS
        for paper in CORPUS.papers(day)
        if any(map(is_followed, paper.authors))
    )
    word = one.abstract.split()[0]
    both = Desk(tmp_path, CORPUS, topics=SUFFICING.replace("noise", word))
    assert both.run_on(day).exit_code == 0
    text = command(both, "keywords", "explain", one.id)
    assert "t: satisfied\n  followed authors: [" in text


def test_a_name_that_becomes_a_badge_is_a_change_that_readers_see() -> None:
    url = "http://arxiv.org/abs/2503.00001v1"
    old = Digest(DAY, (Entry("T", ("A", "Kari Ødegård"), DAY, url, ("x",)),))
    badge = Badge("Kari Ødegård", "6495ED")
    new = replace(old, entries=(replace(old.entries[0], authors=("A", badge)),))
    changes = digest_changes(old, new)
    assert [(one.gained, one.lost) for one in changes.badges] == [(("Kari Ødegård",), ())]
    assert not changes.has_more
    again = replace(
        new, entries=(replace(new.entries[0], authors=("A", replace(badge, color="0" * 6))),)
    )
    assert digest_changes(new, again).has_more
