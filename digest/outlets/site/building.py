"""The site from the editions, in the order that `build` tells."""

from __future__ import annotations

from digest.config import Config
from digest.matcher import Matcher
from digest.model.reports import SiteReport
from digest.outlets.site.author_pages import write_authors
from digest.outlets.site.colors import stylesheet
from digest.outlets.site.counts import counts
from digest.outlets.site.days import DayPages
from digest.outlets.site.extra import check
from digest.outlets.site.feed_files import feed_links, write_feeds
from digest.outlets.site.keyword_pages import KeywordPages
from digest.outlets.site.looks import Looks
from digest.outlets.site.memory import Made, Memory, fingerprint
from digest.outlets.site.pages import Site, program
from digest.outlets.site.search import write_search
from digest.outlets.site.start_page import write_start
from digest.outlets.site.weeks import write_weeks
from digest.writer.editions import Editions


def build(config: Config, editions: Editions) -> SiteReport:
    """Bring the site up to date with the digests: only what differs is made and written.

    Day by day: the page, with similar papers of the days before. Then, of what is remembered of all
    days: weeks, the start page, keywords, authors and the search. Raises SiteError, also if the
    extra `site` is not installed, WriteError and ArchiveError.
    """
    check()
    memory = Memory(config.digest.output / ".site")
    before = memory.made()
    folder = config.digest.output / "site"
    feeds = feed_links(config)
    style, url = config.digest.style, config.site.url
    made_with = fingerprint(program(), config.topics, style.name, url, editions.order, feeds)
    site = Site(folder, before.files, url, made_with, feeds)
    looks = Looks(config.topics)
    matcher = Matcher(config.topics, config.digest.style)
    altered, change = editions.altered(before.change)
    pages = DayPages(site, memory, editions, matcher, looks, made_with)
    days = list(pages.days(set(altered)))
    numbers = counts(days, looks.names)
    write_weeks(site, looks, days)
    write_start(site, looks, days, numbers)
    KeywordPages(site, looks, numbers).write(days)
    write_authors(site, days)
    write_search(site, days, made_with)
    site.page("starred.html", "starred", "Starred papers", None, dict)
    write_feeds(site, config)
    site.static(stylesheet((name, color) for color, name in looks.classes.items()))
    removed = site.remove_others()
    memory.keep(Made(change, site.files))
    memory.forget_others(day.day for day in days)
    papers = sum(len(day.papers) for day in days)
    return SiteReport(folder, len(days), papers, len(site.files), site.written, removed)
