"""`config/keywords.toml` as frozen models, and the topics they stand for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from digest.config.category import ALLOWED as CATEGORIES
from digest.config.category import category_problem
from digest.config.mistakes import mistake
from digest.model import Group, Topic, plain_keywords

#: The place of a value in a file: keys and 0-based indices.
Location = tuple[str | int, ...]

#: Colours of groups that name none, by their place in the topic.
PALETTE = ("F08080", "FF8C00", "6495ED", "3CB371", "9370DB", "708090")

_Value = TypeVar("_Value")

_COLOR = re.compile(r"[0-9A-Fa-f]{6}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def _color(text: str) -> str:
    if not _COLOR.fullmatch(text):
        raise mistake(f"{text!r} is no colour")
    return text


def _words(text: str) -> str:
    if not text.strip():
        raise mistake("is empty")
    if _CONTROL.search(text):
        raise mistake(f"{text!r} holds a control character")
    return text


def _category(text: str) -> str:
    problem = category_problem(text)
    if problem:
        raise mistake(problem)
    return text


def _some(values: tuple[_Value, ...]) -> tuple[_Value, ...]:
    if not values:
        raise mistake("is empty")
    return values


_Words = Annotated[str, AfterValidator(_words)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class GroupTable(_Table):
    """A `[[topic.group]]`."""

    name: _Words | None = Field(None, description="any words")
    color: Annotated[str, AfterValidator(_color)] | None = Field(
        None, description="six hexadecimal digits without #, such as F08080"
    )
    keywords: Annotated[tuple[_Words, ...], AfterValidator(_some)] = Field(
        description="a list of one or more words, none empty, none twice"
    )


class TopicTable(_Table):
    """A `[[topic]]`."""

    name: _Words | None = Field(None, description="any words")
    categories: tuple[Annotated[str, AfterValidator(_category)], ...] = Field(
        (), description=f"a list of {CATEGORIES}; empty: any"
    )
    exclude: tuple[_Words, ...] = Field((), description="a list of words, none empty")
    group: Annotated[tuple[GroupTable, ...], AfterValidator(_some)] = Field(
        description="one or more [[topic.group]] with keywords"
    )


class KeywordsFile(_Table):
    """The whole of `keywords.toml`."""

    topic: Annotated[tuple[TopicTable, ...], AfterValidator(_some)] = Field(
        description="one or more [[topic]]"
    )

    def topics(self) -> tuple[Topic, ...]:
        """The topics, in the file's order; what has no name is called by its number."""
        return tuple(_topic(number, table) for number, table in enumerate(self.topic, 1))


def _topic(number: int, table: TopicTable) -> Topic:
    groups = tuple(_group(number, group) for number, group in enumerate(table.group, 1))
    return Topic(table.name or f"topic {number}", groups, table.categories, table.exclude)


def _group(number: int, table: GroupTable) -> Group:
    color = table.color or PALETTE[(number - 1) % len(PALETTE)]
    return Group(table.name or f"group {number}", color, plain_keywords(*table.keywords))


def repetitions(data: dict[str, object]) -> Iterator[tuple[Location, str]]:
    """Topic names, group names and keywords that were there before: where, and what is wrong.

    Works on the data of the file as it is, sound or not, so that these problems are found
    together with all others.
    """
    topics = _tables(data.get("topic"))
    for index, what in _again([topic.get("name") for topic in topics]):
        yield ("topic", index, "name"), what
    for t, topic in enumerate(topics):
        groups = _tables(topic.get("group"))
        for index, what in _again([group.get("name") for group in groups]):
            yield ("topic", t, "group", index, "name"), what
        for g, group in enumerate(groups):
            keywords = group.get("keywords")
            for index, what in _again(keywords if isinstance(keywords, list) else []):
                yield ("topic", t, "group", g, "keywords", index), what


def _tables(value: object) -> list[dict[str, object]]:
    rows = value if isinstance(value, list) else []
    return [row if isinstance(row, dict) else {} for row in rows]


def _again(values: Sequence[object]) -> Iterator[tuple[int, str]]:
    seen: dict[str, int] = {}
    for index, value in enumerate(values):
        if isinstance(value, str) and value.strip():
            first = seen.setdefault(value, index)
            if first != index:
                yield index, f"{value!r} is there already, as number {first + 1}"
