"""The topics and groups of the keyword files, found by name, as tables that keep their layout."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit import TOMLDocument

from digest.keywords.editing.arrays import Layout, layout
from digest.model.errors import UsageError

#: How many names an error lists.
_FEW = 12


@dataclass(frozen=True, slots=True)
class GroupPlace:
    """A group of a topic in a file; `table` is tomlkit's and part of its document."""

    topic: TopicPlace
    name: str
    table: Any

    @property
    def layout(self) -> Layout:
        """The keywords as they are written."""
        return layout(self.table["keywords"].as_string())

    @property
    def words(self) -> list[str]:
        """The keywords' texts."""
        return texts(self.table["keywords"])

    def __str__(self) -> str:
        return f"group {self.name!r} of topic {self.topic.name!r}"


@dataclass(frozen=True, slots=True)
class TopicPlace:
    """A topic in a file; `index` counts the file's topics from 0."""

    file: Path
    document: TOMLDocument
    index: int
    name: str
    table: Any

    @property
    def groups(self) -> list[GroupPlace]:
        """The groups, in order; one without a name is called by its number."""
        return [
            GroupPlace(self, str(table.get("name", f"group {number}")), table)
            for number, table in enumerate(self.table.get("group", ()), 1)
        ]

    def group(self, name: str) -> GroupPlace:
        """The group of that name. Raises UsageError."""
        for group in self.groups:
            if group.name == name:
                return group
        for group in self.groups:
            if "name" not in group.table and group.name == f"group {name}":
                return group
        raise unknown("group", name, [group.name for group in self.groups], f" in {self}")

    def only_group(self) -> GroupPlace:
        """The group where there is one. Raises UsageError, which lists them if there are more."""
        if len(self.groups) == 1:
            return self.groups[0]
        has = listed(group.name for group in self.groups) if self.groups else "none"
        raise UsageError(f"which group of {self}? Groups: {has}", hint="Name one with --group.")

    @property
    def words(self) -> list[str]:
        """The keywords of all groups."""
        return [word for group in self.groups for word in group.words]

    def with_word(self, word: str) -> list[GroupPlace]:
        """The groups that have a keyword."""
        return [group for group in self.groups if word in group.words]

    def __str__(self) -> str:
        return f"topic {self.name!r}"


def topic_places(files: Mapping[Path, str]) -> list[TopicPlace]:
    """The topics of all files, in order. The files must be sound.

    Raises UsageError for tables in an order that writing the file again would change.
    """
    return list(_topics(files))


def _topics(files: Mapping[Path, str]) -> Iterator[TopicPlace]:
    number = 0
    for file, text in files.items():
        document = tomlkit.parse(text)
        if tomlkit.dumps(document) != text:
            raise UsageError(
                f"{file}: [[topic.group]] and [[topic.author]] are interleaved; this edit would "
                "regroup them",
                hint="Put the tables of each kind together, or use `digest keywords edit`.",
            )
        for index, table in enumerate(document["topic"]):
            number += 1
            name = str(table.get("name", f"topic {number}"))
            yield TopicPlace(file, document, index, name, table)


def one_topic(topics: Sequence[TopicPlace], name: str | None) -> TopicPlace:
    """The topic of that name; the only one if None. Raises UsageError."""
    if name is None:
        if len(topics) == 1:
            return topics[0]
        raise UsageError(
            f"which topic? There are {listed(topic.name for topic in topics)}",
            hint="Name one with --topic.",
        )
    for topic in topics:
        if topic.name == name:
            return topic
    raise unknown("topic", name, [topic.name for topic in topics])


def texts(keywords: Iterable[Any]) -> list[str]:
    """The texts of keywords, each a string or a table with one."""
    return [str(one["text"] if isinstance(one, dict) else one) for one in keywords]


def unknown(what: str, name: str, known: Sequence[str], where: str = "") -> UsageError:
    """An error for a name that does not exist, with the one that was probably meant."""
    few = f"Known: {listed(known)}." if 0 < len(known) <= _FEW else ""
    hint = f"{meant(name, known)} {few}".strip()
    return UsageError(f"{what} {name!r} does not exist{where}", hint=hint)


def meant(name: str, known: Sequence[str]) -> str:
    """A question for the known name that is nearest; empty if none is near."""
    close = get_close_matches(name, known, 1)
    return f"Did you mean {close[0]!r}?" if close else ""


def listed(names: Iterable[str]) -> str:
    """`'a', 'b' and 'c'`."""
    *others, last = [repr(name) for name in names]
    return f"{', '.join(others)} and {last}" if others else last
