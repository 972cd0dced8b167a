"""The site from the editions, in the order that `build` tells."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from itertools import groupby

from digest.config import Config
from digest.editions import Editions
from digest.matcher import Matcher
from digest.report import SiteReport
from digest.site.colors import stylesheet
from digest.site.days import DayPages
from digest.site.extra import check
from digest.site.looks import Looks
from digest.site.memory import Day, Memory, Pages, fingerprint
from digest.site.overviews import Overviews
from digest.site.pages import Site, program
from digest.site.search import month_index

#: Names of files, within the folder of a month, and their bytes.
_Index = list[tuple[str, bytes]]


def build(config: Config, editions: Editions) -> SiteReport:
    """Bring the site up to date with the digests: only what differs is made and written.

    Day by day: the page, with similar papers of the days before. Meanwhile, the search of each
    month that has changed. Then, of what is remembered of all days: the start page, keywords and
    authors. Raises UsageError if the extra `site` is not installed, WriteError and ArchiveError.
    """
    check()
    memory = Memory(config.digest.output / ".site")
    before = memory.pages()
    folder = config.digest.output / "site"
    site = Site(folder, before, config.site.url)
    looks = Looks(config.topics)
    style = config.digest.style
    made_with = fingerprint(program(), config.topics, style, config.site.url)
    matcher = Matcher(config.topics, style)
    altered, change = editions.altered(before.change)
    pages = DayPages(site, memory, editions, matcher, looks, made_with)
    days: list[Day] = []
    with ThreadPoolExecutor(1) as beside:
        search = Search(site, before, beside)
        for month, found in groupby(pages.days(set(altered)), key=lambda day: f"{day.day:%Y-%m}"):
            of_month = list(found)
            days += of_month
            search.begin(month, of_month, fingerprint(made_with, of_month))
        Overviews(site, looks).write(days)
        site.static(stylesheet((name, color) for color, name in looks.classes.items()))
        search.finish()
    removed = site.remove_others()
    memory.keep_pages(Pages(change, site.files, search.marks))
    memory.forget_others(day.day for day in days)
    papers = sum(len(day.papers) for day in days)
    return SiteReport(folder, len(days), papers, len(site.files), site.written, removed)


class Search:
    """The search of all months. What has to be indexed is, beside the other work."""

    def __init__(self, site: Site, before: Pages, beside: ThreadPoolExecutor) -> None:
        self._site = site
        self._before = before.months
        self._beside = beside
        self._indexes: dict[str, Future[_Index]] = {}
        self.marks: dict[str, str] = {}

    def begin(self, month: str, days: list[Day], mark: str) -> None:
        """Have the days of a month, which ascend; `mark` names all that its search is made of."""
        if not any(day.papers for day in days):
            return
        self.marks[month] = mark
        if self._before.get(month) == mark and self._site.whole(_folder(month)):
            self._site.keep(_folder(month))
        else:
            self._indexes[month] = self._beside.submit(lambda: list(month_index(days)))

    def finish(self) -> None:
        """Write what was indexed. Raises DigestError, also for what went wrong meanwhile."""
        for month, index in self._indexes.items():
            for name, data in index.result():
                self._site.file(f"{_folder(month)}/{name}", data)
        names = ", ".join(f'"{month}"' for month in reversed(self.marks))
        self._site.file("search/months.json", f"[{names}]\n".encode())


def _folder(month: str) -> str:
    return f"search/{month}"
