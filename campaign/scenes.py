"""Commands to disturb: each in a workspace that is ready for it, with what it makes undisturbed."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from campaign.faulty import Calls, Mode, Strike, build
from campaign.stage import CALM, Ended, Stage
from digest.simulator import Corpus, Simulator, serve

FIRST, LAST = date(2026, 3, 3), date(2026, 3, 5)
_CORPUS_FIRST, _CORPUS_LAST = date(2026, 2, 2), date(2026, 3, 9)

_TOPIC = '[[topic]]\nname = "all"\n[[topic.group]]\nname = "words"\nkeywords = [{words}]\n'
_FEW, _MANY = '"with"', '"with", "that"'


def corpus(seed: int) -> Corpus:
    """The papers of all scenes."""
    return Corpus.generate(seed=seed, first=_CORPUS_FIRST, last=_CORPUS_LAST, per_day=20)


@dataclass(frozen=True, slots=True)
class Plan:
    """A command, and the one that comes after it was disturbed; `prepare` makes its workspace."""

    name: str
    prepare: Callable[[Theatre, Path], None]
    arguments: tuple[str, ...]
    again: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scene:
    """A plan with its workspace, and the files before and after it undisturbed."""

    plan: Plan
    start: Path
    before: dict[str, bytes]
    after: dict[str, bytes]
    seconds: float


class Theatre:
    """A simulated arXiv that listens, a stage, and a folder for workspaces."""

    def __init__(self, stage: Stage, simulator: Simulator, folder: Path) -> None:
        self.simulator = simulator
        self.folder = folder
        self._stage = stage
        self._scenes: dict[Plan, Scene] = {}
        self._counted: dict[tuple[Plan, Calls, bool], int] = {}

    @classmethod
    @contextmanager
    def open(cls, folder: Path, papers: Corpus) -> Iterator[Theatre]:
        """Build, listen and load. Raises CalledProcessError if the library cannot be built."""
        simulator = Simulator(papers, now=lambda: datetime.now(UTC))
        variables = {"DIGEST_ARXIV__DELAY_SECONDS": "0", "DIGEST_ARXIV__ATTEMPTS": "1"}
        with serve(simulator) as server:
            variables["DIGEST_ARXIV__API_URL"] = server.url
            with Stage(build(folder), variables) as stage:
                yield cls(stage, simulator, folder)

    def run(
        self,
        folder: Path,
        *arguments: str,
        strike: Strike = CALM,
        kill_after: float | None = None,
    ) -> Ended:
        """A command in a workspace, which holds the user's cache as well; see `Stage.run`."""
        cache = str(folder / "cache")
        return self._stage.run(
            folder, *arguments, strike=strike, kill_after=kill_after, XDG_CACHE_HOME=cache
        )

    def together(self, folders: list[Path], *arguments: str, **variables: str) -> list[Ended]:
        """Commands at the same time; see `Stage.together`."""
        return self._stage.together(folders, arguments, variables)

    def scene(self, plan: Plan) -> Scene:
        """A plan's workspace, and what its command makes in a copy of it; prepared once."""
        if plan not in self._scenes:
            self._scenes[plan] = self._prepared(plan)
        return self._scenes[plan]

    def calls(self, scene: Scene, strike: Strike) -> int:
        """How many calls of the kinds of a strike the undisturbed command makes."""
        key = scene.plan, strike.calls, strike.log
        if key not in self._counted:
            calm = self.copy(scene.start, "calm")
            none = replace(strike, mode=Mode.FAIL, at=0)
            self._counted[key] = self.run(calm, *scene.plan.arguments, strike=none).calls
        return self._counted[key]

    def copy(self, start: Path, name: str) -> Path:
        """A copy of a workspace, in place of an older one of that name."""
        copy = self.folder / name
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(start, copy)
        return copy

    def _prepared(self, plan: Plan) -> Scene:
        start = self.folder / f"{plan.name}-start"
        start.mkdir()
        plan.prepare(self, start)
        calm = self.copy(start, f"{plan.name}-calm")
        ended = self.run(calm, *plan.arguments)
        if ended.code:
            raise RuntimeError(f"{plan.name} fails undisturbed: {ended}")
        return Scene(plan, start, files(start), files(calm), ended.seconds)


def files(folder: Path) -> dict[str, bytes]:
    """The files that a person sees or edits, by name; also leftovers, but not the archive."""
    shown = [*folder.glob("output/*"), *folder.glob("config/*.toml")]
    return {
        path.name: path.read_bytes()
        for path in sorted(shown)
        if not path.name.startswith(".archive") and path.is_file()
    }


def _new(theatre: Theatre, folder: Path) -> None:
    theatre.run(folder, "init")
    _choose(folder, _FEW)


def _day_before(theatre: Theatre, folder: Path) -> None:
    _new(theatre, folder)
    theatre.run(folder, "run", "--date", f"{FIRST}")


def _old_keywords(theatre: Theatre, folder: Path) -> None:
    _new(theatre, folder)
    theatre.run(folder, "backfill", f"{FIRST}", f"{LAST}")
    _choose(folder, _MANY)


def _made(theatre: Theatre, folder: Path) -> None:
    _new(theatre, folder)
    theatre.run(folder, "backfill", f"{FIRST}", f"{FIRST}")


def _choose(folder: Path, words: str) -> None:
    (folder / "config/keywords.toml").write_text(_TOPIC.format(words=words), encoding="utf-8")


_BACKFILL = ("backfill", f"{FIRST}", f"{FIRST}")
_RUN = ("run", "--date", f"{LAST}")
_ADD = ("keywords", "add", "that", "--group", "words", "--yes")

BACKFILL = Plan("backfill", _new, _BACKFILL, _BACKFILL)
RUN = Plan("run", _day_before, _RUN, _RUN)
REBUILD = Plan("rebuild", _old_keywords, ("rebuild",), ("rebuild",))
EDIT = Plan("keywords add", _made, _ADD, ("keywords", "check"))

PLANS = (BACKFILL, RUN, REBUILD, EDIT)
LONG_BACKFILL = Plan(
    "long backfill",
    _new,
    ("backfill", f"{FIRST}", f"{LAST}"),
    ("backfill", f"{FIRST}", f"{LAST}"),
)
