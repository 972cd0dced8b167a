"""A reader's desk for tests: a workspace on disk, a clock that stands still, a simulated arXiv."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from digest.app import App
from digest.app.world import World
from digest.cli import exit_code
from digest.config import Config, load
from digest.config.workspace import create
from digest.fetcher.calendar import public_at
from digest.model import Source
from digest.model.errors import DigestError
from digest.model.reports import Agree, DayReport, RunReport, Status
from digest.simulator import Corpus, Exchange, Fault, Simulator

URL = "http://127.0.0.1:1/api/query"


def yes(effect: str) -> None:
    """A person who agrees to everything."""


class Silence:
    """A progress display that shows nothing and remembers pauses and notices not sent."""

    def __init__(self) -> None:
        self.pauses: list[float] = []
        self.unsent: list[str] = []

    def days(self, total: int) -> None: ...

    def requested(self, what: str, papers: int) -> None: ...

    def waiting(self, seconds: float, why: str) -> None:  # noqa: ARG002
        self.pauses.append(seconds)

    def day_done(self, report: DayReport) -> None: ...

    def notice_failed(self, error: DigestError) -> None:
        self.unsent.append(str(error))


class Desk:
    """One workspace in `folder`; `environ` overrides its configuration, `topics` its keywords.

    Sleeping moves the clock, so a test that waits takes no time.
    """

    def __init__(
        self,
        folder: Path,
        corpus: Corpus,
        *,
        environ: Mapping[str, str] | None = None,
        topics: str | None = None,
        faults: Iterable[Fault] = (),
    ) -> None:
        self.folder = folder
        self.now = datetime(2026, 1, 1, tzinfo=UTC)
        self.arxiv = Simulator(corpus, now=lambda: self.now, faults=faults)
        self.slept: list[float] = []
        self._environ = {"DIGEST_ARXIV__API_URL": URL, **(environ or {})}
        if not (folder / "config").exists():
            create(folder)
        if topics is not None:
            (folder / "config/keywords.toml").write_text(topics, encoding="utf-8")

    @property
    def config(self) -> Config:
        """The workspace's configuration as it is now."""
        return load(self.folder, self._environ)

    @property
    def app(self) -> App:
        world = World(
            now=self.clock,
            sleep=self._sleep,
            random=lambda: 0.5,
            cache=self.folder / "cache",
            transport=self.arxiv.transport(),
        )
        return App(self.config, world)

    def run(
        self,
        upto: date | None = None,
        since: date | None = None,
        *,
        at: datetime | None = None,
        source: Source | None = None,
        agree: Agree = yes,
    ) -> RunReport:
        """A run at a moment, by default at the clock's own; its questions are answered with yes."""
        self.now = at or self.now
        return self.app.run(upto, since, Silence(), source=source, agree=agree)

    def backfill(
        self,
        first: date,
        last: date | None = None,
        *,
        at: datetime | None = None,
        source: Source | None = None,
        agree: Agree = yes,
    ) -> RunReport:
        """A backfill at a moment, by default at the clock's own."""
        self.now = at or self.now
        return self.app.backfill(first, last, Silence(), source=source, agree=agree)

    def clock(self) -> datetime:
        """The program's clock."""
        return self.now

    def run_on(self, day: date) -> RunReport:
        """The run of the morning of an announcement day, some hours after it became public."""
        return self.run(at=morning(day))

    def status(self) -> Status:
        return self.app.status()

    def path(self, day: date) -> Path:
        return self.folder / "output" / f"{day}.md"

    def files(self) -> dict[str, bytes]:
        """The digests on disk, by file name."""
        return {
            path.name: path.read_bytes() for path in sorted(self.folder.glob("output/[12]*.md*"))
        }

    def requests(self) -> list[Exchange]:
        """What was asked of arXiv since the last call."""
        asked = list(self.arxiv.log)
        self.arxiv.log.clear()
        return asked

    def configure(self, **environ: str) -> None:
        """Override more of the configuration."""
        self._environ |= environ

    def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)


def morning(day: date) -> datetime:
    """When a daily run happens: five hours after the day became public."""
    return public_at(day) + timedelta(hours=5)


def shown(data: bytes) -> list[str]:
    """The ids of a digest file's papers with their versions, in order."""
    lines = data.decode().split("\n")
    return [line.rpartition("/abs/")[2][:-1] for line in lines if line.startswith("> [http")]


def rebuild_command(desk: Desk, *arguments: str) -> int:
    """The exit code of `digest rebuild` in the desk's folder, by the configuration of its files."""
    return exit_code(["-C", str(desk.folder), "rebuild", *arguments])
