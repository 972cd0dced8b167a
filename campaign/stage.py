"""A process that has the program loaded and forks itself for every command that it is told to run.

So a command costs its own work and not Python's start. Each child is the real command line, with
a faulty system underneath if that is wanted, and ends as the interpreter ends it.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import pkgutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from campaign.faulty import Calls, Faulty, Mode, Strike

#: A command that takes longer than this hangs.
_LONGEST = 60.0

#: Nothing is struck.
CALM = Strike(Mode.OFF, Calls.NET)


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended: `code` is negative for a signal; `calls` were counted.

    `where` names the call that was struck.
    """

    code: int
    output: str
    errors: str
    calls: int
    where: str
    seconds: float

    @property
    def told(self) -> str:
        """What it printed."""
        return self.output + self.errors


class Stage:
    """The stage, seen from outside. `library` is the built one of `faulty`."""

    def __init__(self, library: Path, variables: dict[str, str]) -> None:
        kept = {name: text for name, text in os.environ.items() if not name.startswith("DIGEST_")}
        self._process = subprocess.Popen(
            (sys.executable, "-m", "campaign.stage"),
            cwd=Path(__file__).parent.parent,
            env=kept | variables | {"LD_PRELOAD": str(library)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(
        self,
        folder: Path,
        *arguments: str,
        strike: Strike = CALM,
        kill_after: float | None = None,
        **variables: str,
    ) -> Ended:
        """Run a command in a folder; `kill_after` so many seconds it is killed."""
        (ended,) = self.together(
            [folder], arguments, variables, strike=strike, kill_after=kill_after
        )
        return ended

    def together(
        self,
        folders: list[Path],
        arguments: Sequence[str],
        variables: Mapping[str, str],
        *,
        strike: Strike = CALM,
        kill_after: float | None = None,
    ) -> list[Ended]:
        """Run the same command in all these folders at the same time."""
        job = {
            "folders": list(map(str, folders)),
            "arguments": list(arguments),
            "strike": strike.fields(),
            "kill_after": kill_after,
            "variables": dict(variables),
        }
        assert self._process.stdin and self._process.stdout  # noqa: S101  they are pipes
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        return [Ended(**fields) for fields in json.loads(self._process.stdout.readline())]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._process.stdin and self._process.stdout  # noqa: S101  they are pipes
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()


def _serve() -> list[str]:
    """Take jobs to the end of the input. Returns in a child only, with its arguments."""
    _load_everything()
    # A child need not touch, and so copy, what all of them share.
    gc.collect()
    gc.freeze()
    faulty = Faulty()
    answers = os.fdopen(os.dup(1), "w")
    while line := sys.stdin.readline():
        job = json.loads(line)
        children: dict[int, tuple[Path, int]] = {}
        for number, folder in enumerate(map(Path, job["folders"])):
            child = os.fork()  # this process has no threads
            if not child:
                answers.detach()
                _prepare(job, folder, number, faulty)
                return list(job["arguments"])
            children[child] = folder, number
        ended = _waited(children, job["kill_after"], faulty)
        answers.write(json.dumps(ended) + "\n")
        answers.flush()
    sys.exit(0)


def _load_everything() -> None:
    import digest

    for module in pkgutil.walk_packages(digest.__path__, "digest."):
        if not module.name.endswith("__main__"):
            with suppress(ImportError):  # an extra need not be installed
                importlib.import_module(module.name)


def _prepare(job: dict[str, Any], folder: Path, number: int, faulty: Faulty) -> None:
    """Make the child what a shell would have started in the folder, and arm the library."""
    os.environ.update(job["variables"])
    time.tzset()
    os.chdir(folder)
    log = _log(folder)
    log.mkdir(exist_ok=True)
    standard = (
        os.open(os.devnull, os.O_RDONLY),
        os.open(log / f"{number}.out", os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
        os.open(log / f"{number}.err", os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
    )
    for wanted, descriptor in enumerate(standard):
        os.dup2(descriptor, wanted)
        os.close(descriptor)
    strike = Strike.of(job["strike"])
    faulty.arm(log if strike.log else folder, strike)


def _log(folder: Path) -> Path:
    """Where the commands of a workspace print to: beside it, as on another disk."""
    return folder.with_name(f"{folder.name}.log")


def _waited(
    children: dict[int, tuple[Path, int]], kill_after: float | None, faulty: Faulty
) -> list[dict[str, Any]]:
    began = time.monotonic()
    limit = _LONGEST if kill_after is None else kill_after
    ended = {}
    while children:
        child, status = os.waitpid(-1, os.WNOHANG)
        if child:
            folder, number = children.pop(child)
            ended[number] = {
                "code": os.waitstatus_to_exitcode(status),
                "output": (_log(folder) / f"{number}.out").read_text(errors="replace"),
                "errors": (_log(folder) / f"{number}.err").read_text(errors="replace"),
                "calls": faulty.count,
                "where": faulty.where,
                "seconds": time.monotonic() - began,
            }
        elif time.monotonic() - began > limit:
            for running in children:
                os.kill(running, signal.SIGKILL)
            limit = float("inf")
        else:
            time.sleep(0.001)
    return [ended[number] for number in sorted(ended)]


if __name__ == "__main__":
    told = _serve()
    from digest.cli import main

    main(told)
