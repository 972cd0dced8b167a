"""`config/keywords.toml` as frozen models, and the topics they stand for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    Strict,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    WithJsonSchema,
    WrapValidator,
    field_validator,
)
from pydantic_core import PydanticKnownError

from digest.config.category import ALLOWED as CATEGORIES
from digest.config.category import Category
from digest.config.mistakes import mistake, repeated, shown
from digest.model import Author, Group, Keyword, Topic
from digest.model.names import wanted

#: The place of a value in a file: keys and 0-based indices.
Location = tuple[str | int, ...]

#: Colours of groups and authors that name none, by their place in the topic.
PALETTE = ("F08080", "FF8C00", "6495ED", "3CB371", "9370DB", "708090")

_COLOR = re.compile(r"[0-9A-Fa-f]{6}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def _color(text: str) -> str:
    if not _COLOR.fullmatch(text):
        raise mistake(f"{text!r} is not a valid colour")
    return text


def _words(text: str) -> str:
    if not text.strip():
        raise mistake("is empty")
    if _CONTROL.search(text):
        raise mistake(f"{text!r} holds a control character")
    return text


def _name(text: str) -> str:
    if not wanted(text).family:
        raise mistake(f"{text!r} has no letter")
    return text


_Words = Annotated[
    str,
    AfterValidator(_words),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$",
        }
    ),
]
_Color = Annotated[
    str,
    AfterValidator(_color),
    WithJsonSchema({"type": "string", "pattern": f"^{_COLOR.pattern}$"}),
]


_Name = Annotated[_Words, AfterValidator(_name)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class KeywordTable(_Table):
    """A keyword with a rule of its own, `{ text = "MX", whole_word = true }`."""

    text: _Words = Field(description="the text to look for, not empty")
    whole_word: Annotated[bool, Strict()] | None = Field(
        None, description="true: stands alone; false: anywhere, inside words too"
    )
    case: Annotated[bool, Strict()] | None = Field(
        None, description="true: letters as written; false: any case"
    )


def _keyword(value: object, table: ValidatorFunctionWrapHandler) -> object:
    if isinstance(value, str):
        return KeywordTable.model_construct(text=_words(value))
    if isinstance(value, dict):
        return table(value)
    raise mistake(f"got {shown(value)}")


_Keyword = Annotated[
    KeywordTable, WrapValidator(_keyword, json_schema_input_type=_Words | KeywordTable)
]


class AuthorTable(_Table):
    """A `[[topic.author]]`: a name, or an exact form of it; see `contradictions`."""

    model_config = ConfigDict(
        json_schema_extra={"oneOf": [{"required": ["name"]}, {"required": ["exact"]}]}
    )

    name: _Name | None = Field(
        None, description='a name: "Ødegård, Kari", "Kari Ødegård", "K. Ødegård"; or `exact`'
    )
    exact: _Name | None = Field(
        None, description="the only form of the name that counts, letter by letter; or `name`"
    )
    color: _Color | None = Field(
        None, description="six hexadecimal digits without #, such as 6495ED"
    )


class GroupTable(_Table):
    """A `[[topic.group]]`."""

    name: _Words | None = Field(None, description="any words that no other group of the topic has")
    color: _Color | None = Field(
        None, description="six hexadecimal digits without #, such as F08080"
    )
    keywords: tuple[_Keyword, ...] = Field(
        min_length=1,
        json_schema_extra={"uniqueItems": True},
        description='a list of one or more words, none empty, none twice; a word is "MX" or '
        '{ text = "MX", whole_word = true, case = true }',
    )


#: A topic needs something to go by: keywords, or both of these.
_ENOUGH: list[JsonValue] = ["author", "authors_suffice"]
_KEYWORDS_OR_AUTHORS: list[JsonValue] = [
    {"required": ["group"]},
    {
        "required": _ENOUGH,
        "properties": {"author": {"minItems": 1}, "authors_suffice": {"const": True}},
    },
]


class TopicTable(_Table):
    """A `[[topic]]`."""

    model_config = ConfigDict(json_schema_extra={"anyOf": _KEYWORDS_OR_AUTHORS})

    name: _Words | None = Field(None, description="any words that no other topic has")
    description: _Words | None = Field(
        None, description="what you want to know, in a sentence or two; for summaries"
    )
    categories: tuple[Category, ...] = Field((), description=f"a list of {CATEGORIES}; empty: any")
    exclude: tuple[_Words, ...] = Field((), description="a list of words, none empty")
    authors_suffice: Annotated[bool, Strict()] = Field(False, description="true or false")
    author: tuple[AuthorTable, ...] = Field(
        (), description="any number of [[topic.author]], each with `name` or `exact`"
    )
    group: Annotated[tuple[GroupTable, ...], Field(min_length=1)] | None = Field(
        None,
        validate_default=True,
        description="one or more [[topic.group]] with keywords; needless where authors suffice",
    )

    @field_validator("group")
    @classmethod
    def _or_authors(
        cls, groups: tuple[GroupTable, ...] | None, info: ValidationInfo
    ) -> tuple[GroupTable, ...] | None:
        """See `_KEYWORDS_OR_AUTHORS`; errors in the authors are reported separately."""
        if groups is None and not all(info.data.get(str(key), True) for key in _ENOUGH):
            raise PydanticKnownError("missing")
        return groups


class KeywordsFile(_Table):
    """The whole of `keywords.toml`."""

    topic: tuple[TopicTable, ...] = Field(min_length=1, description="one or more [[topic]]")

    def topics(self, first: int = 1) -> tuple[Topic, ...]:
        """The topics, in the file's order; what has no name is called by its number.

        `first` is the number of the file's first topic.
        """
        return tuple(_topic(number, table) for number, table in enumerate(self.topic, first))


def _topic(number: int, table: TopicTable) -> Topic:
    groups = tuple(_group(number, group) for number, group in enumerate(table.group or (), 1))
    return Topic(
        table.name or f"topic {number}",
        groups,
        table.categories,
        table.exclude,
        _authors(table.author, groups),
        table.authors_suffice,
        table.description or "",
    )


def _authors(tables: Sequence[AuthorTable], groups: Sequence[Group]) -> tuple[Author, ...]:
    """The followed authors; those who name no colour have one that no group has, if possible."""
    taken = {group.color.upper() for group in groups}
    # Most topics have two groups: what follows their colours is no group's in other topics either.
    later = (*PALETTE[2:], *PALETTE[:2])
    free = [color for color in later if color not in taken] or later
    return tuple(
        Author(
            table.exact or table.name or "",
            table.color or free[number % len(free)],
            exact=table.exact is not None,
        )
        for number, table in enumerate(tables)
    )


def _group(number: int, table: GroupTable) -> Group:
    color = table.color or PALETTE[(number - 1) % len(PALETTE)]
    keywords = (Keyword(word.text, word.whole_word, word.case) for word in table.keywords)
    return Group(table.name or f"group {number}", color, tuple(keywords))


def contradictions(data: dict[str, object]) -> Iterator[tuple[Location, str]]:
    """Contradictions in the data of a file: where, and what.

    Names of topics, groups and authors, and keywords, that already exist; authors without a
    name or with two. Works on data sound or not, so that these problems are found together with
    all others.
    """
    topics = _tables(data.get("topic"))
    for index, what in repeated([topic.get("name") for topic in topics]):
        yield ("topic", index, "name"), what
    for t, topic in enumerate(topics):
        groups = _tables(topic.get("group"))
        for index, what in repeated([group.get("name") for group in groups]):
            yield ("topic", t, "group", index, "name"), what
        for g, group in enumerate(groups):
            keywords = group.get("keywords")
            texts = map(_text, keywords if isinstance(keywords, list) else ())
            for index, what in repeated(list(texts)):
                yield ("topic", t, "group", g, "keywords", index), what
        authors = _tables(topic.get("author"))
        for key in ("name", "exact"):
            for index, what in repeated([author.get(key) for author in authors]):
                yield ("topic", t, "author", index, key), what
        for location, what in _authors_named_wrong(topic):
            yield ("topic", t, *location), what


def _authors_named_wrong(topic: dict[str, object]) -> Iterator[tuple[Location, str]]:
    rows = topic.get("author")
    for index, row in enumerate(rows if isinstance(rows, list) else ()):
        if isinstance(row, dict) and ("name" in row) == ("exact" in row):
            has = "both `name` and `exact`" if "name" in row else "neither `name` nor `exact`"
            yield ("author", index), f"has {has}"


def topic_names(data: dict[str, object]) -> list[tuple[Location, str]]:
    """Where each topic of a file is named, and how; works on data sound or not."""
    named = enumerate(topic.get("name") for topic in _tables(data.get("topic")))
    return [
        (("topic", index, "name"), name)
        for index, name in named
        if isinstance(name, str) and name.strip()
    ]


def _tables(value: object) -> list[dict[str, object]]:
    rows = value if isinstance(value, list) else []
    return [row if isinstance(row, dict) else {} for row in rows]


def _text(keyword: object) -> object:
    return keyword.get("text") if isinstance(keyword, dict) else keyword
