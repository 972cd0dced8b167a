"""Changes to the keyword files: from their text to a new text, comments and layout kept. Pure.

    add, remove, move     keywords, within their array
    add_group, add_topic  new tables behind those that are there
    exclude, include      a word of a topic's `exclude`
    remove_group, remove_topic   the opposite of adding one

Doing the same twice changes nothing and is allowed. An impossible edit raises UsageError.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import tomlkit

from digest.keywords.editing.arrays import Layout, layout
from digest.keywords.editing.tables import (
    GroupPlace,
    TopicPlace,
    listed,
    meant,
    one_topic,
    texts,
    topic_places,
    unknown,
)
from digest.keywords.editing.written import (
    group_table,
    keyword_value,
    with_group,
    with_topic,
    with_topic_key,
)
from digest.model import Keyword
from digest.model.errors import UsageError

_COLOR = re.compile(r"[0-9A-Fa-f]{6}")

_NOTHING = "Nothing was changed."
_ONE_LEFT = "A group keeps at least one keyword; `digest keywords edit` removes a whole group."


@dataclass(frozen=True, slots=True)
class Edit:
    """A file's new text, and in words what is new; `is_change` is False if nothing is."""

    file: Path
    text: str
    what: str
    is_change: bool = True


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a group: before a keyword, or first; otherwise last. Both at once: UsageError."""

    before: str | None = None
    first: bool = False

    def __post_init__(self) -> None:
        if self.first and self.before is not None:
            raise UsageError("one place only: --first or --before", hint=_NOTHING)

    def __str__(self) -> str:
        return f", before {self.before!r}" if self.before else ", as the first" * self.first

    def index(self, group: GroupPlace) -> int:
        """The place as a number. Raises UsageError if `before` is not in the group."""
        words = group.words
        if self.before is None:
            return 0 if self.first else len(words)
        if self.before in words:
            return words.index(self.before)
        elsewhere = group.topic.with_word(self.before)
        if elsewhere:
            raise UsageError(
                f"{self.before!r} is not in {group}, but in group {elsewhere[0].name!r}",
                hint=f"Name that group with --group {elsewhere[0].name!r}.",
            )
        raise unknown("keyword", self.before, words, f" in {group}")


LAST = Place()


class Edits:
    """What can be changed in the keyword files, given by their paths in the order of reading.

    The files must be sound: what loads. An `Edits` serves for one change.
    """

    def __init__(self, files: Mapping[Path, str]) -> None:
        self._files = files
        self._topics = topic_places(files)

    def add(
        self, keyword: Keyword, group: str, topic: str | None = None, place: Place = LAST
    ) -> Edit:
        """Put a keyword into a group; give an existing one the settings that are wanted."""
        word = _checked(keyword.text, "keyword")
        into = self._group(group, topic)
        having = into.topic.with_word(word)
        if any(one.name == into.name for one in having):
            return self._set(into, keyword)
        if having:
            raise UsageError(
                f"{word!r} is in group {having[0].name!r} of the same topic",
                hint=f"`digest keywords move` with --group {into.name!r} moves it.",
            )
        old, index = into.layout, place.index(into)
        value = keyword_value(keyword, like=[*old.values, old.values[-1]][index])
        _write(into, old.with_value(value, index))
        return _edit(into.topic, f"adds {word!r} to {into}{place}")

    def remove(self, word: str, group: str | None = None, topic: str | None = None) -> Edit:
        """Remove a keyword from its group."""
        _checked(word, "keyword")
        places = self._with_word(word, group, topic)
        if not places:
            of = f" of group {group!r}" if group else ""
            question = meant(word, [one for each in self._topics for one in each.words])
            close = f" (d{question[1:]})" if question else ""
            return self._nothing(self._topics[0].file, f"{word!r} is not a keyword{of}{close}")
        out_of = _only(word, places)
        old = out_of.layout
        if len(old.elements) == 1:
            raise UsageError(f"{word!r} is the only keyword of {out_of}", hint=_ONE_LEFT)
        _write(out_of, old.without(out_of.words.index(word)))
        return _edit(out_of.topic, f"removes {word!r} from {out_of}")

    def move(
        self, word: str, place: Place = LAST, group: str | None = None, topic: str | None = None
    ) -> Edit:
        """Move a keyword to another place in its group, or into another group of its topic."""
        _checked(word, "keyword")
        places = self._with_word(word, None, topic)
        if not places:
            raise unknown("keyword", word, [one for each in self._topics for one in each.words])
        origin = _only(word, places)
        target = origin.topic.group(group) if group else origin
        start, end = origin.words.index(word), place.index(target)
        if target.name == origin.name:
            end -= end > start
            if start == end or place.before == word:
                return self._nothing(origin.topic.file, f"{word!r} is already there")
        old = origin.layout
        if len(old.elements) == 1:
            raise UsageError(f"{word!r} is the only keyword of {origin}", hint=_ONE_LEFT)
        value, comment = old.elements[start].value, old.own_comment(start)
        left = old.without(start)
        onto = left if target.name == origin.name else target.layout
        if comment and not onto.is_free_line(end):
            left, comment = old.without(start, keep_comment=True), ""
            onto = left if target.name == origin.name else onto
        _write(origin, left)
        _write(target, onto.with_value(value, end, comment))
        return _edit(origin.topic, f"puts {word!r} into {target}{str(place) or ', as the last'}")

    def exclude(self, word: str, topic: str | None = None) -> Edit:
        """Leave out papers that have a word."""
        _checked(word, "excluded word")
        of = one_topic(self._topics, topic)
        excluded = of.table.get("exclude")
        if excluded is None:
            key = f"exclude = [{keyword_value(Keyword(word))}]"
            text = with_topic_key(self._files[of.file], of, key)
            return Edit(of.file, text, f"excludes {word!r} from {of}")
        # A paper is excluded by the word in capital or small letters.
        if word.casefold() in map(str.casefold, texts(excluded)):
            return self._nothing(of.file, f"{word!r} is already excluded from {of}")
        old = layout(excluded.as_string())
        value = keyword_value(Keyword(word), like=(old.values or [""])[-1])
        of.table["exclude"] = _array(old.with_value(value, len(old.elements)))
        return _edit(of, f"excludes {word!r} from {of}")

    def include(self, word: str, topic: str | None = None) -> Edit:
        """Undo `exclude`: no longer leave out papers that have a word."""
        _checked(word, "excluded word")
        of = one_topic(self._topics, topic)
        excluded = of.table.get("exclude", ())
        places = [
            place
            for place, text in enumerate(texts(excluded))
            if text.casefold() == word.casefold()
        ]
        if not places:
            return self._nothing(of.file, f"{word!r} is not excluded from {of}")
        of.table["exclude"] = _array(layout(excluded.as_string()).without(places[0]))
        return _edit(of, f"no longer excludes {word!r} from {of}")

    def remove_group(self, name: str, topic: str | None = None) -> Edit:
        """Remove a group with its keywords. Raises UsageError for the only one of a topic."""
        group = self._group(name, topic)
        of = group.topic
        if len(of.groups) == 1:
            raise UsageError(
                f"{group} is its only group",
                hint="`digest keywords remove-topic` removes the whole topic.",
            )
        del of.table["group"][[one.name for one in of.groups].index(name)]
        return _edit(of, f"removes {group}")

    def remove_topic(self, name: str) -> Edit:
        """Remove a topic with its groups. Raises UsageError for the only one."""
        of = one_topic(self._topics, name)
        if len([one for one in self._topics if one.file == of.file]) == 1:
            raise UsageError(
                f"{of} is the only topic of {of.file}",
                hint="Add another one first, or use `digest keywords edit`.",
            )
        del of.document["topic"][of.index]
        return _edit(of, f"removes {of}")

    def add_group(
        self,
        name: str,
        words: Sequence[str],
        topic: str | None = None,
        color: str | None = None,
    ) -> Edit:
        """A new group behind the others of a topic."""
        _checked(name, "name")
        words = _words(words)
        of = one_topic(self._topics, topic)
        for group in of.groups:
            if group.name != name:
                continue
            if group.words == words and _same_color(group, color):
                return self._nothing(of.file, f"{group} already exists")
            raise UsageError(
                f"{group} already exists, with other keywords or another colour",
                hint="`digest keywords add` adds to it.",
            )
        for word in words:
            having = of.with_word(word)
            if having:
                raise UsageError(
                    f"{word!r} is in group {having[0].name!r} of the same topic",
                    hint="A paper needs a keyword of every group; the same word in two adds "
                    "nothing.",
                )
        table = group_table(name, words, _checked_color(color))
        text = with_group(self._files[of.file], of, table)
        return Edit(of.file, text, f"adds group {name!r} to {of}, with {listed(words)}")

    def add_topic(
        self,
        name: str,
        words: Sequence[str],
        group: str | None = None,
        categories: Sequence[str] = (),
        color: str | None = None,
    ) -> Edit:
        """A new topic of one group, at the end of the first file."""
        _checked(name, "name")
        words = _words(words)
        for topic in self._topics:
            if topic.name != name:
                continue
            first = next(iter(topic.groups), None)
            if first and first.words == words and _same_color(first, color):
                return self._nothing(topic.file, f"{topic} already exists")
            raise UsageError(
                f"{topic} already exists, with other keywords",
                hint="`digest keywords add-group` adds a group to it.",
            )
        file = next(iter(self._files))
        table = group_table(group, words, _checked_color(color))
        text = with_topic(self._files[file], name, categories, table)
        return Edit(file, text, f"adds topic {name!r}, with {listed(words)}")

    def _group(self, name: str, topic: str | None) -> GroupPlace:
        """The group of that name, in the only topic that has one if none is named."""
        if topic is None and len(self._topics) > 1:
            having = [one for one in self._topics if name in [group.name for group in one.groups]]
            if len(having) == 1:
                return having[0].group(name)
        return one_topic(self._topics, topic).group(name)

    def _with_word(self, word: str, group: str | None, topic: str | None) -> list[GroupPlace]:
        topics = self._topics if topic is None else [one_topic(self._topics, topic)]
        if group is None:
            return [found for one in topics for found in one.with_word(word)]
        named = [one for each in topics for one in each.groups if one.name == group]
        if not named:
            raise unknown("group", group, [one.name for each in topics for one in each.groups])
        return [one for one in named if word in one.words]

    def _set(self, group: GroupPlace, keyword: Keyword) -> Edit:
        """Change some settings of a keyword of a group."""
        index = group.words.index(keyword.text)
        there = group.table["keywords"][index]
        has = there if isinstance(there, dict) else {}
        wished = {"whole_word": keyword.whole_word, "case": keyword.case}
        new = {key: value for key, value in wished.items() if value not in (None, has.get(key))}
        if not new:
            return self._nothing(group.topic.file, f"{keyword.text!r} is already in {group}")
        settings = {key: new.get(key, has.get(key)) for key in wished}
        old = group.layout
        quote = next(sign for sign in old.values[index] if sign in "\"'")
        value = keyword_value(Keyword(keyword.text, **settings), like=quote)
        _write(group, old.with_other(value, index))
        changed = " and ".join(f"{key} = {str(value).lower()}" for key, value in new.items())
        return _edit(group.topic, f"sets {changed} for {keyword.text!r} in {group}")

    def _nothing(self, file: Path, why: str) -> Edit:
        return Edit(file, self._files[file], why, is_change=False)


def _edit(topic: TopicPlace, what: str) -> Edit:
    return Edit(topic.file, tomlkit.dumps(topic.document), what)


def _write(group: GroupPlace, keywords: Layout) -> None:
    group.table["keywords"] = _array(keywords)


def _array(new: Layout) -> object:
    return tomlkit.parse(f"array = {new.text()}")["array"]


def _only(word: str, places: Sequence[GroupPlace]) -> GroupPlace:
    if len(places) == 1:
        return places[0]
    names = " and ".join(map(str, places))
    raise UsageError(f"{word!r} is in {names}", hint="Name one of them.")


def _words(words: Sequence[str]) -> list[str]:
    """Keywords of a new group, each once."""
    return list(dict.fromkeys(_checked(word, "keyword") for word in words))


def _checked(text: str, what: str) -> str:
    if not text.strip():
        article = "an" if what[0] in "aeiou" else "a"
        raise UsageError(f"{article} {what} cannot be empty", hint=_NOTHING)
    return text


def _checked_color(color: str | None) -> str | None:
    if color is not None and not _COLOR.fullmatch(color):
        raise UsageError(
            f"{color!r} is not a valid colour",
            hint="Write six hexadecimal digits (red, green, blue) without #, such as F08080.",
        )
    return color


def _same_color(group: GroupPlace, color: str | None) -> bool:
    return color is None or str(group.table.get("color", "")).lower() == color.lower()
