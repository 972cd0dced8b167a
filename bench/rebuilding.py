"""A year made again by `digest rebuild`, against reading its rows and `str.replace`."""

from __future__ import annotations

import json
import os
from pathlib import Path

from bench.corpus import ENVIRON
from bench.measure import ROOT, Row, medians, python, spent, timed
from digest.config import load

_RUNS = 5
_FASTER, _MEGABYTES = 3, 300


def measure(workspace: Path) -> list[Row]:
    """Both are processes of their own; the command uses all processors, the yardstick one."""
    config = load(workspace, ENVIRON)
    groups = [
        [group.color, [keyword.text for keyword in group.keywords]]
        for group in config.topics[0].groups
    ]
    yardstick = ("-m", "bench.replaced_year", str(config.digest.archive), json.dumps(groups))
    environ = os.environ | ENVIRON
    command = ("-m", "digest", "rebuild")
    ours, theirs = medians(
        [
            timed(lambda: python(*command, folder=workspace, environ=environ)),
            timed(lambda: python(*yardstick, folder=ROOT, environ=environ)),
        ],
        _RUNS,
    )
    memory = max(spent(*command, folder=workspace, environ=environ).memory for _ in range(_RUNS))
    name = "`digest rebuild` of a year"
    return [
        Row(name, "read its rows, `str.replace`", ours, theirs, _FASTER, faster=True),
        Row(f"{name}, memory", "300 MB", 3 * memory, _MEGABYTES, 1, unit="MB"),
    ]
