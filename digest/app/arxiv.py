"""The wires of the fetcher: one turn for all requests, the way to each of arXiv's interfaces."""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from importlib.util import find_spec
from urllib.parse import urljoin, urlsplit

import httpx

from digest.app.world import World
from digest.archive import Archive
from digest.config import Config
from digest.config.settings import ArxivSettings
from digest.config.values import is_loopback
from digest.fetcher.announcements import Announcements
from digest.fetcher.calendar import Calendar
from digest.fetcher.certificates import trust
from digest.fetcher.connection import Connection
from digest.fetcher.deadline import TIMEOUTS, Deadline, DeadlineTransport
from digest.fetcher.oai.api import OaiApi
from digest.fetcher.oai.route import OaiRoute
from digest.fetcher.politeness import Politeness
from digest.fetcher.proxies import Proxy, proxy_of
from digest.fetcher.query.api import QueryApi
from digest.fetcher.query.route import Harvester
from digest.fetcher.routes import Routes
from digest.fetcher.update import Update
from digest.model import Source
from digest.model.distribution import NAME, install_command, installed_version
from digest.model.errors import UsageError
from digest.model.reports import Progress

#: The most ids of one request: a GET line holds about 300; with a scope's query it goes as a form.
_IDS_BY_GET = 300
_IDS_BY_FORM = 500

#: arXiv's RSS of all of computer science (https://info.arxiv.org/help/rss.html).
_RSS_URL = "https://rss.arxiv.org/rss/cs"
#: So often a list is asked for that shows whether arXiv's index lags.
_ATTEMPTS_AT_LISTS = 2

#: Whoever does not even take a connection for so long does not answer.
_CONNECT_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Interfaces:
    """arXiv's interfaces. `rss` is asked by doctor.

    `lists` is the second one, asked for what a run can do without: it gives up sooner.
    """

    query: QueryApi
    oai: OaiApi
    lists: OaiApi
    rss: Connection
    politeness: Politeness

    @property
    def requests(self) -> int:
        """How many requests were sent to any of them."""
        return sum(one.requests for one in (self.query, self.oai, self.lists, self.rss))


@contextmanager
def interfaces(arxiv: ArxivSettings, world: World, progress: Progress) -> Iterator[Interfaces]:
    """arXiv's interfaces, one connection at a time.

    Raises ConfigError where the environment names a proxy or certificates that cannot be used.
    """
    deadline = Deadline(TIMEOUTS * arxiv.timeout_seconds, world.elapsed)
    # arXiv's terms count the requests of one person, whichever interface they go to.
    politeness = Politeness(
        world.cache,
        urlsplit(arxiv.api_url).netloc.replace(":", "-"),
        arxiv.delay_seconds,
        now=world.now,
        sleep=world.sleep,
        longest=2 * deadline.seconds,
    )

    oai_url, rss_url = arxiv.oai_url, _RSS_URL
    if is_loopback(arxiv.api_url):
        # A program that tries an arXiv of this machine has no business with the real one.
        oai_url = oai_url if is_loopback(oai_url) else urljoin(arxiv.api_url, "/oai")
        rss_url = urljoin(arxiv.api_url, "/rss/cs")
    urls = [arxiv.api_url, oai_url, rss_url]
    proxies = {url: proxy_of(url, world.environ) for url in urls}

    def connection(url: str, setting: str, attempts: int = arxiv.attempts) -> Connection:
        return Connection(
            clients[proxies[url]],
            url,
            politeness,
            setting=setting,
            attempts=attempts,
            sleep=world.sleep,
            random=world.random,
            on_pause=progress.waiting,
            deadline=deadline,
            proxy=proxies[url],
            is_hasty=world.at_terminal,
        )

    with ExitStack() as stack:
        clients = {
            proxy: stack.enter_context(_client(arxiv, _transport(proxy, proxies, deadline, world)))
            for proxy in dict.fromkeys(proxies.values())
        }
        query = QueryApi(connection(arxiv.api_url, "[arxiv] api_url"))
        oai, lists = (
            OaiApi(connection(oai_url, "[arxiv] oai_url", attempts))
            for attempts in (arxiv.attempts, min(arxiv.attempts, _ATTEMPTS_AT_LISTS))
        )
        rss = connection(rss_url, "[arxiv] api_url")
        yield Interfaces(query, oai, lists, rss, politeness)


def _client(arxiv: ArxivSettings, transport: httpx.BaseTransport) -> httpx.Client:
    return httpx.Client(
        timeout=httpx.Timeout(
            arxiv.timeout_seconds, connect=min(arxiv.timeout_seconds, _CONNECT_SECONDS)
        ),
        headers={"User-Agent": user_agent(arxiv.contact), "Accept-Encoding": "gzip"},
        # A redirect is an error: no host is contacted but those that are configured.
        follow_redirects=False,
        transport=transport,
        trust_env=False,  # what the environment says is read here, so that errors can name it
    )


def _transport(
    proxy: Proxy | None,
    proxies: Mapping[str, Proxy | None],
    deadline: Deadline,
    world: World,
) -> httpx.BaseTransport:
    """The way to those addresses that this proxy leads to, or to which none does."""
    if world.transport:
        return world.transport
    if proxy and proxy.is_socks and find_spec("socksio") is None:
        raise UsageError(
            f"{proxy.variable} names a SOCKS proxy, and the library for SOCKS is not installed",
            hint=f"{install_command('socks')}; or use an HTTP proxy",
        )
    hops = [*(url for url in proxies if proxies[url] == proxy), *([proxy.url] if proxy else [])]
    is_encrypted = any(hop.lower().startswith("https:") for hop in hops)
    # Reading certificates takes 20 ms, and what they name may be wrong where nothing needs them.
    context = trust(world.environ) if is_encrypted else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return DeadlineTransport(deadline, context, proxy.url if proxy else None)


def update(
    found: Interfaces,
    config: Config,
    archive: Archive,
    announcements: Announcements,
    calendar: Calendar,
    world: World,
    only: Source | None,
    scope: str,
) -> Update:
    """What a run fetches with; `only` is the one interface to ask, None for both.

    `scope` is the scope's query.

    Raises UsageError where that one cannot be asked.
    """
    return Update(
        archive,
        announcements,
        _routes(found, config.arxiv, scope, archive, calendar, world, only),
        calendar,
        None if only is Source.QUERY else found.lists,
        scope=scope,
        categories=config.arxiv.scope if isinstance(config.arxiv.scope, tuple) else (),
        page_size=config.arxiv.page_size,
        now=world.now,
    )


def _routes(
    found: Interfaces,
    arxiv: ArxivSettings,
    scope: str,
    archive: Archive,
    calendar: Calendar,
    world: World,
    only: Source | None,
) -> Routes:
    if only is Source.OAI and arxiv.scope == "topics":
        raise UsageError(
            'OAI-PMH cannot be asked for scope = "topics": it has no search',
            hint='leave --source out; or set [arxiv] scope to "all" or to categories',
        )
    query = Harvester(
        found.query,
        scope=scope,
        page_size=arxiv.page_size,
        batch=_IDS_BY_FORM if scope else _IDS_BY_GET,
    )
    oai = found.oai
    categories = arxiv.scope if isinstance(arxiv.scope, tuple) else ()
    return Routes(
        archive,
        query,
        None
        if arxiv.scope == "topics"
        else lambda days: OaiRoute(oai, calendar, categories, days, world.now),
        only=only,
        fallback_after=timedelta(hours=arxiv.fallback_after_hours),
        requests=lambda: found.requests,
        warning=lambda: found.politeness.warning,
        now=world.now,
    )


def user_agent(contact: str) -> str:
    """Who asks: the program, its version, and how to reach its user."""
    return f"{NAME}/{installed_version()}" + (f" ({contact})" if contact else "")
