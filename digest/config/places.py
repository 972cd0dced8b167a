"""On which line of which file the groups, keywords and authors of the topics stand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from digest.config.lines import Location
from digest.config.reading import UnreadableError, read
from digest.model.errors import ConfigError


class Place(NamedTuple):
    """A line of a file, from 1."""

    file: Path
    line: int


class Places:
    """The places of what topics hold; topics, groups and keywords count from 0.

    `files` has the file of each topic. Raises ConfigError for a file that is unreadable now.
    """

    def __init__(self, files: Sequence[Path]) -> None:
        self._files = files
        self._lines: dict[Path, dict[Location, int]] = {}
        for file in files:
            try:
                _, self._lines[file] = read(file, {})
            except UnreadableError as error:
                raise ConfigError([error.problem]) from error

    def keyword(self, topic: int, group: int, keyword: int) -> Place:
        """Where a keyword stands."""
        return self._place(topic, "group", group, "keywords", keyword)

    def color(self, topic: int, kind: str, number: int) -> Place:
        """Where the colour of a "group" or an "author" stands, or that itself if it names none."""
        return self._place(topic, kind, number, "color")

    def _place(self, topic: int, kind: str, number: int, *inside: str | int) -> Place:
        file = self._files[topic]
        table = ("topic", self._files[:topic].count(file), kind, number)
        lines = self._lines[file]
        ways = ((*table, *inside), table, table[:2], ("topic",))
        return Place(file, next((lines[way] for way in ways if way in lines), 1))
