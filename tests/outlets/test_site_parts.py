"""What the site is put together from: texts, formulas, colours, addresses, likeness, the server."""

from __future__ import annotations

import re
import signal
import warnings
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from time import process_time
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
from asking import invented
from command import running
from hostile import abstracts, any_text, scraps
from hypothesis import given, settings
from hypothesis import strategies as st
from sites import DAYS, corpus, desk

from digest.matcher import Matcher
from digest.model import CLEAN, Author, Badge, Group, Paper, PaperId, Period, Topic, plain_keywords
from digest.model.errors import UsageError
from digest.outlets.colours import contrast
from digest.outlets.facts import is_withdrawn
from digest.outlets.site.abstracts import inline, paragraphs
from digest.outlets.site.addresses import arxiv_links, author_place, keyword_slugs
from digest.outlets.site.colors import DARK, LIGHT, shades
from digest.outlets.site.days import parts_of
from digest.outlets.site.facts import coins, doi_links
from digest.outlets.site.formulas import formula
from digest.outlets.site.likeness import Likeness, Place
from digest.outlets.site.looks import Looks
from digest.outlets.site.plots import bars, dots, line, steps
from digest.outlets.site.serving import own_port, serve
from digest.outlets.site.text import possible
from digest.outlets.site.views import day_of, paper_view
from digest.outlets.site.web_links import web_links
from digest.writer.editions import Edition, Shown
from digest.writer.format.entries import entry_of

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import html5lib

TREES = html5lib.getTreeBuilder("etree")
HARMLESS = {"mark", "code", "span", "a", "b", "i"}
WEB = re.compile(r"https?://", re.IGNORECASE)
MATH = re.compile(r"m[a-z]+")


def fragment(html: str) -> list[Any]:
    """The elements of a piece of HTML; raises ParseError where it is wrong."""
    parser = html5lib.HTMLParser(tree=TREES, strict=True, namespaceHTMLElements=False)
    tree = parser.parse(f"<!doctype html><title>x</title><body><p>{html}</p>")
    return list(tree.iter())


def name_of(element: Any) -> str:
    """Its tag, without the namespace that MathML and SVG have of themselves."""
    return str(element.tag).rpartition("}")[2]


def text_of(html: str) -> str:
    return "".join(fragment(html)[0].itertext()).removeprefix("x")


@given(abstracts)
@settings(max_examples=150)
def test_an_abstract_is_valid_and_holds_nothing_but_words_formulas_and_links_to_the_web(
    abstract: tuple[str | Badge, ...],
) -> None:
    for html in paragraphs(abstract, {"F08080": "k-0"}):
        for element in fragment(html)[5:]:
            tag, attributes = name_of(element), element.attrib
            assert tag in HARMLESS or MATH.fullmatch(tag), html
            assert not {
                name for name in attributes if name.startswith("on") or name in {"style", "src"}
            }
            assert WEB.match(attributes.get("href", "http://")), html


@given(st.text(st.characters(exclude_characters="\\$`'{}~^_-\n\r", exclude_categories=["Cs"])))
def test_a_text_without_tex_is_shown_to_the_letter(text: str) -> None:
    assert text_of(inline(text)) == possible(text).strip()


@given(any_text | scraps)
def test_what_html_cannot_hold_is_replaced(text: str) -> None:
    fragment(inline(text))
    possible(text).encode("utf-8")


def test_paragraphs_end_where_those_of_arxiv_do() -> None:
    abstract = ("One ", Badge("LLM", "F08080"), " $a\n b$ here.\n  Two.")
    assert [text_of(html) for html in paragraphs(abstract, {})] == ["One LLM ab here.", "Two."]


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (r"$x^2$", "<msup><mi>x</mi><mn>2</mn></msup>"),
        (r"\(\alpha\)", "<mi>α</mi>"),
        (r"$$\frac{1}{2}$$", "<mfrac>"),
        (r"$a < b$", "<mo>&lt;</mo>"),
        (r"$\text{a<b>&amp;}$", "<mtext>a&lt;b&gt;"),
        (r"$\mathcal{O}(n \log n)$", "<mi>𝒪</mi>"),
        (r"$\mathbb R$", "<mi>ℝ</mi>"),
        (r"$\mathbf x$", "<mi>𝐱</mi>"),
        (r"$\mathcal N$", "<mi>𝒩</mi>"),
        (r"$\mathfrak g \mathsf T$", "<mi>𝔤</mi><mi>𝖳</mi>"),
        (r"$\mathbbm{1}$", "<mn>𝟙</mn>"),
        (r"$\boldsymbol\theta$", "<mi>𝜽</mi>"),
        (r"$\mathrm{d}x$", '<mi mathvariant="normal">d</mi>'),
        (r"$a \not= b$", "<mo>≠</mo>"),
        (r"$a \sim b$", "<mo>∼</mo>"),
        (r"$$x$$", 'class="broad display"'),
    ],
)
def test_a_formula_is_mathml(source: str, shown: str) -> None:
    assert shown in formula(source)
    assert "<math " in formula(source)


@pytest.mark.parametrize(
    "source",
    [
        r"$\href{javascript:alert(1)}{x}$",
        r"$\style{color:red}{x}$",
        r"$\unknowncommand x$",
        r"$\frac{$",
        r"$_$",
        "$" + "{" * 400 + "$",
        "$" + "x" * 501 + "$",
        "$$",
        "$ $",
    ],
)
def test_what_is_no_formula_is_shown_as_it_is_written(source: str) -> None:
    assert text_of(inline(source)) == source
    assert "<math" not in inline(source)


def test_a_formula_within_which_a_badge_stands_is_whole() -> None:
    (html,) = paragraphs(
        (
            "with $x^",
            Badge("2", "F08080"),
            "$ now",
        ),
        {"F08080": "k-0"},
    )
    assert "<msup><mi>x</mi><mn>2</mn></msup>" in html
    assert "mark" not in html


@pytest.mark.parametrize("scrap", ["$", "$x$", "\\(", "{", "$_", "a\n ", "\\left("])
def test_a_long_text_made_to_be_slow_is_not(scrap: str) -> None:
    start = process_time()
    paragraphs((scrap * (20_000 // len(scrap)), Badge("LLM", "F08080")), {})
    assert process_time() - start < 2


@given(st.text("0123456789abcdefABCDEF", min_size=6, max_size=6), st.sampled_from([LIGHT, DARK]))
def test_a_word_of_any_colour_can_be_read(color: str, page: tuple[int, int, int]) -> None:
    word, background = shades(color, page)
    assert contrast(word, background) >= 5


@given(st.lists(any_text | st.sampled_from(["LLM", "llm", "L-L-M", "KV", "é", "e", "index"])))
def test_keywords_have_pages_of_their_own_also_where_capitals_do_not_count(
    words: list[str],
) -> None:
    slugs = keyword_slugs(words)
    assert set(slugs) == set(words)
    assert len({slug.lower() for slug in slugs.values()}) == len(slugs)
    assert all(re.fullmatch(r"[a-z0-9-]+", slug) and slug != "index" for slug in slugs.values())


@given(any_text.filter(bool))
def test_an_author_has_a_place_whatever_the_name(name: str) -> None:
    page, slug = author_place(name)
    assert re.fullmatch(r"author/[a-z0-9]{1,2}(-[a-z0-9])?\.html", page)
    assert re.fullmatch(r"[a-z0-9-]+", slug)


def test_spellings_of_an_author_are_one() -> None:
    assert author_place("José  Núñez") == author_place("Jose Nunez")
    assert author_place("Jose Nunez") == ("author/nu-j.html", "jose-nunez")
    assert author_place("李明") != author_place("王芳")


def test_arxiv_has_html_of_newer_papers_only() -> None:
    assert arxiv_links(PaperId.parse("2511.00001v2")).html == "https://arxiv.org/html/2511.00001v2"
    assert arxiv_links(PaperId.parse("hep-th/9901001")).html == ""
    assert (
        arxiv_links(PaperId.parse("hep-th/9901001")).pdf == "https://arxiv.org/pdf/hep-th/9901001"
    )


def test_papers_about_the_same_are_found_and_days_that_are_over_are_not() -> None:
    first = date(2026, 3, 2)
    likeness = Likeness()
    about = {
        "caches": "quantized key value caches for serving language models on small accelerators",
        "stars": "spectra of dwarf galaxies reveal faint stellar streams around massive hosts",
        "caches again": "serving language models with quantized key value caches in less memory",
        "knots": "an invariant of knots from representations of braid groups and surfaces",
    }
    filler = [(f"p{n}", f"paper{n}", f"topic{n} word{n} thing{n} idea{n}") for n in range(60)]
    likeness.add(first, [(name, name, text) for name, text in about.items()])
    later = first + timedelta(days=1)
    likeness.add(later, [("new", "caches", about["caches"]), *filler])
    found = likeness.like(Place(later, "new"))
    assert found[0] == Place(first, "caches")
    assert Place(first, "caches again") in found
    assert Place(first, "stars") not in found
    likeness.drop(first)
    assert likeness.like(Place(later, "new")) == []
    assert likeness.days == {later}


def test_plots_are_nothing_but_shapes_and_escaped_labels() -> None:
    drawn = [
        bars('<b>"&', [("<script>", 3), ("b", 0)], "k-0"),
        dots("pairs", ["<i>", "b"], [("<script>", [1, None]), ("d", [3, 4])]),
        line((0, 3, 1), "k-1"),
        bars("none", []),
    ]
    for html in drawn:
        elements = fragment(html)[5:]
        assert elements
        for element in elements:
            assert name_of(element) in {"svg", "g", "rect", "path", "text", "circle"}
            assert "style" not in element.attrib
        assert html == html.replace("ns0", "")


@given(st.integers(0, 10**7))
def test_the_last_label_of_an_axis_is_not_below_the_tallest_bar(most: int) -> None:
    labels = steps(most)
    assert labels[-2] < max(most, 1) <= labels[-1]
    assert len(labels) <= 6
    assert len({after - before for before, after in pairwise(labels)}) == 1


def test_a_single_week_has_no_line() -> None:
    assert line((), "") == line((5,), "") == ""


def test_the_server_shows_files_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    site = tmp_path / "site"
    (site / "day").mkdir(parents=True)
    (site / "index.html").write_text("start")
    (site / "papers.js").write_text("1")
    with serve(site, 0) as url, httpx.Client(base_url=url, trust_env=False) as client:
        assert client.get("/").text == "start"
        assert client.get("/papers.js").headers["content-type"] == "text/javascript"
        assert client.get("/day/").status_code == 404
        assert client.get("/%2e%2e/secret.txt").status_code == 404
        assert url.startswith("http://127.0.0.1:")
        port = httpx.URL(url).port or 0
        with pytest.raises(UsageError, match=str(port)), serve(site, port):
            pass


def test_a_workspace_has_a_port_of_its_own(tmp_path: Path) -> None:
    ports = {own_port(tmp_path / name) for name in "abcdefgh"}
    assert len(ports) > 1
    assert all(1024 < port < 32_768 for port in ports)


def test_the_command_serves_until_it_is_stopped(tmp_path: Path) -> None:
    desk(tmp_path, corpus(2)).app.site()
    with running("site", "--serve", folder=tmp_path) as process:
        assert process.stderr is not None
        url = process.stderr.readline().split()[0]
        assert httpx.get(f"{url}day/{DAYS[0]}.html", trust_env=False).status_code == 200
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0


def test_a_followed_author_has_the_colour_of_the_configuration() -> None:
    followed = Author("Kari Ødegård", "6495ED")
    topic = Topic("t", (Group("g", "F08080", plain_keywords("cache")),), authors=(followed,))
    made = paper(authors=("A. Nobody", "K. Ødegård"))
    matcher, looks = Matcher([topic]), Looks([topic])
    match = matcher.match(made)
    assert match
    shown = Shown(made, match, entry_of(made, match, CLEAN))
    period = Period.of(DAYS[1])
    day = day_of(Edition(period, CLEAN, (shown,), "complete"), matcher, "")
    seen = paper_view(shown, day.papers[0], looks, [])
    assert [(str(author.name), author.look) for author in seen.authors.first] == [
        ("A. Nobody", ""),
        ("K. Ødegård", looks.classes["6495ED"]),
    ]


def web(text: str) -> list[tuple[str, str]]:
    return [(one.name, one.url) for one in web_links([text])]


def test_code_and_project_pages_are_found_however_they_are_written() -> None:
    text = (
        "Code: https://github.com/you/pruned-llm. Data (zenodo.org/record/1), models at "
        "huggingface.co/you/m; see you.github.io/page/, http://you.github.io/page and "
        "\\url{https://gitlab.com/a/b_c}, mail a@github.com, https://evil.example/x"
    )
    assert web(text) == [
        ("GitHub", "https://github.com/you/pruned-llm"),
        ("Hugging Face", "https://huggingface.co/you/m"),
        ("GitLab", "https://gitlab.com/a/b_c"),
        ("Zenodo", "https://zenodo.org/record/1"),
    ]
    assert web("on you.github.io.") == [("Project page", "https://you.github.io")]
    assert web("javascript:alert(1) github.com ftp://github.com/a github.company/x") == []


def test_a_link_is_whole_where_a_badge_stands_within() -> None:
    abstract = ("At (https://github.com/you/", Badge("LLM", "F08080"), "-x), $a/b$.")
    (html,) = paragraphs(abstract, {"F08080": "k-0"})
    assert html.startswith(
        'At (<a href="https://github.com/you/LLM-x" rel="nofollow noreferrer">'
        'https://github.com/you/<mark class="k-0">LLM</mark>-x</a>), <math '
    )
    assert "<a " not in inline("https://github.com/you/a")


def paper(**values: object) -> Paper:
    made = invented("2603.00001", datetime(2026, 3, 2, tzinfo=UTC), abstract="A cache.")
    return replace(made, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("values", "withdrawn"),
    [
        ({}, False),
        ({"comment": "This paper has been withdrawn by the author due to an error"}, True),
        ({"comment": "Withdrawn; see 2601.00001"}, True),
        ({"abstract": "This submission has been withdrawn by arXiv administrators."}, True),
        ({"abstract": "We study how cash is withdrawn from banks."}, False),
        ({"comment": "12 pages"}, False),
    ],
)
def test_a_withdrawn_paper_is_known(values: dict[str, str], withdrawn: bool) -> None:
    assert is_withdrawn(paper(**values)) is withdrawn


def test_a_doi_leads_to_its_publisher_and_nothing_else_does() -> None:
    assert doi_links("10.1000/a(b)<c>") == (
        ("10.1000/a(b)<c>", "https://doi.org/10.1000/a(b)%3Cc%3E"),
    )
    assert [doi for doi, _ in doi_links("10.1000/a 10.1000/b javascript:x")] == [
        "10.1000/a",
        "10.1000/b",
    ]
    assert doi_links(None) == ()


def test_reference_managers_are_given_the_whole_paper() -> None:
    made = paper(title="Caches:  a & b\n of $x$", authors=("Ann A. Author", "李 明"))
    fields = parse_qs(coins(made))
    assert fields["rft.title"] == ["Caches: a & b of $x$"]
    assert fields["rft.creator"] == ["Ann A. Author", "李 明"]
    assert fields["rft.type"] == ["preprint"]
    assert fields["rft_id"] == ["info:doi/10.48550/arXiv.2603.00001"]


def test_of_many_authors_the_last_one_is_in_sight_and_all_are_there() -> None:
    names = tuple(f"Ann Author{number}" for number in range(40))
    made = paper(authors=names)
    topic = Topic("t", (Group("g", "F08080", plain_keywords("cache")),))
    matcher, looks = Matcher([topic]), Looks([topic])
    match = matcher.match(made)
    assert match
    shown = Shown(made, match, entry_of(made, match, CLEAN))
    day = day_of(Edition(Period.of(DAYS[1]), CLEAN, (shown,), "complete"), matcher, "")
    authors = paper_view(shown, day.papers[0], looks, []).authors
    assert authors.brief == "A. Author0, A. Author1 … A. Author39 (40)"
    assert authors.last[0].name == "Ann Author39"
    everyone = (*authors.first, *authors.others, *authors.last)
    assert [one.name for one in everyone] == list(names)


@given(st.lists(st.integers(2_000, 60_000), max_size=60))
def test_the_parts_of_a_day_hold_all_papers_in_order_and_are_small(sizes: list[int]) -> None:
    papers = [SimpleNamespace(size=size) for size in sizes]
    parts = parts_of(papers)  # type: ignore[arg-type]
    assert [paper for part in parts for paper in part] == papers
    assert all(parts) or parts == [[]]
    for part in parts:
        assert len(part) == 1 or sum(paper.size for paper in part) < 250_000
