"""The site in a real browser: what a reader does with it, and what hostile papers cannot do."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browser import Watched, browser, needs_browser, wait_until, watched
from sites import ATTACKS, DAYS, HOSTILE, attack, corpus, desk

from digest.model.marks import Marks, marks_of
from digest.outlets.site.serving import serve
from digest.simulator import Corpus
from digest.writer.order.stars import read_starred

if TYPE_CHECKING:
    from axe_playwright_python.base import AxeResults
    from playwright.sync_api import Browser, Locator, Page

DAY = f"day/{DAYS[0]}.html"

#: The folders of the sites that are served.
SERVED: set[Path] = set()

TOP = "(element) => element.getBoundingClientRect().top"

pytestmark = needs_browser


@dataclass(frozen=True)
class Site:
    """A month's site, served on loopback, and its folder."""

    url: str
    folder: Path


@pytest.fixture(autouse=True)
def unmarked() -> Iterator[None]:
    """No test finds the marks of another one."""
    yield
    for folder in SERVED:
        (folder.parent / "marks.json").unlink(missing_ok=True)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    made = desk(tmp_path_factory.mktemp("site"), corpus())
    attack(made)
    report = made.app.site()
    with serve(report.path, 0) as url:
        SERVED.add(report.path)
        yield Site(url, report.path)


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site of a single day of 45 papers."""
    papers = Corpus.generate(seed=3, first=DAYS[0], last=DAYS[0], per_day=90)
    made = desk(tmp_path_factory.mktemp("full"), papers)
    report = made.app.site()
    with serve(report.path, 0) as url:
        SERVED.add(report.path)
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
    page.get_by_role("status").get_by_text("0 papers", exact=True).wait_for()
    page.keyboard.press("Escape")
    assert page.locator("#main").is_visible()


def categories(article: Locator) -> list[str]:
    return (article.get_attribute("data-categories") or "").split()


def choose(page: Page, name: str, value: str) -> None:
    """Choose in a filter, which a narrow screen has behind a button."""
    select = page.locator(f"#filter [name={name}]")
    if not select.is_visible():
        page.click("[popovertarget=filter]")
    select.select_option(value)
    page.keyboard.press("Escape")


def test_filters_leave_what_fits_and_stand_in_the_address(reader: Watched, site: Site) -> None:
    page = reader.page
    page.goto(site.url + day(4))
    number = page.locator("article.paper").count()
    choose(page, "keyword", "field")
    fitting = page.locator("article.paper:visible")
    expected = page.locator("article.paper[data-keywords~=field]").count()
    assert 0 < fitting.count() == expected < number
    assert page.locator("#of").inner_text() == str(expected)
    page.reload()
    assert fitting.count() == expected
    assert page.url.endswith("?keyword=field")
    category = categories(fitting.first)[0]
    choose(page, "keyword", "")
    choose(page, "category", category)
    assert all(category in categories(each) for each in fitting.all())
    assert page.locator(".contents li:not([hidden])").count() == fitting.count()
    choose(page, "category", "")
    choose(page, "show", "starred")
    # Nothing is starred: the page says so and leads back.
    assert fitting.count() == 0
    page.locator("#none button").click()
    assert fitting.count() == number


def state(page: Page) -> tuple[str, ...]:
    return tuple(page.locator(f"#{name}").inner_text() for name in ("at", "of", "left"))


def now(page: Page) -> str:
    """The current paper, which is seen, has the bar, and is the one that the contents show."""
    paper = page.locator("article.current")
    name = paper.get_attribute("data-paper") or ""
    box = paper.bounding_box()
    size = page.viewport_size
    assert box and size and box["y"] < size["height"] and box["y"] + box["height"] > 0
    assert page.locator(".contents [aria-current]").get_attribute("data-entry") == name
    bar = "getComputedStyle(document.querySelector('article.current'), '::before').borderLeftWidth"
    assert page.evaluate(bar) == "4px"
    return name


def said(page: Page) -> str:
    return page.locator("#said [role=status]").inner_text()


def marks_of_workspace(site: Site) -> Marks:
    return marks_of(json.loads((site.folder.parent / "marks.json").read_bytes()))


@pytest.mark.parametrize("width", [360, 1440])
def test_a_day_is_gone_through_by_keys_alone(chromium: Browser, full: Site, width: int) -> None:
    with reading(chromium, full, width) as seen:
        page = seen.page
        page.goto(full.url + DAY)
        papers = page.locator("article.paper")
        ids = [each.get_attribute("data-paper") for each in papers.all()]
        assert len(ids) >= 45
        number = str(len(ids))
        assert (state(page), now(page)) == (("1", number, number), ids[0])
        page.keyboard.press("s")
        assert said(page).startswith("Starred: ")
        page.keyboard.press("e")
        assert (said(page)[:6], now(page)) == ("Read: ", ids[1])
        page.keyboard.press("x")
        assert (said(page)[:12], now(page)) == ("Not for me: ", ids[2])
        assert state(page) == ("3", number, str(len(ids) - 2))
        page.keyboard.press("u")
        assert (said(page)[:8], now(page)) == ("Undone: ", ids[1])
        assert state(page) == ("2", number, str(len(ids) - 1))
        page.keyboard.press("n")
        page.keyboard.type("compare with ours")
        page.keyboard.press("Control+Enter")
        assert papers.nth(1).locator(".note-text").inner_text() == "Note: compare with ours"
        for left in reversed(range(len(ids) - 1)):
            page.keyboard.press("e")
            wait_until(page, LEFT, str(left))
        page.evaluate("marks.sent()")
        page.reload()
        assert state(page)[1:] == (number, "0")
        with reading(chromium, full, width) as other:
            other.page.goto(full.url + DAY)
            wait_until(other.page, LEFT, "0")
            assert papers.first.locator("button.star").get_attribute("aria-pressed") == "true"
        page.keyboard.press("c")
        page.keyboard.press("A")
        assert said(page) == "All papers are read."
        page.keyboard.press("?")
        assert page.locator("#help").is_visible()
        page.keyboard.press("Escape")
        page.keyboard.press("/")
        page.keyboard.type("jk")
        assert page.input_value("#query") == "jk"
    kept = marks_of_workspace(full)
    assert kept.with_mark("star") == [ids[0]]
    assert sorted(kept.with_mark("read")) == sorted(map(str, ids))
    assert kept.with_mark("dislike") == []


#: Whether eight papers are whole between two heights of the screen.
LEFT = "(left) => document.getElementById('left').textContent === left"
IN_SIGHT = """([top, bottom]) => [...document.querySelectorAll('article.paper')].filter((one) => {
    const box = one.getBoundingClientRect();
    return box.top >= top && box.bottom <= bottom;
}).length >= 8"""


def test_a_day_is_gone_through_by_touch(chromium: Browser, full: Site) -> None:
    with watched(chromium, 360, touch=True) as seen:
        page = seen.page
        page.goto(full.url + DAY)
        number = page.locator("article.paper").count()
        thumb = page.locator(".thumb")
        for button in thumb.locator("button").all():
            box = button.bounding_box()
            assert box and box["height"] >= 44 and 600 < box["y"] < 800
        thumb.get_by_text("Star").tap()
        thumb.get_by_text("Not for me").tap()
        page.locator("#said button").tap()
        assert state(page)[2] == str(number)
        for _ in range(number):
            thumb.get_by_text("Read, next").tap()
        assert state(page)[2] == "0"
        page.locator("[data-act=compact]").tap()
        papers = page.locator("article.paper")
        top = page.locator(".bar").bounding_box()
        papers.first.scroll_into_view_if_needed()
        assert top
        page.evaluate("scrollTo(0, document.body.scrollHeight / 2)")
        wait_until(page, IN_SIGHT, arg=[top["height"], 800 - 56])
        assert not papers.first.locator("p.abstract").first.is_visible()
        papers.first.scroll_into_view_if_needed()
        papers.first.locator(".title").tap()
        assert papers.first.locator("p.abstract").first.is_visible()
        page.evaluate("marks.sent()")
        assert seen.complaints == []


def test_the_current_paper_is_the_one_that_is_seen(at_a_desk: Watched, site: Site) -> None:
    page = at_a_desk.page
    page.goto(site.url + day(4))
    ids = [each.get_attribute("data-paper") for each in page.locator("article.paper").all()]
    page.keyboard.press("j")
    assert now(page) == ids[1]
    page.locator("article.paper").nth(9).evaluate("(one) => scrollTo(0, one.offsetTop - 80)")
    wait_until(page, "!document.querySelectorAll('article')[1].matches('.current')")
    there = now(page)
    assert there in ids[8:11]
    page.keyboard.press("s")
    assert page.locator(f"article[id='{there}'] button.star[aria-pressed=true]").count() == 1
    page.context.route("https://arxiv.org/**", lambda route: route.fulfill(body="arXiv"))
    for key, place in (("o", "abs"), ("p", "pdf")):
        with page.expect_popup() as popup:
            page.keyboard.press(key)
        assert popup.value.url.startswith(f"https://arxiv.org/{place}/{there}")
        popup.value.close()
    page.keyboard.press("]")
    page.wait_for_url(f"**/{DAYS[5]}.html")
    page.keyboard.press("[")
    page.wait_for_url(f"**/{DAYS[4]}.html")


def test_a_hostile_page_in_the_same_browser_cannot_write_a_mark(
    at_a_desk: Watched, site: Site
) -> None:
    page = at_a_desk.page
    page.goto(site.url)
    token = page.locator("html").get_attribute("data-token")
    page.context.route(
        "http://evil.example/**",
        lambda route: route.fulfill(
            body="<form method=post enctype=text/plain><input name=x></form>",
            content_type="text/html",
        ),
    )
    page.goto("http://evil.example/")
    before = marks_file(site)
    # Even with the token, were it known.
    tried = """([url, token]) => Promise.allSettled([
        fetch(url, {method: "POST", body: "{}", mode: "no-cors"}),
        fetch(url, {method: "POST", body: "{}", headers: {"X-Digest-Token": token}}),
        fetch(url).then((answer) => answer.text()),
    ]).then((all) => all.map((one) => one.status + (one.value?.type ?? "")))"""
    outcome = page.evaluate(tried, [f"{site.url}marks.json", token])
    assert outcome[1:] == ["rejected", "rejected"]
    page.evaluate("(url) => { document.forms[0].action = url }", f"{site.url}marks.json")
    page.evaluate("document.forms[0].submit()")
    page.wait_for_url("**/marks.json")
    assert marks_file(site) == before
    at_a_desk.complaints.clear()
    at_a_desk.asked.clear()


def marks_file(site: Site) -> bytes:
    path = site.folder.parent / "marks.json"
    return path.read_bytes() if path.exists() else b""


def test_stars_are_exported_and_can_be_removed(reader: Watched, site: Site, tmp_path: Path) -> None:
    page = reader.page
    page.goto(site.url + day(6))
    article = page.locator("article.paper").nth(2)
    paper, title = article.get_attribute("data-paper") or "", article.locator("h2").text_content()
    author = str(article.locator(".by a").first.text_content())
    article.locator("button.star").click()
    page.goto(f"{site.url}starred.html")
    line = page.locator("#starred li", has_text=paper)
    assert line.locator("a").text_content() == title
    contents = {}
    for kind in ("bibtex", "ris", "csl"):
        with page.expect_download() as download:
            page.click(f"[data-export={kind}]")
        contents[kind] = download.value.path().read_text()
    assert f"eprint = {{{paper}}}" in contents["bibtex"] and author in contents["bibtex"]
    assert f"UR  - https://arxiv.org/abs/{paper}\n" in contents["ris"]
    assert [one["title"] for one in json.loads(contents["csl"]) if paper in one["id"]] == [title]
    with page.expect_download() as download:
        page.click("#export")
    download.value.save_as(tmp_path / "marks.json")
    assert paper in read_starred(tmp_path / "marks.json").ids
    line.locator("button").click()
    assert page.locator("#starred li", has_text=paper).count() == 0
    # An older file does not bring back what was removed; a newer one does.
    page.set_input_files("#import", tmp_path / "marks.json")
    page.wait_for_selector("text=imported")
    assert page.locator("#starred li", has_text=paper).count() == 0
    data = json.loads((tmp_path / "marks.json").read_text())
    data["papers"][paper]["star"]["at"] = "2999-01-01T00:00:00.000Z"
    (tmp_path / "marks.json").write_text(json.dumps(data))
    page.set_input_files("#import", tmp_path / "marks.json")
    line.wait_for()
    page.evaluate("marks.sent()")


def test_the_start_page_counts_what_is_new_and_not_read(at_a_desk: Watched, site: Site) -> None:
    page = at_a_desk.page
    page.goto(site.url + day(20))
    page.keyboard.press("e")
    number = page.locator("article.paper").count()
    page.evaluate("marks.sent()")
    page.goto(site.url)
    cell = page.locator(f".calendar a[data-day='{DAYS[20]}']")
    assert cell.locator(".left").inner_text() == str(number - 1)
    assert page.locator(".calendar .left").count() == 2
    page.evaluate(f"sessionStorage.clear(); localStorage.setItem('visit', '{DAYS[18]}')")
    page.reload()
    shown = page.locator("#since").inner_text()
    assert re.fullmatch(r"Since your last visit: 3 days, \d+ papers", shown)
    page.locator("#since a").click()
    page.wait_for_url(f"**/{DAYS[19]}.html")


def test_search_knows_ids_days_authors_and_goes_back(at_a_desk: Watched, site: Site) -> None:
    page = at_a_desk.page
    page.goto(site.url + day(5))
    article = page.locator("article.paper").nth(3)
    paper, category = article.get_attribute("data-paper"), categories(article)[0]
    author = str(article.locator(".by a").first.text_content())
    page.goto(site.url)
    before = len(at_a_desk.asked)
    page.fill("#query", str(paper))
    page.wait_for_selector("#results li")
    wait_until(page, "!document.querySelector('#results [role=status]').textContent.includes('…')")
    assert len(at_a_desk.asked) - before <= 10
    links = page.locator("#results li h2 a")
    assert [link.get_attribute("href") for link in links.all()] == [f"{day(5)}#{paper}"]
    assert page.url.endswith(f"?q={paper}")
    for words in (f"author:{author} on:{DAYS[5]}", f"{DAYS[5]} {category} {author.split()[-1]}"):
        page.fill("#query", words)
        wait_until(
            page, "(words) => new URLSearchParams(location.search).get('q') === words", arg=words
        )
        page.locator(f"#results li[data-id='{paper}']").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/day/**")
    page.go_back()
    page.wait_for_selector("#results li")
    assert page.input_value("#query") == words
    page.go_back()
    page.locator("#main").wait_for()
    assert page.locator("#results").is_hidden()


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
        assert hostile.locator("h2", has_text=text).count() == 1, text
        assert hostile.locator(".abstract", has_text=text).count() >= 1, text
    assert page.locator("footer").is_visible()
    page.goto(f"{site.url}author/index.html")
    page.goto(site.url)
    page.fill("#query", "Hostile")
    page.wait_for_selector("#results li")
    assert page.evaluate("window.caught") is None


@pytest.mark.parametrize(
    ("width", "dark", "view"),
    [(360, False, "full"), (1440, True, "full"), (360, True, "compact"), (1440, False, "compact")],
)
def test_pages_are_accessible_and_fit_the_screen(
    chromium: Browser, site: Site, width: int, dark: bool, view: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    names = [day(7), "week/2026-W11.html", "starred.html"]
    if view == "full":
        names += ["index.html", "keyword/noise.html", f"day/{HOSTILE}.html"]
        names += ["author/jo-a.html", "keyword/index.html", "author/index.html"]
    with watched(chromium, width, dark=dark) as reader:
        page = reader.page
        page.goto(site.url + day(7))
        page.evaluate(f"localStorage.setItem('view', '{view}')")
        for key in "es":
            page.keyboard.press(key)
        for name in names:
            page.goto(site.url + name)
            page.keyboard.press("j")
            if view == "full":
                page.evaluate(
                    "document.querySelectorAll('details').forEach((one) => (one.open = true))"
                )
            # As on the start page of a year.
            page.evaluate(
                "document.querySelectorAll('.calendar').forEach((one) => "
                "one.append(...[1, 2, 3].map(() => one.firstElementChild.cloneNode(true))))"
            )
            wait_until(page, FORMULAS)
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, name
            check_accessible(Axe().run(page), name)
        if view == "full":
            page.goto(site.url + day(7))
            page.keyboard.press("n")
            check_accessible(Axe().run(page), "note")
            page.keyboard.press("Escape")
            page.keyboard.press("?")
            check_accessible(Axe().run(page), "help")
            page.goto(f"{site.url}?q=noise")
            page.wait_for_selector("#results li")
            check_accessible(Axe().run(page), "search")
        assert reader.complaints == []


#: Formulas that do not fit, and no others, are Tab stops.
FORMULAS = """() => [...document.querySelectorAll('.broad')].every(
    (one) => (one.scrollWidth > one.clientWidth + 1) === (one.tabIndex === 0)
)"""


def check_accessible(found: AxeResults, name: str) -> None:
    violations = found.response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in violations] == [], name


def test_from_the_file_system_all_but_search_and_lasting_marks_works(
    chromium: Browser, site: Site
) -> None:
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
        assert "in this browser only" in page.locator("#kept").inner_text()
        page.fill("#query", "noise")
        page.wait_for_selector("#results:not([hidden])")
        assert "digest site --serve" in page.locator("#results [role=status]").inner_text()
        assert reader.complaints == []
        assert all(url.startswith(("file:", "blob:")) for url in reader.asked)


def test_without_scripts_a_day_is_whole(chromium: Browser, site: Site) -> None:
    with watched(chromium, 360, scripts=False) as reader:
        page = reader.page
        page.goto(site.url + day(4))
        assert page.locator("p.abstract").first.is_visible()
        assert page.locator(".by a").first.is_visible()
        for name in (".bar", ".thumb", "#search", "#said", ".marks"):
            assert not page.locator(name).first.is_visible(), name


SHIFT = """() => new Promise((done) => new PerformanceObserver((list) => done(
    list.getEntries().reduce((sum, one) => sum + one.value, 0)
)).observe({type: "layout-shift", buffered: true}) ?? setTimeout(() => done(0), 100))"""


@pytest.mark.parametrize("width", [360, 1440])
def test_nothing_moves_once_it_is_drawn(chromium: Browser, full: Site, width: int) -> None:
    for name in (DAY, "index.html", "week/2026-W10.html", "starred.html"):
        with watched(chromium, width) as reader:
            reader.page.goto(full.url + name, wait_until="load")
            assert float(reader.page.evaluate(SHIFT)) < 0.1, name
