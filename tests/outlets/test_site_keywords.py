"""The pages of a keyword: all of its papers, the newest first, on pages that are never long."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from digest.model import Group, Topic, plain_keywords
from digest.outlets.site.counts import counts
from digest.outlets.site.keyword_pages import KeywordPages, parts
from digest.outlets.site.looks import Looks
from digest.outlets.site.memory import Brief, Day
from digest.outlets.site.pages import Site

FIRST = date(2026, 3, 2)
WORDS = ("sparse", "low rank", "noise", "field", "quantum", "limit", "data", "sampling")
TITLE = "An invented paper on $x_{i}^{2}$ and what a title of usual length may say about it"


def days_of(numbers: list[int]) -> list[Day]:
    """A day after the other with so many papers, each with all the keywords."""
    days = []
    for place, number in enumerate(numbers):
        day = FIRST + timedelta(days=place)
        papers = tuple(
            Brief(
                f"{day:%y%m}.{day.day:02}{one:03}",
                f"{day:%y%m}.{day.day:02}{one:03}v1",
                TITLE,
                ("Ada Author", "Bea Author", "Cai Author", "Dan Author", "Eve Author"),
                ("cs.LG",),
                WORDS,
                "",
            )
            for one in range(number)
        )
        days.append(Day.of(day, "", papers))
    return days


def written(folder: Path, days: list[Day]) -> dict[str, str]:
    """The pages of all keywords by name."""
    looks = Looks([Topic("t", (Group("g", "F08080", plain_keywords(*WORDS)),))])
    KeywordPages(Site(folder, {}, "", ""), looks, counts(days, looks.names)).write(days)
    return {path.name: path.read_text() for path in (folder / "keyword").iterdir()}


@given(st.lists(st.integers(0, 170), max_size=20))
def test_the_parts_are_all_days_in_order_and_none_is_long(numbers: list[int]) -> None:
    days = [(day, day.papers) for day in days_of(numbers) if day.papers]
    found = parts(days)
    assert [day for part in found for day in part.days] == days[::-1]
    assert all(part.papers <= 200 or len(part.days) == 1 for part in found)
    assert len({part.file for part in found}) == len({part.name for part in found}) == len(found)


@given(st.lists(st.integers(1, 60), min_size=1, max_size=20))
def test_one_more_day_changes_no_part_but_the_newest(numbers: list[int]) -> None:
    days = [(day, day.papers) for day in days_of(numbers)]
    before = {part.file: part.days for part in parts(days[:-1])[1:]}
    after = {part.file: part.days for part in parts(days)}
    assert before.items() <= after.items()


def test_no_page_of_a_busy_month_is_large_and_each_leads_to_the_one_before(tmp_path: Path) -> None:
    days = days_of([40, 120] * 4)
    pages = written(tmp_path, days)
    assert max(len(page.encode()) for page in pages.values()) < 300_000
    name: str | None = "sparse.html"
    papers: list[str] = []
    while name:
        papers += re.findall(r'data-paper="([^"]+)"', pages[name])
        older = re.search(r'rel="next" href="\.\./keyword/([^"]+)"', pages[name])
        name = older and older[1]
    assert papers == [paper.id for day in reversed(days) for paper in day.papers]


def test_a_part_of_a_month_is_named_after_its_days(tmp_path: Path) -> None:
    pages = written(tmp_path, days_of([150, 50, 1]))
    (months,) = re.findall(r'<p class="cut"><b>2026-03</b>(.*)</p>', pages["sparse.html"])
    assert re.findall(r">([^<]+)</a>&nbsp;<small>(\d+)<", months) == [("4", "1"), ("2–3", "200")]
    assert "<title>sparse, 2026-03, 2–3 ·" in pages["sparse.2026-03.html"]


def test_no_list_of_months_is_empty(tmp_path: Path) -> None:
    pages = written(tmp_path, days_of([150, 150, 150]))
    assert {"sparse.2026-03.html", "sparse.2026-03.2.html"} <= pages.keys()
    assert not [name for name, page in pages.items() if re.search(r"<nav[^>]*>\s*</nav>", page)]
