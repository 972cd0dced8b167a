"""The pages in a browser, as on a slow phone: what moves, what is sent, when they can be used.

The phone is Chromium with a processor four times as slow and a network of 1.6 Mbit/s with 150 ms
to the server and back, as Lighthouse has them. Without Chromium there are no rows.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from bench import site
from bench.corpus import ENVIRON
from bench.measure import Row
from digest.app import App
from digest.app.world import real_world
from digest.archive import Archive, DigestRecord
from digest.config import load
from digest.config.workspace import create
from digest.fetcher.calendar import Calendar
from digest.model import Period
from digest.model.reports import DayState
from digest.outlets.site.serving import serve
from digest.simulator import Corpus

#: Digests of about these numbers of papers, and how many papers arXiv has on such a day.
_DAYS = {24: 56, 45: 90, 200: 365}
_RUNS = 5

#: What a page may do: shift by this much, take this many seconds, kB and requests.
_SHIFT, _USABLE, _SIZE, _REQUESTS = 0.1, 1.5, 250.0, 10.0

_SLOWER = 4
_NETWORK = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_600_000 / 8,
    "uploadThroughput": 750_000 / 8,
}
_SHIFTS = """() => new Promise((done) => {
    let sum = 0;
    new PerformanceObserver((list) => { for (const one of list.getEntries()) sum += one.value })
        .observe({type: "layout-shift", buffered: true});
    setTimeout(() => done(sum), 500);
})"""
#: The scripts that answer keys have run by then.
_READY = "() => performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd / 1000"


@dataclass(frozen=True, slots=True)
class Seen:
    """A page as it came: layout shift, seconds until it could be used, requests."""

    shift: float
    usable: float
    requests: int


def measure(folder: Path) -> Iterator[Row]:
    """Rows for days of 24, 45 and 200 papers."""
    chromium = shutil.which("chromium")
    if chromium is None:
        return
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for wanted, announced in _DAYS.items():
            pages, day, papers = _made(folder / str(wanted), announced)
            size = (pages / day).stat().st_size / 1000
            with serve(pages, 0) as url:
                phone = [_seen(browser, url + day, 360) for _ in range(_RUNS)]
                desk = [_seen(browser, url + day, 1440) for _ in range(_RUNS)]
            what = f"page of {papers} papers"
            shift = max(one.shift for one in (*phone, *desk))
            usable = median(one.usable for one in phone)
            requests = float(max(one.requests for one in phone))
            yield Row(f"{what}, layout shift", "0.1", shift, _SHIFT, 1, unit="")
            yield Row(f"{what}, usable on a slow phone", "1.5 s", usable, _USABLE, 1)
            yield Row(f"{what}, not packed", "250 kB", size, _SIZE, 1, unit="kB")
            yield Row(f"{what}, requests", "10", requests, _REQUESTS, 1, unit="")
        browser.close()


def _made(workspace: Path, announced: int) -> tuple[Path, str, int]:
    """The pages of a workspace with one digest, the page of its day, and how many papers it has."""
    create(workspace)
    (workspace / "config" / "keywords.toml").write_text(site.KEYWORDS, encoding="utf-8")
    calendar = Calendar()
    day = calendar.following(datetime(2026, 3, 1, tzinfo=UTC).date())
    config = load(workspace, ENVIRON)
    corpus = Corpus.generate(seed=3, first=day, last=day, per_day=announced)
    with Archive(config.digest.archive) as archive:
        archive.papers.store(corpus.papers(day), day)
        record = DigestRecord(Period.of(day), DayState.COMPLETE, 0, None)
        archive.ledger.settle(record, datetime.now(UTC))
    app = App(config, real_world())
    for _ in app.rebuild(day, day, diff=False):
        pass
    report = app.site()
    return report.path, f"day/{day}.html", report.papers


def _seen(browser: Any, address: str, width: int) -> Seen:
    context = browser.new_context(viewport={"width": width, "height": 740})
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", _NETWORK)
    session.send("Emulation.setCPUThrottlingRate", {"rate": _SLOWER})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address, wait_until="load")
    shift, usable = page.evaluate(_SHIFTS), page.evaluate(_READY)
    context.close()
    return Seen(shift, usable, len(asked))
