"""The site as files: whole, valid, the same however it came about, and up to date."""

from __future__ import annotations

import json
import re
import warnings
from datetime import UTC, datetime
from gzip import decompress
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from command import digest
from desk import Desk
from sites import ATTACKS, DAYS, HOSTILE, TOPICS, attack, corpus, desk

from digest.model.errors import SiteError, WriteError
from digest.model.tex import readable
from digest.simulator import Corpus

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import html5lib

PAPERS = corpus()
#: What leads out of the site: arXiv, publishers by DOI, and what a paper's own texts name.
ELSEWHERE = re.compile(
    r"https://arxiv\.org/(?:abs|pdf|html)/\d{4}\.\d{5}(?:v\d+)?|https://doi\.org/10\..+"
)
OF_A_TEXT = "nofollow noreferrer"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A month with hostile papers in it, with its site."""
    made = desk(tmp_path_factory.mktemp("site"), PAPERS)
    attack(made)
    made.app.site()
    return made


def folder(made: Desk) -> Path:
    return made.folder / "output" / "site"


def files(made: Desk) -> dict[str, bytes]:
    """The whole site by the names of its files."""
    root = folder(made)
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file()
    }


def times(made: Desk) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in folder(made).rglob("*") if path.is_file()}


def parsed(html: bytes) -> html5lib.html5parser.HTMLParser:
    """The tree of a page; html5lib raises ParseError where HTML says it is wrong."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    return parser.parse(html, transport_encoding="utf-8")


WEB = re.compile("https?://")

Trees = dict[str, html5lib.html5parser.HTMLParser]


@pytest.fixture(scope="module")
def trees(made: Desk) -> Trees:
    """All pages; none could be read if it were not valid."""
    return {name: parsed(data) for name, data in files(made).items() if name.endswith(".html")}


def test_every_page_is_valid_and_every_link_leads_somewhere(made: Desk, trees: Trees) -> None:
    ids = {
        name: [element.get("id") for element in tree.iter() if element.get("id")]
        for name, tree in trees.items()
    }
    others = set(files(made))
    for name, tree in trees.items():
        assert len(ids[name]) == len(set(ids[name])), f"{name}: an id is there twice"
        for element in tree.iter():
            for attribute in ("href", "src"):
                target = element.get(attribute)
                if target is None or ELSEWHERE.fullmatch(target):
                    continue
                if element.get("rel") == OF_A_TEXT:
                    assert target.startswith(("https://", "http://")), f"{name}: {target}"
                    continue
                if element.get("rel") == "nofollow noreferrer" and WEB.match(target):
                    continue  # an author's own
                parts = urlsplit(target)
                assert not (parts.scheme or parts.netloc), f"{name}: {target} leads elsewhere"
                path = (
                    (Path("/", name).parent / unquote(parts.path)).resolve()
                    if parts.path
                    else Path("/", name)
                )
                other = path.relative_to("/").as_posix()
                assert other in others, f"{name}: {target}"
                if parts.fragment:
                    assert unquote(parts.fragment) in ids[other], f"{name}: {target}"


def test_no_page_has_a_script_a_style_or_a_handler_of_its_own(trees: Trees) -> None:
    for name, tree in trees.items():
        policies = [
            element.get("content")
            for element in tree.iter("meta")
            if element.get("http-equiv") == "Content-Security-Policy"
        ]
        assert len(policies) == 1 and "default-src 'none'" in policies[0], name
        assert "unsafe-inline" not in policies[0]
        for element in tree.iter():
            if not isinstance(element.tag, str):
                continue
            assert element.tag not in {"style", "iframe", "object", "img", "base"}, name
            assert not [one for one in element.attrib if one == "style" or one.startswith("on")]
            if element.tag == "script":
                assert element.get("src") and not element.text


def test_hostile_texts_are_there_as_text(trees: Trees) -> None:
    text = "".join(trees[f"day/{HOSTILE}.html"].itertext())
    folded = " ".join(text.split())
    for each in ATTACKS:
        if "$" not in each and "\x00" not in each:
            assert readable(f"A model of noise {each} and") in folded
    assert "\x00" not in text and "\x1b" not in text


def test_a_site_made_run_by_run_is_the_one_made_at_once(tmp_path: Path) -> None:
    daily = Desk(
        tmp_path / "daily", PAPERS, topics=TOPICS, environ={"DIGEST_SITE__ENABLED": "true"}
    )
    for day in DAYS[:6]:
        assert daily.run_on(day).exit_code == 0
    once = Desk(tmp_path / "once", PAPERS, topics=TOPICS)
    once.backfill(DAYS[0], DAYS[5], at=daily.now)
    assert not folder(once).exists()
    once.app.site()
    daily.app.site()
    assert files(daily) == files(once)


def test_what_did_not_change_is_not_written(made: Desk) -> None:
    before = times(made)
    report = made.app.site()
    assert (report.written, report.removed) == (0, 0)
    assert times(made) == before
    assert report.digests == len(DAYS)


def test_one_more_day_touches_few_pages(tmp_path: Path) -> None:
    made = Desk(tmp_path, PAPERS, topics=TOPICS, environ={"DIGEST_SITE__ENABLED": "true"})
    made.backfill(DAYS[0], DAYS[9], at=datetime(2026, 4, 1, 12, tzinfo=UTC))
    before = times(made)
    made.backfill(DAYS[10], DAYS[10])
    after = times(made)
    touched = {
        path.name
        for path, time in after.items()
        if before.get(path, time) != time or path not in before
    }
    days = {name for name in touched if re.fullmatch(r"\d{4}-\d\d-\d\d\.html", name)}
    # The day before has a link to the new one now.
    assert days == {f"{day}.html" for day in DAYS[9:11]}
    assert "style.css" not in touched and "starred.html" not in touched


def test_a_page_that_is_gone_or_cut_off_is_made_again(made: Desk) -> None:
    before = files(made)
    gone = folder(made) / "day" / f"{DAYS[3]}.html"
    cut = folder(made) / "day" / f"{DAYS[4]}.html"
    part = folder(made) / "search" / "2026-q1.json.gz"
    gone.unlink()
    cut.write_bytes(cut.read_bytes()[:100])
    part.unlink()
    made.app.site()
    assert files(made) == before


def test_whatever_a_killed_process_left_the_next_one_ends_with_the_same(made: Desk) -> None:
    before = files(made)
    memory = made.folder / "output" / ".site"
    (memory / "made.json").unlink()
    (folder(made) / "search" / ".2026.json.gz.99999.digest-tmp").write_text("half")
    (folder(made) / "day" / ".left.html.99999.digest-tmp").write_text("half")
    made.app.site()
    assert files(made) == before
    (memory / "made.json").write_text("{}")
    (memory / f"{DAYS[1]}.json").write_bytes(b'{"key": 1, "papers": [{}]}')
    (memory / f"{DAYS[2]}.json").unlink()
    made.app.site()
    assert files(made) == before


def test_other_keywords_make_other_pages_and_old_ones_go(tmp_path: Path) -> None:
    made = desk(tmp_path, Corpus.generate(seed=2, first=DAYS[0], last=DAYS[4], per_day=20))
    made.app.site()
    assert "keyword/noise.html" in files(made)
    (made.folder / "config/keywords.toml").write_text(TOPICS.replace('"noise"', '"network"'))
    made.app.site()
    names = set(files(made))
    assert "keyword/network.html" in names
    assert "keyword/noise.html" not in names
    assert not [path for path in folder(made).rglob("*") if path.name.startswith(".")]


def test_a_paper_whose_categories_alone_changed_is_shown_with_them(tmp_path: Path) -> None:
    from dataclasses import replace

    from digest.archive import Archive

    made = desk(tmp_path, Corpus.generate(seed=2, first=DAYS[0], last=DAYS[2], per_day=20))
    made.app.site()
    with made.app.editions() as editions:
        paper = next(editions.between(DAYS[1])).shown[0].paper
    with Archive(made.config.digest.archive) as archive:
        archive.papers.store([replace(paper, categories=("cs.ET",))], DAYS[2])
    made.app.site()
    tree = parsed(files(made)[f"day/{DAYS[1]}.html"])
    (article,) = [one for one in tree.iter("article") if one.get("id") == paper.id]
    assert article.get("data-categories") == "cs.ET"


def test_in_the_clean_style_inflections_count_for_their_keyword(tmp_path: Path) -> None:
    made = desk(
        tmp_path,
        Corpus.generate(seed=2, first=DAYS[0], last=DAYS[2], per_day=20),
        DIGEST_DIGEST__STYLE="clean",
    )
    made.app.site()
    page = files(made)["keyword/model.html"].decode()
    assert 'class="listed"' in page
    assert "keyword/models.html" not in files(made)


def test_without_a_digest_the_start_page_says_so(tmp_path: Path) -> None:
    made = Desk(tmp_path, PAPERS)
    report = made.app.site()
    assert (report.digests, report.papers) == (0, 0)
    assert "No digest yet" in files(made)["index.html"].decode()
    assert not made.config.digest.archive.exists()
    for name, data in files(made).items():
        if name.endswith(".html"):
            parsed(data)


def test_a_day_of_forty_papers_is_small(tmp_path: Path) -> None:
    made = desk(tmp_path, Corpus.generate(seed=3, first=DAYS[0], last=DAYS[1], per_day=75))
    made.app.site()
    with made.app.editions() as editions:
        edition = max(editions.between(), key=lambda one: len(one.shown))
    assert len(edition.shown) >= 40
    assert len(files(made)[f"day/{edition.day}.html"]) < 300_000 * len(edition.shown) / 40


def test_a_broken_site_endangers_no_digest(tmp_path: Path) -> None:
    made = Desk(tmp_path, PAPERS, topics=TOPICS, environ={"DIGEST_SITE__ENABLED": "true"})
    (tmp_path / "output" / "site").write_text("in the way")
    report = made.run_on(DAYS[2])
    assert isinstance(report.failure, WriteError)
    assert [day.action for day in report.days] == ["written"]
    assert made.path(DAYS[2]).exists()
    assert made.app.log().runs[0].outcome == "failed"


BLOCKED = (
    "import sys; sys.modules['pygal'] = None\n"
    "from digest.cli import exit_code; sys.exit(exit_code(['site']))"
)


def test_a_missing_extra_is_named_with_the_command_that_installs_it(tmp_path: Path) -> None:
    import subprocess
    import sys

    Desk(tmp_path, PAPERS)
    done = subprocess.run(
        (sys.executable, "-c", BLOCKED), cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == SiteError.exit_code
    assert "python -m pip install latex2mathml pygal" in done.stderr
    assert "pygal" in done.stderr
    assert not (tmp_path / "output" / "site").exists()


def test_the_command_tells_what_it_made(tmp_path: Path) -> None:
    desk(tmp_path, Corpus.generate(seed=2, first=DAYS[0], last=DAYS[2], per_day=20))
    first = digest("site", folder=tmp_path)
    assert first.returncode == 0
    assert first.stdout.startswith(str(tmp_path / "output" / "site" / "index.html"))
    report = json.loads(digest("site", "--json", folder=tmp_path).stdout)
    assert (report["digests"], report["written"]) == (3, 0)
    wrong = digest("site", "--port", "8000", folder=tmp_path)
    assert wrong.returncode == 2
    assert "--serve" in wrong.stderr


def test_a_public_address_is_told_to_search_engines(tmp_path: Path) -> None:
    url = "https://you.example/papers/"
    made = Desk(tmp_path, PAPERS, environ={"DIGEST_SITE__URL": url})
    made.app.site()
    assert f'<link rel="canonical" href="{url}index.html">' in files(made)["index.html"].decode()


def test_pages_that_others_read_have_the_feeds_with_them(tmp_path: Path) -> None:
    environ = {
        "DIGEST_SITE__ENABLED": "true",
        "DIGEST_SITE__URL": "https://you.example/papers",
        "DIGEST_FEED__ENABLED": "true",
    }
    made = Desk(tmp_path, PAPERS, topics=TOPICS, environ=environ)
    made.backfill(DAYS[0], DAYS[1], at=datetime(2026, 4, 1, 12, tzinfo=UTC))
    kept = {path.name: path.read_bytes() for path in (tmp_path / "output/feeds").iterdir()}
    assert {"papers.atom", "digests.atom", "topic-words.json"} <= set(kept)
    there = files(made)
    assert {f"feeds/{name}": data for name, data in kept.items()}.items() <= there.items()
    for name, data in there.items():
        if name.endswith(".html"):
            links = [one for one in parsed(data).iter("link") if one.get("rel") == "alternate"]
            targets = [(Path("/", name).parent / one.get("href")).resolve() for one in links]
            names = ("papers", "digests", "topic-words")
            assert targets == [Path(f"/feeds/{one}.atom") for one in names], name


def test_pages_without_an_address_or_without_feeds_name_none(tmp_path: Path) -> None:
    environ = {"DIGEST_SITE__ENABLED": "true", "DIGEST_FEED__ENABLED": "true"}
    made = Desk(tmp_path, PAPERS, topics=TOPICS, environ=environ)
    made.backfill(DAYS[0], DAYS[0], at=datetime(2026, 4, 1, 12, tzinfo=UTC))
    assert (tmp_path / "output/feeds/papers.atom").exists()
    assert not [name for name in files(made) if name.startswith("feeds/")]
    assert b'rel="alternate"' not in files(made)["index.html"]


def test_a_day_of_two_hundred_papers_comes_in_parts_that_are_whole_together(tmp_path: Path) -> None:
    made = desk(tmp_path, Corpus.generate(seed=3, first=DAYS[0], last=DAYS[0], per_day=260))
    made.app.site()
    with made.app.editions() as editions:
        (edition,) = editions.between()
    there = files(made)
    parts = sorted(name for name in there if name.startswith("day/"))
    assert len(parts) > 1
    assert all(len(there[name]) < 250_000 for name in parts)
    trees = [parsed(there[name]) for name in parts]
    shown = [each.get("id") for tree in trees for each in tree.iter("article")]
    assert sorted(shown) == sorted(edition.ids)
    assert len(edition.shown) > 100
    # Without scripts the first page leads to every paper.
    first = parsed(there[f"day/{DAYS[0]}.html"])
    links = [each.get("href") for each in first.iter("a")]
    assert all(any(link and link.endswith(f"#{paper}") for link in links) for paper in shown)


def test_papers_stand_under_their_topics_where_there_are_several(tmp_path: Path) -> None:
    other = '[[topic]]\nname = "Second & last"\n[[topic.group]]\nname = "g"\ncolor = "00AA00"\n'
    made = desk(tmp_path, Corpus.generate(seed=2, first=DAYS[0], last=DAYS[0], per_day=40))
    (tmp_path / "config/keywords.toml").write_text(f'{TOPICS}{other}keywords = ["the"]\n')
    made.app.site()
    tree = parsed(files(made)[f"day/{DAYS[0]}.html"])
    headings = [each.text for each in tree.iter("h2") if each.get("class") == "topic"]
    assert headings == ["words", "Second & last"]
    order = [each.get("data-topics") for each in tree.iter("article")]
    assert order == sorted(order, key=lambda topics: not topics.startswith("words"))


def test_a_week_has_its_papers_and_leads_to_the_weeks_beside(trees: Trees) -> None:
    tree = trees["week/2026-W11.html"]
    days = [f"day/{day}.html" for day in DAYS if day.isocalendar().week == 11]
    shown = {each.get("data-paper") for each in tree.iter("article")}
    assert shown == {each.get("id") for day in days for each in trees[day].iter("article")}
    beside = {each.get("rel"): each.get("href") for each in tree.iter("a") if each.get("rel")}
    assert beside == {"prev": "../week/2026-W10.html", "next": "../week/2026-W12.html"}


def test_what_the_search_reads_is_packed_and_has_every_paper(made: Desk) -> None:
    there = files(made)
    index = json.loads(there["search/index.json"])
    assert [one["name"] for one in index["catalogues"]] == ["2026"]
    days = json.loads(decompress(there["search/2026.json.gz"]))
    assert [day for day, _ in days] == [day.isoformat() for day in reversed(DAYS)]
    papers = [paper for _, papers in days for paper in papers]
    assert len(papers) == index["catalogues"][0]["papers"]
    texts = json.loads(decompress(there["search/2026-q1.json.gz"]))
    assert set(texts) == {paper[0] for paper in papers}
    assert len([name for name in there if name.startswith("search/")]) == 3
