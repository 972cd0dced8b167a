"""Killed and failing commands: struck at every point, then run again, then compared.

After a blow every file is the old or the new one; after the same command again all files are those
of an undisturbed workspace. A command that was not killed must have said what went wrong.
"""

from __future__ import annotations

import errno
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from campaign.faulty import CHANGES, Calls, Mode, Strike
from campaign.result import Row
from campaign.scenes import LONG_BACKFILL, Plan, Scene, Theatre, files
from campaign.stage import Ended

#: What a command may end with when a disk fails: failed, configuration, not complete.
_CODES = (1, 2, 3)
_KILLED = -9


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of blow: one at each call that it can strike."""

    name: str
    strike: Strike


KILLS = (
    Kind("killed before a call", Strike(Mode.KILL, CHANGES | Calls.NET)),
    Kind("killed within a write", Strike(Mode.TEAR, Calls.WRITE)),
)

_MAKES = Calls.OPEN | Calls.WRITE | Calls.SIZE | Calls.NAME
_OPENS = Calls.OPEN | Calls.READ_OPEN
DISKS = (
    Kind("disk full (ENOSPC)", Strike(Mode.FAIL, _MAKES, error=errno.ENOSPC, lasting=True)),
    Kind("disk full once", Strike(Mode.FAIL, _MAKES, error=errno.ENOSPC)),
    Kind("disk error (EIO)", Strike(Mode.FAIL, CHANGES, error=errno.EIO)),
    Kind("read-only (EROFS)", Strike(Mode.FAIL, _MAKES, error=errno.EROFS, lasting=True)),
    Kind("no descriptors (EMFILE)", Strike(Mode.FAIL, _OPENS, error=errno.EMFILE, lasting=True)),
    Kind("no descriptor once", Strike(Mode.FAIL, _OPENS, error=errno.EMFILE)),
    Kind("failing fsync", Strike(Mode.FAIL, Calls.SYNC, error=errno.EIO)),
    Kind(
        "log's disk full (ENOSPC)",
        Strike(Mode.FAIL, Calls.WRITE, error=errno.ENOSPC, lasting=True, log=True),
    ),
    Kind("log's disk error (EIO)", Strike(Mode.FAIL, Calls.WRITE, error=errno.EIO, log=True)),
    Kind("short write", Strike(Mode.SHORTEN, Calls.WRITE)),
)


def campaign(
    theatre: Theatre,
    plans: Sequence[Plan],
    kinds: Iterable[Kind],
    tries: int | None,
    chance: Random,
) -> Iterator[Row]:
    """A row for each kind and plan; at most so many `tries` of each, at random calls."""
    kinds = tuple(kinds)
    for plan in plans:
        scene = theatre.scene(plan)
        for kind in kinds:
            row = Row(f"{kind.name}: `{' '.join(plan.arguments[:2])}`")
            for at in _points(theatre, scene, kind, tries, chance):
                _strike(theatre, scene, replace(kind.strike, at=at), row)
            yield row


def random_kills(theatre: Theatre, tries: int, chance: Random) -> Row:
    """Backfills that are killed once each, at a moment of their time."""
    scene = theatre.scene(LONG_BACKFILL)
    row = Row("killed at a random moment: `backfill`")
    for number in range(tries):
        moment = chance.uniform(0, 1.2 * scene.seconds)
        workspace = theatre.copy(scene.start, "trial")
        theatre.run(workspace, *scene.plan.arguments, kill_after=moment)
        how = f"backfill {number} killed after {moment:.4f} s"
        row.tried += 1
        _look_between(scene, files(workspace), row, how)
        _heal(theatre, scene, workspace, row, how)
    return row


def _points(
    theatre: Theatre, scene: Scene, kind: Kind, tries: int | None, chance: Random
) -> Sequence[int]:
    """The calls to strike: all that an undisturbed command makes, or some of them."""
    total = theatre.calls(scene, kind.strike)
    every = range(1, total + 1)
    return every if tries is None or tries >= total else sorted(chance.sample(every, tries))


def _strike(theatre: Theatre, scene: Scene, strike: Strike, row: Row) -> None:
    workspace = theatre.copy(scene.start, "trial")
    ended = theatre.run(workspace, *scene.plan.arguments, strike=strike)
    how = f"{scene.plan.name}, {strike} ({ended.where.replace(str(workspace), '')})"
    row.tried += 1
    between = files(workspace)
    _look_between(scene, between, row, how)
    if ended.code != _KILLED:
        badly = _badly(ended, between == scene.after, is_mute=strike.log)
        if badly:
            row.ended_badly(how, badly)
    _heal(theatre, scene, workspace, row, how)


def _badly(ended: Ended, done: bool, *, is_mute: bool) -> str:
    """How a command that lived on ended badly; empty if it did not."""
    if "Traceback" in ended.told or "Exception ignored" in ended.told:
        return f"a traceback: {ended.told[-1500:]}"
    if ended.code == 0:
        return "" if done else "exit 0, though its work is not done"
    if ended.code not in _CODES:
        return f"exit {ended.code}: {ended.told[-300:]}"
    if "Error: " not in ended.errors and not is_mute:
        return f"exit {ended.code} without a word: {ended.told[-300:]}"
    return ""


def _look_between(scene: Scene, between: dict[str, bytes], row: Row, how: str) -> None:
    """Every file is the old or the new one."""
    for name, data in between.items():
        if name.endswith(".digest-tmp"):
            continue  # nobody takes it for a digest, and the next run removes it
        if data not in (scene.before.get(name), scene.after.get(name)):
            row.half += 1
            row.problems.append(f"{how}: {name} is neither the old nor the new file")
    for name in scene.before.keys() - between.keys():
        row.half += 1
        row.problems.append(f"{how}: {name} is gone")


def _heal(theatre: Theatre, scene: Scene, workspace: Path, row: Row, how: str) -> None:
    """The same again, on a sound system."""
    ended = theatre.run(workspace, *scene.plan.again)
    if ended.code or "Traceback" in ended.told:
        row.ended_badly(f"{how}, then again", f"exit {ended.code}: {ended.told[-600:]}")
    if scene.plan.again == scene.plan.arguments:
        row.compare(files(workspace), scene.after, how)
    else:
        _look_between(scene, files(workspace), row, f"{how}, then {scene.plan.again}")
