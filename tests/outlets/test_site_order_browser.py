"""A reader marks papers on the served pages, and the next digest is in another order."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

from browser import browser, needs_browser, watched
from desk import Desk, shown

from digest.fetcher.calendar import Calendar
from digest.outlets.site.serving import serve
from digest.simulator import Corpus

DAYS = Calendar().days(date(2025, 3, 3), date(2025, 3, 5))
CORPUS = Corpus.generate(seed=5, first=date(2025, 2, 3), last=date(2025, 3, 6), per_day=30)
TOPICS = '[[topic]]\n[[topic.group]]\nkeywords = ["model", "scales"]\n'

pytestmark = needs_browser


def test_three_stars_and_three_dislikes_change_tomorrow_with_the_reason(tmp_path: Path) -> None:
    environ = {"DIGEST_DIGEST__ORDER": "relevance"}
    (tmp_path / "desk").mkdir()
    desk = Desk(tmp_path / "desk", CORPUS, topics=TOPICS, environ=environ)
    for day in DAYS[:2]:
        desk.run_on(day)
    report = desk.app.site()
    shutil.copytree(desk.folder, tmp_path / "unmarked")
    with serve(report.path, 0) as url, browser() as chromium, watched(chromium) as seen:
        page = seen.page
        page.goto(f"{url}day/{DAYS[0]}.html")
        papers = page.locator("article.paper")
        ids = [each.get_attribute("data-paper") or "" for each in papers.all()]
        for number in range(6):
            page.keyboard.press("s" if number < 3 else "x")
            if number < 3:
                page.keyboard.press("e")
        page.evaluate("marks.sent()")
    assert (desk.folder / "output/marks.json").exists()
    before = desk.files()
    desk.run_on(DAYS[2])
    unmarked = Desk(tmp_path / "unmarked", CORPUS, environ=environ)
    unmarked.run_on(DAYS[2])
    tomorrow = f"{DAYS[2]}.md"
    assert shown(desk.files()[tomorrow]) != shown(unmarked.files()[tomorrow])
    assert {name: desk.files()[name] for name in before} == before
    with desk.app.editions() as editions:
        liked = {one.paper: one.liked for one in editions.orders.current.library}
        assert liked == {paper: number < 3 for number, paper in enumerate(ids[:6])}
        (edition,) = editions.between(DAYS[2], DAYS[2])
    reasons = [one.relevance for one in edition.shown if one.relevance]
    assert any(one.words for one in reasons) and any(one.against for one in reasons)
    desk.app.site()
    text = (desk.folder / f"output/site/day/{DAYS[2]}.html").read_text("utf-8")
    assert "; against: <bdi>" in text
    # Made again, it is the same.
    assert {one.action for one in desk.app.rebuild(None, None, diff=False)} == {"unchanged"}
