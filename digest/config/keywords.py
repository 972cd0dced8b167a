"""The keyword files of a workspace, read as one: `keywords.toml`, then those of `topics/`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from digest.config.lines import Location
from digest.config.problems import Source, in_order
from digest.config.reading import Texts, UnreadableError, read
from digest.config.topics import KeywordsFile, contradictions, topic_names
from digest.model import Topic
from digest.model.errors import ConfigError, Problem

#: Where the keywords are in a workspace, and where more files of the same form may be.
KEYWORDS_FILE = Path("config", "keywords.toml")
TOPICS_FOLDER = Path("config", "topics")

_FOLDER = "Make it a folder of keyword files, or remove it."


@dataclass(frozen=True, slots=True)
class Topics:
    """The topics of all keyword files in order, and the file of each, in the same order."""

    topics: tuple[Topic, ...]
    files: tuple[Path, ...]


def keyword_files(workspace: Path, texts: Texts | None = None) -> list[Path]:
    """The files that hold topics, in the order in which they are read.

    `config/keywords.toml` comes first if it exists, or if no other does; then come the
    `*.toml` of `config/topics/` by name, without hidden ones. Files of `texts` (absolute paths)
    count as there. Raises ConfigError if the folder cannot be read.
    """
    given = {path.absolute() for path in texts or ()}
    first = workspace / KEYWORDS_FILE
    more = _more_files(workspace / TOPICS_FOLDER, given)
    return [first, *more] if first.exists() or first.absolute() in given or not more else more


def _more_files(folder: Path, given: set[Path]) -> list[Path]:
    names = {path.name for path in given if path.parent == folder.absolute()}
    try:
        names |= {path.name for path in folder.iterdir()}
    except FileNotFoundError:
        pass  # an own folder for topics is nothing that anybody needs
    except OSError as error:
        problem = Problem(str(folder), None, "", f"cannot be read: {error.strerror}")
        raise ConfigError([problem], hint=_FOLDER) from error
    return [folder / name for name in sorted(names) if name.endswith(".toml") and name[0] != "."]


def read_topics(workspace: Path, texts: Texts, problems: list[Problem]) -> Topics:
    """The topics of all keyword files; what is wrong in any of them is added to `problems`."""
    try:
        files = keyword_files(workspace, texts)
    except ConfigError as error:
        problems += error.problems
        return Topics((), ())
    reader = _Reader()
    for file in files:
        problems += in_order(reader.read(file, texts))
    return Topics(tuple(reader.topics), tuple(reader.files))


class _Reader:
    """Reads file after file, and remembers where each topic name was first."""

    def __init__(self) -> None:
        self.topics: list[Topic] = []
        self.files: list[Path] = []
        self._first: dict[str, str] = {}

    def read(self, file: Path, texts: Texts) -> list[Problem]:
        """What is wrong in one more file; the topics of a sound one are taken."""
        try:
            data, lines = read(file, texts)
        except UnreadableError as error:
            return [error.problem]
        source = Source(str(file), KeywordsFile, lines, {})
        found = [source.problem(location, what) for location, what in contradictions(data)]
        found += [source.problem(*again) for again in self._elsewhere(file, data, lines)]
        try:
            topics = KeywordsFile.model_validate(data).topics(len(self.topics) + 1)
        except ValidationError as error:
            return [*found, *source.problems(error)]
        self.topics += topics
        self.files += [file] * len(topics)
        return found

    def _elsewhere(
        self, file: Path, data: dict[str, object], lines: Mapping[Location, int]
    ) -> list[tuple[Location, str]]:
        """The topics of a file whose name an earlier file has."""
        names = topic_names(data)
        again = [
            (location, f"{name!r} already exists, in {self._first[name]}")
            for location, name in names
            if name in self._first
        ]
        for location, name in names:
            self._first.setdefault(name, f"{file}:{lines[location]}")
        return again
