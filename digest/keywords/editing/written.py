"""New lines for the keyword files: values, keys, groups and topics, and where they go."""

from __future__ import annotations

import re
from collections.abc import Sequence

import tomlkit
from tomlkit.items import AoT

from digest.config.lines import key_lines
from digest.keywords.editing.tables import TopicPlace
from digest.model import Keyword
from digest.model.errors import UsageError

_HEADER = re.compile(r"[ \t]*\[\[?")
_COMMENT = re.compile(r"[ \t]*#")
_LITERAL = re.compile(r"[^'\x00-\x1f\x7f]*")


def keyword_value(keyword: Keyword, like: str = "") -> str:
    """A keyword as TOML, in the quotes of a neighbour: `"MX"` or `{ text = "MX", case = true }`."""
    text = _string(keyword.text, like)
    settings = {"whole_word": keyword.whole_word, "case": keyword.case}
    given = "".join(
        f", {key} = {str(value).lower()}" for key, value in settings.items() if value is not None
    )
    return f"{{ text = {text}{given} }}" if given else text


def group_table(name: str | None, words: Sequence[str], color: str | None) -> str:
    """A `[[topic.group]]` with its keywords one a line."""
    lines = ["[[topic.group]]"]
    if name is not None:
        lines.append(f"name = {_string(name)}")
    if color is not None:
        lines.append(f"color = {_string(color)}")
    lines += ["keywords = [", *(f"  {_string(word)}," for word in words), "]"]
    return "\n".join(lines)


def with_topic_key(text: str, topic: TopicPlace, key: str) -> str:
    """A file with one more key of a topic, behind its others."""
    _needs_own_lines(topic)
    lines = key_lines(text)
    place = ("topic", topic.index)
    ends = [lines[place]] + [
        lines[(*place, name)] + topic.table[name].as_string().count("\n")
        for name in ("name", "categories")
        if name in topic.table
    ]
    return _inserted(text, max(ends), [key])


def with_group(text: str, topic: TopicPlace, table: str) -> str:
    """A file with one more group of a topic, behind its others and the comments on them.

    The first one comes behind the authors.
    """
    _needs_own_lines(topic)
    # A topic without groups has authors.
    kind = "group" if topic.groups else "author"
    tables = topic.table[kind]
    lines = key_lines(text)
    place = ("topic", topic.index, kind, len(tables) - 1)
    last = max(
        lines[(*place, name)] + item.as_string().count("\n") for name, item in tables[-1].items()
    )
    return _inserted(text, _behind_comments(text, last), ["", *table.split("\n")])


def with_topic(text: str, name: str, categories: Sequence[str], table: str) -> str:
    """A file with one more topic at its end."""
    lines = ["", "[[topic]]", f"name = {_string(name)}"]
    if categories:
        lines.append(f"categories = [{', '.join(map(_string, categories))}]")
    if "topic" in tomlkit.parse(text) and not isinstance(tomlkit.parse(text)["topic"], AoT):
        raise _inline_error("topics")
    return _inserted(text, len(_lines(text)), [*lines, "", *table.split("\n")])


def _needs_own_lines(topic: TopicPlace) -> None:
    """Whether the topic and its groups are tables with headers: others have no line to go to."""
    tables = [topic.table[kind] for kind in ("group", "author") if kind in topic.table]
    if not all(isinstance(table, AoT) for table in (topic.document["topic"], *tables)):
        raise _inline_error(str(topic))


def _inline_error(what: str) -> UsageError:
    return UsageError(
        f"{what}: written without [[topic]] and [[topic.group]] headers, so it cannot be edited "
        "here",
        hint="`digest keywords edit` opens the file.",
    )


def _behind_comments(text: str, line: int) -> int:
    """The line itself, or the last of the comments under it, unless they lead to a header."""
    lines = _lines(text)
    end = line
    while end < len(lines) and _COMMENT.match(lines[end]):
        end += 1
    return line if end < len(lines) and _HEADER.match(lines[end]) else end


def _inserted(text: str, line: int, new: Sequence[str]) -> str:
    """A text with lines behind that line, ended as its other lines are."""
    end = "\r\n" if "\r\n" in text else "\n"
    lines = _lines(text)
    before, after = lines[:line], lines[line:]
    if before and not before[-1].endswith("\n"):
        before[-1] += end
    if new[0] == "" and (not before or not before[-1].strip()):
        new = new[1:]
    return "".join([*before, *(one + end for one in new), *after])


def _lines(text: str) -> list[str]:
    """The lines as TOML has them, with their ends: a form feed, for one, ends none."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _string(text: str, like: str = "") -> str:
    is_literal = like.startswith("'") and _LITERAL.fullmatch(text) is not None
    return tomlkit.string(text, literal=is_literal).as_string()
