"""Debian's Chromium, driven by Playwright: what a reader's browser makes of pages."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page, Request

CHROMIUM = shutil.which("chromium")

needs_browser = pytest.mark.skipif(
    CHROMIUM is None, reason="needs a browser: apt-get install chromium"
)

_OPTIONS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--disable-dev-shm-usage",
)


@dataclass
class Watched:
    """A page, what its console said, and what it asked for."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)

    def hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def see(self, request: Request) -> None:
        self.asked.add(request.url)


@contextmanager
def browser() -> Iterator[Browser]:
    """The browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=list(_OPTIONS))
        yield found
        found.close()


@contextmanager
def watched(
    found: Browser,
    width: int = 1440,
    *,
    dark: bool = False,
    touch: bool = False,
    scripts: bool = True,
) -> Iterator[Watched]:
    """A page of a reader of its own, whose browser has kept nothing yet."""
    context = found.new_context(
        viewport={"width": width, "height": 800},
        color_scheme="dark" if dark else "light",
        has_touch=touch,
        java_script_enabled=scripts,
    )
    context.set_default_timeout(10_000)
    page = context.new_page()
    seen = Watched(page)
    page.on("console", seen.hear)
    page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    page.on("request", seen.see)
    yield seen
    context.close()


def wait_until(page: Page, expression: str, arg: object = None) -> None:
    """Wait until a JavaScript expression, or a function of `arg`, is true; at most ten seconds.

    Playwright's own `wait_for_function` evaluates text within the page, which its policy forbids.
    """
    for _ in range(200):
        if page.evaluate(expression, arg):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"did not become true: {expression}")
