"""How long the command takes to start, against a Python that does nothing."""

from __future__ import annotations

import os
from pathlib import Path

from bench.corpus import ENVIRON
from bench.measure import Row, medians, python, timed


def measure(workspace: Path) -> list[Row]:
    """`digest --help` and, in a workspace with an archive, `digest status`."""
    environ = os.environ | ENVIRON
    commands = (("-c", "pass"), ("-m", "digest", "--help"), ("-m", "digest", "status"))
    nothing, *ours = medians(
        [
            timed(lambda command=command: python(*command, folder=workspace, environ=environ))  # type: ignore[misc]
            for command in commands
        ]
    )
    names = (("`digest --help`", 6), ("`digest status`", 10))
    return [
        Row(name, "`python -c pass`", seconds, nothing, target)
        for (name, target), seconds in zip(names, ours, strict=True)
    ]
