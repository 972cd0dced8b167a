"""The site in a real browser: what a reader does with it, and what hostile papers cannot do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browser import Watched, browser, needs_browser, watched
from sites import ATTACKS, DAYS, HOSTILE, attack, corpus, desk

from digest.outlets.site.serving import serve
from digest.writer.order.stars import read_starred

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator

TOP = "(element) => element.getBoundingClientRect().top"

pytestmark = needs_browser


@dataclass(frozen=True)
class Site:
    """A month's site, served on loopback, and its folder."""

    url: str
    folder: Path


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    made = desk(tmp_path_factory.mktemp("site"), corpus())
    attack(made)
    report = made.app.site()
    with serve(report.path, 0) as url:
        yield Site(url, report.path)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as found:
        yield found


@contextmanager
def reading(chromium: Browser, site: Site, width: int) -> Iterator[Watched]:
    """A reader of the served site, whose browser complains of nothing and asks nobody else."""
    with watched(chromium, width) as seen:
        yield seen
        assert seen.complaints == []
        assert {url for url in seen.asked if not url.startswith((site.url, "blob:"))} == set()


@pytest.fixture(params=[360, 1440])
def reader(chromium: Browser, site: Site, request: pytest.FixtureRequest) -> Iterator[Watched]:
    """A reader with a telephone, and one at a desk."""
    with reading(chromium, site, request.param) as seen:
        yield seen


@pytest.fixture
def at_a_desk(chromium: Browser, site: Site) -> Iterator[Watched]:
    """A reader for what does not depend on the screen."""
    with reading(chromium, site, 1440) as seen:
        yield seen


def day(number: int) -> str:
    return f"day/{DAYS[number]}.html"


def test_search_finds_as_one_types_and_leads_to_the_paper(reader: Watched, site: Site) -> None:
    page = reader.page
    page.goto(site.url + day(5))
    title = page.locator("h2.title").first.inner_text()
    paper = page.locator("article").first.get_attribute("data-paper")
    page.goto(site.url)
    page.keyboard.press("/")
    page.keyboard.type(title, delay=5)
    page.wait_for_selector("#results li")
    found = page.locator("#results li", has=page.locator(f"a[href$='#{paper}']"))
    assert found.locator("h2").inner_text() == title
    found.locator("a").click()
    page.wait_for_selector(f"article[id='{paper}']")
    assert page.url.endswith(f"{day(5)}#{paper}")


def test_search_says_when_there_is_nothing_and_gives_the_page_back(
    at_a_desk: Watched, site: Site
) -> None:
    page = at_a_desk.page
    page.goto(site.url + day(3))
    page.fill("#query", "qqq")
    page.wait_for_selector("#results:not([hidden])")
    assert page.locator("#results [role=status]").inner_text() == "0 papers"
    page.keyboard.press("Escape")
    assert page.locator("main").is_visible()


def categories(article: Locator) -> list[str]:
    return (article.get_attribute("data-categories") or "").split()


def test_filters_leave_what_fits(reader: Watched, site: Site) -> None:
    page = reader.page
    page.goto(site.url + day(4))
    number = page.locator("article.paper").count()
    page.select_option("[name=keyword]", "field")
    fitting = page.locator("article.paper:visible")
    expected = page.locator("article.paper[data-keywords~=field]").count()
    assert 0 < fitting.count() == expected < number
    assert page.locator("#filter [role=status]").inner_text() == f"{expected} of {number}"
    category = categories(fitting.first)[0]
    page.select_option("[name=keyword]", "")
    page.select_option("[name=category]", category)
    assert all(category in categories(each) for each in fitting.all())
    assert page.locator(".contents li:not([hidden])").count() == fitting.count()
    page.select_option("[name=category]", "")
    assert fitting.count() == number


def test_keys_move_and_mark(reader: Watched, site: Site) -> None:
    page = reader.page
    page.goto(site.url + day(4))
    ids = [each.get_attribute("data-paper") for each in page.locator("article.paper").all()]

    def at() -> object:
        return page.evaluate("document.activeElement.dataset.paper")

    for key, expected in (("j", ids[0]), ("j", ids[1]), ("j", ids[2]), ("k", ids[1])):
        page.keyboard.press(key)
        assert at() == expected
    page.keyboard.press("s")
    page.keyboard.press("r")
    assert page.locator("article.is-read").get_attribute("data-paper") == ids[1]
    page.select_option("[name=show]", "starred")
    assert page.locator("article.paper:visible").count() == 1
    page.select_option("[name=show]", "")
    page.keyboard.press("/")
    page.keyboard.type("jk")
    assert page.input_value("#query") == "jk"


def test_stars_survive_a_reload_and_are_exported(
    reader: Watched, site: Site, tmp_path: Path
) -> None:
    page = reader.page
    page.goto(site.url + day(6))
    article = page.locator("article.paper").nth(2)
    paper, title = article.get_attribute("data-paper"), article.locator("h2").text_content()
    article.locator("button.star").click()
    page.locator("article.paper").nth(3).locator("button.read").click()
    page.reload()
    assert article.locator("button.star").get_attribute("aria-pressed") == "true"
    page.goto(f"{site.url}starred.html")
    assert page.locator("#starred li a").all_text_contents() == [title]
    with page.expect_download() as download:
        page.click("#export")
    download.value.save_as(tmp_path / "marks.json")
    papers = json.loads((tmp_path / "marks.json").read_text())["papers"]
    assert {one["id"] for one in papers if one["starred"]} == {paper}
    assert read_starred(tmp_path / "marks.json").ids == (paper,)
    assert len([one for one in papers if one["read"]]) == 1
    assert papers[0]["url"] == f"https://arxiv.org/abs/{papers[0]['id']}"
    page.locator("#starred li a").click()
    article.locator("button.star").click()
    page.goto(f"{site.url}starred.html")
    assert page.locator("#starred li").count() == 0


def test_formulas_show_as_formulas(reader: Watched, site: Site) -> None:
    page = reader.page
    page.goto(f"{site.url}day/{HOSTILE}.html")
    abstract = page.locator("p.abstract:has(math msup)").first
    formula = abstract.locator("math:has(msup)").first
    assert formula.is_visible()
    base, power = (formula.locator(f"msup > :nth-child({n})").first for n in (1, 2))
    # Drawn as a power: higher than its base.
    assert power.evaluate(TOP) < base.evaluate(TOP)
    assert "$x^2$" not in abstract.inner_text()


def test_the_theme_is_chosen_and_kept(at_a_desk: Watched, site: Site) -> None:
    page = at_a_desk.page
    page.goto(site.url)

    def background() -> object:
        return page.evaluate("getComputedStyle(document.body).backgroundColor")

    light = background()
    page.click("#theme")
    page.click("#theme")
    assert background() != light
    page.goto(site.url + day(1))
    assert background() != light
    assert page.locator("#theme").inner_text() == "Theme: dark"


def test_an_author_is_shown_alone_with_all_papers(at_a_desk: Watched, site: Site) -> None:
    page = at_a_desk.page
    page.goto(site.url + day(2))
    author = page.locator("article.paper .by a").first
    name = author.inner_text()
    author.click()
    page.wait_for_url("**/author/*")
    page.wait_for_selector(".author:target")
    assert page.locator(".author:visible h2").all_text_contents() == [name]
    assert page.locator(".author:visible li").count() >= 1


def test_no_hostile_text_runs_breaks_out_or_leads_away(at_a_desk: Watched, site: Site) -> None:
    page = at_a_desk.page
    page.goto(f"{site.url}day/{HOSTILE}.html")
    hostile = page.locator("article.paper", has=page.locator("h2", has_text="Hostile "))
    assert hostile.count() == len(ATTACKS)
    plain = [each for each in ATTACKS if each.isascii() and "$" not in each and each.isprintable()]
    for text in plain:
        # Titles of the source style are without colons.
        assert hostile.locator("h2", has_text=text.replace(":", "")).count() == 1, text
        assert hostile.locator(".abstract", has_text=text).count() >= 1, text
    assert page.locator("footer").is_visible()
    page.goto(f"{site.url}author/index.html")
    page.goto(site.url)
    page.fill("#query", "Hostile")
    page.wait_for_selector("#results li")
    assert page.evaluate("window.caught") is None


@pytest.mark.parametrize(("width", "dark"), [(360, False), (1440, True)])
def test_pages_are_accessible_and_fit_the_screen(
    chromium: Browser, site: Site, width: int, dark: bool
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    names = ["index.html", day(7), "keyword/noise.html", "starred.html"]
    if width == 360:
        names += [
            f"day/{HOSTILE}.html",
            "author/jo-a.html",
            "keyword/index.html",
            "author/index.html",
        ]
    with watched(chromium, width, dark=dark) as reader:
        page = reader.page
        for name in names:
            page.goto(site.url + name)
            page.evaluate(
                "document.querySelectorAll('details').forEach((one) => (one.open = true))"
            )
            # As on the start page of a year.
            page.evaluate(
                "document.querySelectorAll('.calendar').forEach((one) => "
                "one.append(...[1, 2, 3].map(() => one.firstElementChild.cloneNode(true))))"
            )
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, name
            found = Axe().run(page).response["violations"]
            serious = [one for one in found if one["impact"] in ("serious", "critical")]
            assert serious == [], name
        assert reader.complaints == []


def test_from_the_file_system_all_but_the_search_works(chromium: Browser, site: Site) -> None:
    with watched(chromium) as reader:
        page = reader.page
        page.goto((site.folder / day(4)).as_uri())
        page.select_option("[name=keyword]", "field")
        assert page.locator("article.paper:visible").count() > 0
        page.keyboard.press("j")
        page.keyboard.press("s")
        page.locator("nav a", has_text="Starred").click()
        page.wait_for_selector("#starred li")
        assert page.locator("#starred li").count() == 1
        page.fill("#query", "noise")
        page.wait_for_selector("#results:not([hidden])")
        assert "digest site --serve" in page.locator("#results [role=status]").inner_text()
        assert reader.complaints == []
        assert all(url.startswith(("file:", "blob:")) for url in reader.asked)
