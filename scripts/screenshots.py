"""`make screenshots`: the pictures of the README, taken of what the program makes.

In a new workspace, on the simulator's papers: the newest digest as a Markdown viewer shows it, its
page in both views, both themes and on a phone, the start page, and a terminal. Needs Chromium.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt
from playwright.sync_api import Browser, Page, Route, sync_playwright
from simulated import DIGEST, simulated_arxiv
from terminal import page as terminal_page
from terminal import session

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"

#: As far back as the simulator has papers.
DAYS_BACK = timedelta(days=27)

#: What is typed in the terminal, in a workspace that has all digests but the newest.
TYPED = ("digest run", "digest keywords remove cache --dry-run --days 5")

#: How Markdown viewers dress a digest.
MARKDOWN_STYLE = """
body { margin: 0 auto; padding: 1rem 2.2rem; color: #1f2328; font: 16px/1.5 sans-serif }
h1, h2 { border-bottom: 1px solid #d1d9e0; padding-bottom: .3em; margin: 1.5rem 0 1rem }
a { color: #0969da; text-decoration: none }
blockquote { margin: 0 0 .5rem; padding: 0 1rem; border-left: 4px solid #d1d9e0; color: #59636e }
blockquote p { margin: 0 }
img { vertical-align: middle }
"""


def main() -> int:
    """Make the workspace, take the pictures; returns the exit code."""
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("the pictures need a browser: apt-get install chromium")
    with tempfile.TemporaryDirectory() as folder, simulated_arxiv() as environ:
        workspace = Path(folder) / "papers"
        prepare(workspace, environ)
        typed = [(line, [*DIGEST, *line.split()[1:]]) for line in TYPED]
        screen = terminal_page(session(typed, workspace, environ))
        digest = max((workspace / "output").glob("????-??-??.md"))
        with served(workspace) as url, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            with opened(browser, width=912, height=800) as page:
                page.set_content(markdown_page(digest), wait_until="load")
                keep(page, "digest")
            with opened(browser) as page:
                page.set_content(screen)
                page.locator("pre").screenshot(path=PICTURES / "terminal.png")
            day = f"{url}day/{digest.stem}.html"
            with opened(browser) as page:
                page.goto(day, wait_until="load")
                keep(page, "day")
                go_through(page)
                keep(page, "compact")
                page.emulate_media(color_scheme="dark")
                keep(page, "dark")
            with opened(browser, width=360, height=740) as page:
                page.goto(day, wait_until="load")
                go_through(page)
                keep(page, "phone")
            with opened(browser) as page:
                page.goto(url, wait_until="load")
                keep(page, "start")
            browser.close()
    return 0


def prepare(workspace: Path, environ: dict[str, str]) -> None:
    """A workspace with the digests of some weeks, up to the newest but one."""
    today = date.today()  # noqa: DTZ011  the days of the simulator go by this clock
    weeks = (str(today - DAYS_BACK), str(today - timedelta(days=1)))
    for words in (("init", str(workspace)), ("-C", str(workspace), "backfill", *weeks)):
        subprocess.run((*DIGEST, *words), env=environ, check=True, capture_output=True)


@contextmanager
def served(workspace: Path) -> Iterator[str]:
    """The address of a workspace's pages."""
    command = (*DIGEST, "site", "--serve")
    with subprocess.Popen(
        command, cwd=workspace, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as server:
        try:
            assert server.stderr is not None  # noqa: S101  it is a pipe
            yield server.stderr.readline().split()[0]
        finally:
            server.terminate()


@contextmanager
def opened(browser: Browser, width: int = 1200, height: int = 840) -> Iterator[Page]:
    """An empty page, so many pixels wide and high."""
    page = browser.new_page(viewport={"width": width, "height": height})
    page.route("https://img.shields.io/**", draw_badge)
    yield page
    page.close()


def go_through(page: Page) -> None:
    """Read two papers, star one, and show the rest in the compact view."""
    for key in ("e", "s", "e", "c"):
        page.keyboard.press(key)


def keep(page: Page, name: str) -> None:
    """Keep what is seen of a page."""
    page.screenshot(path=PICTURES / f"{name}.png")


def markdown_page(digest: Path) -> str:
    """A digest as HTML."""
    html = MarkdownIt().render(digest.read_text(encoding="utf-8"))
    return f"<!doctype html><meta charset=utf-8><style>{MARKDOWN_STYLE}</style>{html}"


def draw_badge(route: Route) -> None:
    """Draw a badge as shields.io does, which is not asked: `…/badge/KV-F08080`."""
    text, _, color = unquote(urlsplit(route.request.url).path.rpartition("/")[2]).rpartition("-")
    text = text.replace("--", "-").replace("__", "_")
    width = 6.4 * len(text) + 12
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="20">'
        f'<rect width="{width}" height="20" rx="3" fill="#{color}"/>'
        f'<text x="50%" y="14" fill="#fff" text-anchor="middle" font-family="sans-serif" '
        f'font-size="11">{text}</text></svg>'
    )
    route.fulfill(body=svg, content_type="image/svg+xml")


if __name__ == "__main__":
    sys.exit(main())
