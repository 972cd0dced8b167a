"""What an edit of the keywords does to a year: only the papers it touches, against all of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

from bench.corpus import ENVIRON
from bench.measure import Row, medians, timed
from digest.app import App
from digest.app.parts import Parts
from digest.app.world import real_world
from digest.config import Config, load
from digest.model import Group, plain_keywords

#: A word that brings some hundred papers in a year, one that brings none; and the keyword that is
#: in the most digests' papers.
_ADDED = ("estimator", "disaggregated")
_REMOVED = "LLM"

#: Matching a year takes a while.
_RUNS = 5

_TARGET = 50


def measure(workspace: Path) -> list[Row]:
    """One row for thirty days, then for the year one row a word, each against a full match."""
    config = load(workspace, ENVIRON)
    app = App(config, real_world())

    def effect(after: Config, days: int) -> Callable[[], float]:
        return timed(lambda: app.effect(after, days=days))

    added = [_with(config, word) for word in _ADDED]
    removed = _without(config, _REMOVED)
    parts = Parts(config, real_world())
    with parts.opened() as archive:
        make = parts.make(archive)
        periods = [record.period for record in archive.ledger.digests().values()]
        month, *year, everything = medians(
            [
                effect(added[0], 30),
                *(effect(after, 400) for after in (*added, removed)),
                timed(lambda: [make(period) for period in periods]),
            ],
            _RUNS,
        )
    names = [*(f"effect of adding `{word}`" for word in _ADDED), f"effect of removing `{_REMOVED}`"]
    against = "match every paper of the year"
    return [
        Row(f"{names[0]}, 30 days", against, month, everything, _TARGET, faster=True),
        *(
            Row(f"{name}, a year", against, seconds, everything, _TARGET, faster=True)
            for name, seconds in zip(names, year, strict=True)
        ),
    ]


def _with(config: Config, word: str) -> Config:
    """The configuration with one more keyword in the first group."""
    technique, *others = config.topics[0].groups
    words = (*technique.keywords, *plain_keywords(word))
    return _changed(config, (dataclasses.replace(technique, keywords=words), *others))


def _without(config: Config, word: str) -> Config:
    """The configuration without a keyword."""
    groups = (
        dataclasses.replace(group, keywords=tuple(k for k in group.keywords if k.text != word))
        for group in config.topics[0].groups
    )
    return _changed(config, tuple(groups))


def _changed(config: Config, groups: tuple[Group, ...]) -> Config:
    first, *others = config.topics
    topics = (dataclasses.replace(first, groups=groups), *others)
    return config.model_copy(update={"topics": topics})
