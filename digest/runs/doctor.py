"""`digest doctor`: is what a run needs as it should be? One line each, with what to do."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from digest.archive import Archive
from digest.config import Config
from digest.fetcher.certificates import trust
from digest.fetcher.proxies import proxy_of, unreadable_exceptions
from digest.files import check_folder
from digest.model.distribution import NAME, install_command, installed_version
from digest.model.errors import ConfigError, DigestError
from digest.model.reports import counted
from digest.runs.lock import is_held
from digest.writer.format.render import Renderer

#: A year of all of arXiv takes about 1 GB; below the second nothing can be trusted to work.
_LITTLE_ROOM = 2**30
_NO_ROOM = 50 * 2**20

#: The year of this version: a clock before it is wrong.
_EARLIEST = datetime(2026, 1, 1, tzinfo=UTC)

#: What each extra imports.
_MODULES = {
    "export": ("bibtexparser", "latexcodec", "rispy"),
    "feed": ("feedgen",),
    "notify": ("apprise",),
    "parquet": ("pyarrow",),
    "site": ("latex2mathml", "pagefind_bin", "pygal"),
    "socks": ("socksio",),
}


class State(StrEnum):
    """How a thing stands."""

    OK = "ok"
    WARNING = "warning"
    """Works, but not as well as it could."""
    FAILED = "failed"
    """A run would fail, or arXiv is not as the program assumes."""
    UNANSWERED = "unanswered"
    """arXiv could not answer now."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: how it stands, what was found, and what to do.

    `assumes` is the file of the program that assumes something else, empty but for arXiv's answers.
    """

    name: str
    state: State
    found: str
    advice: str = ""
    assumes: str = ""

    def __str__(self) -> str:
        parts = [f"{self.name}: {self.found}"]
        if self.assumes and self.state is State.FAILED:
            parts.append(f"({self.assumes} assumes something else)")
        if self.advice and self.state is not State.OK:
            parts.append(f"-> {self.advice}")
        return f"{self.state:<10} {' '.join(parts)}"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """All checks; `requests` is how many were sent to arXiv."""

    checks: tuple[Check, ...]
    requests: int = 0

    @property
    def exit_code(self) -> int:
        """0 nothing is wrong, 1 something is, 3 arXiv did not answer."""
        states = {check.state for check in self.checks}
        return 1 if State.FAILED in states else 3 if State.UNANSWERED in states else 0


class Doctor:
    """Looks at the machine, and at a workspace if its configuration can be read.

    `environ` and `now` are the environment and the clock, `cache` holds what the user's
    processes share. Nothing is changed, and nobody is asked over the network.
    """

    def __init__(self, environ: Mapping[str, str], now: datetime, cache: Path) -> None:
        self._environ = environ
        self._now = now
        self._cache = cache

    def machine(self) -> Iterator[Check]:
        """What does not depend on the workspace."""
        version = ".".join(map(str, sys.version_info[:3]))
        yield Check("program", State.OK, f"{NAME} {installed_version()}, Python {version}")
        yield self._clock()
        yield _of("time zones", self._zones, "install the package tzdata")
        yield self._shared_folder()
        yield _of("certificates", self._certificates)

    def workspace(self, config: Config) -> Iterator[Check]:
        """What a configuration names."""
        topics = counted(len(config.topics), "topic")
        yield Check("configuration", State.OK, f"{topics}, scope {config.arxiv.scope}")
        yield _contact(config)
        yield _of("template", lambda: _template(config))
        yield _of("output folder", lambda: _folder(config.digest.output))
        yield _of("archive folder", lambda: _folder(config.digest.archive.parent))
        yield _room(config.digest.archive.parent)
        yield _of("lock", lambda: _lock(config.digest.archive))
        yield from self._proxies(config)
        yield from _extras(config)
        yield self._last_run(config)

    def _clock(self) -> Check:
        shown = f"{self._now:%Y-%m-%d %H:%M} UTC"
        if self._now < _EARLIEST:
            return Check("clock", State.FAILED, f"{shown} is in the past", "set the clock")
        return Check("clock", State.OK, shown)

    def _zones(self) -> str:
        for name in ("America/New_York", "UTC"):
            try:
                ZoneInfo(name)
            except (ZoneInfoNotFoundError, OSError) as error:
                raise DigestError(f"no data for {name}", hint="install tzdata") from error
        return "known"

    def _shared_folder(self) -> Check:
        try:
            check_folder(self._cache)
        except DigestError as error:
            return Check(
                "shared folder",
                State.WARNING,
                error.message,
                "fix its permissions, or set XDG_CACHE_HOME: without it, two runs at the same "
                "time ask arXiv too often",
            )
        return Check("shared folder", State.OK, str(self._cache))

    def _certificates(self) -> str:
        trust(self._environ)
        names = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE")
        named = [f"{name}={text}" for name in names if (text := self._environ.get(name))]
        return ", ".join(named[:2]) or "those of certifi"

    def _proxies(self, config: Config) -> Iterator[Check]:
        for url in dict.fromkeys((config.arxiv.api_url, config.arxiv.oai_url)):
            try:
                proxy = proxy_of(url, self._environ)
            except ConfigError as error:
                yield Check("proxy", State.FAILED, error.message, error.hint)
                continue
            if proxy and proxy.is_socks and find_spec("socksio") is None:
                what = f"{proxy}: the library for SOCKS is not installed"
                yield Check("proxy", State.FAILED, what, install_command("socks"))
            else:
                yield Check("proxy", State.OK, f"{url}: {proxy or 'none'}")
        if strange := unreadable_exceptions(self._environ):
            what = f"NO_PROXY: not understood: {', '.join(strange)}"
            yield Check("proxy", State.WARNING, what, "write names, addresses or ranges")

    def _last_run(self, config: Config) -> Check:
        """Whether the clock has been set back since the last run."""
        if not config.digest.archive.exists():
            return Check("last run", State.OK, "none yet")
        try:
            with Archive(config.digest.archive) as archive:
                runs = archive.runs.latest(1)
        except DigestError as error:
            return Check("last run", State.FAILED, error.message, error.hint)
        if not runs:
            return Check("last run", State.OK, "none yet")
        shown = f"{runs[0].started:%Y-%m-%d %H:%M} UTC, {runs[0].outcome}"
        if runs[0].started > self._now + timedelta(minutes=5):
            return Check("last run", State.FAILED, f"{shown}: in the future", "set the clock")
        return Check("last run", State.OK, shown)


def _of(name: str, find: Callable[[], str], advice: str = "") -> Check:
    """A check that fails with an error of the program."""
    try:
        return Check(name, State.OK, find())
    except DigestError as error:
        return Check(name, State.FAILED, " ".join(error.message.split()), error.hint or advice)


def _contact(config: Config) -> Check:
    if config.arxiv.contact:
        return Check("contact", State.OK, config.arxiv.contact)
    return Check(
        "contact",
        State.WARNING,
        "empty",
        "write your e-mail address into config/digest.toml, as [arxiv] contact: arXiv slows down "
        "programs that nobody answers for",
    )


def _template(config: Config) -> str:
    Renderer.of(config.digest.template)
    return str(config.digest.template)


def _folder(folder: Path) -> str:
    check_folder(folder)
    return str(folder)


def _room(folder: Path) -> Check:
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    free = shutil.disk_usage(existing).free
    shown = f"{free / 2**30:,.1f} GiB free"
    if free < _NO_ROOM:
        return Check("disk", State.FAILED, shown, "make room")
    if free < _LITTLE_ROOM:
        return Check("disk", State.WARNING, shown, "a year of all of arXiv takes about 1 GiB")
    return Check("disk", State.OK, shown)


def _lock(archive: Path) -> str:
    # The lock's file is made by asking for it: not in a folder that is not there yet.
    if not archive.parent.exists() or not os.access(archive.parent, os.W_OK):
        return "free"
    return "another run is using this workspace" if is_held(archive) else "free"


def _extras(config: Config) -> Iterator[Check]:
    needed = {
        "feed": config.feed.enabled,
        "notify": config.notify.is_wanted,
        "site": config.site.enabled,
    }
    for extra, modules in _MODULES.items():
        lacking = [module for module in modules if find_spec(module) is None]
        if lacking and needed.get(extra):
            what = f"{extra} is switched on and not installed"
            yield Check("extras", State.FAILED, what, install_command(extra))
    has = [extra for extra, modules in _MODULES.items() if all(map(find_spec, modules))]
    yield Check("extras", State.OK, f"installed: {', '.join(has) or 'none'}")


def soundness(found: Sequence[object], papers: int) -> Check:
    """What was found in the archive and the digest files."""
    if not found:
        return Check("archive", State.OK, f"sound: {counted(papers, 'paper')}")
    more = f"; {len(found) - 1} more" if len(found) > 1 else ""
    return Check(
        "archive", State.FAILED, f"{found[0]}{more}", "see all of it with `digest archive verify`"
    )
