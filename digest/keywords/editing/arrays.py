"""The text of a TOML array, changed element by element without touching the rest of its layout.

Elements stay one a line where they were, comments stay where they are, and the last element has
a comma behind it if it had one. A comment behind the only element of a line belongs to the
element: it moves and goes with it. All other comments stay.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

_STRING = r"""(?:\"{3}(?:\\[\s\S]|[^\\])*?\"{3,5}|'{3}[\s\S]*?'{3,5}|"(?:\\.|[^"\\])*"|'[^'\n]*')"""
_ELEMENT = re.compile(rf"{_STRING}|\{{(?:{_STRING}|[^\"'}}])*\}}")
_BLANK = re.compile(r"(?:\s|#[^\n]*)*")
#: What is behind the last element of a line, up to the line's end.
_LINE_END = re.compile(r"[ \t]*(?:#[^\r\n]*)?(?=\r?\n)")
_INDENTATION = re.compile(r"\r?\n[ \t]*\Z")


@dataclass(frozen=True, slots=True)
class Element:
    """One value with the text around it: `before` the value, up to its comma, `behind` the comma.

    `behind` ends with the line. Where there is no comma, `gap` is empty.
    """

    before: str
    value: str
    gap: str = ""
    behind: str = ""

    @property
    def opens_line(self) -> bool:
        """Whether it is the first of its line."""
        return "\n" in self.before

    @property
    def break_before(self) -> str:
        """The line break before it with the indentation; empty if it does not open a line."""
        match = _INDENTATION.search(self.before)
        return match[0] if match else ""

    @property
    def above(self) -> str:
        """The comments and blank lines above it."""
        return self.before.removesuffix(self.break_before)


@dataclass(frozen=True, slots=True)
class Layout:
    """An array as its text has it: what follows the bracket, the elements, what ends it."""

    head: str
    elements: tuple[Element, ...]
    has_last_comma: bool
    tail: str

    @property
    def values(self) -> list[str]:
        """The elements as TOML writes them."""
        return [element.value for element in self.elements]

    def text(self) -> str:
        """The array as TOML."""
        parts = ["[", self.head]
        for number, one in enumerate(self.elements, 1):
            has_comma = self.has_last_comma or number < len(self.elements)
            parts += [one.before, one.value, one.gap, "," if has_comma else "", one.behind]
        return "".join([*parts, self.tail, "]"])

    def is_free_line(self, place: int) -> bool:
        """Whether a new element at a place gets a line of its own, and so can have a comment."""
        if not self.elements:
            return "\n" in self.tail
        if place == len(self.elements):
            return self.elements[-1].opens_line and "\n" in self.tail
        following = self.elements[place + 1 : place + 2]
        return self.elements[place].opens_line and all(one.opens_line for one in following)

    def with_value(self, value: str, place: int, behind: str = "") -> Layout:
        """With a new element at a place, 0 being the first; `behind` is its comment, if any.

        A comment needs a line: see `is_free_line`.
        """
        if not self.elements:
            return self._with_only(value, behind)
        if place == len(self.elements):
            return self._with_last(value, behind)
        old = self.elements[place]
        new = replace(old, value=value, gap="", behind=behind)
        separator = old.break_before if self.is_free_line(place) else self._space()
        moved = replace(old, before=separator)
        return self._having(*self.elements[:place], new, moved, *self.elements[place + 1 :])

    def with_other(self, value: str, place: int) -> Layout:
        """With another value in the place of an element, and all around it as it was."""
        other = replace(self.elements[place], value=value)
        return self._having(*self.elements[:place], other, *self.elements[place + 1 :])

    def own_comment(self, place: int) -> str:
        """The comment of an element that is alone on its line, with the space before it."""
        following = self.elements[place + 1 : place + 2]
        opens = self.elements[place].opens_line or place == 0
        is_alone = opens and all(one.opens_line for one in following)
        return self.elements[place].behind if is_alone else ""

    def without(self, place: int, *, keep_comment: bool = False) -> Layout:
        """Without one of several elements; its own comment goes too, unless it is to be kept."""
        old, comment = self.elements[place], self.own_comment(place)
        above = old.above + (old.break_before + comment.strip() if keep_comment else "")
        rest = [*self.elements[:place], *self.elements[place + 1 :]]
        tail = self.tail
        if place == len(rest):
            if old.opens_line:
                tail = above + tail
            else:
                rest[-1] = replace(rest[-1], behind=rest[-1].behind + old.behind)
            if not self.has_last_comma:
                rest[-1] = _without_comma(rest[-1])
            if "#" in (rest[-1].behind + tail).rpartition("\n")[2]:
                tail += old.break_before  # or the comment would take the closing bracket
        elif not rest[place].opens_line:
            rest[place] = replace(rest[place], before=old.before)
        elif old.opens_line or place == 0:
            rest[place] = replace(rest[place], before=above + rest[place].before)
        else:
            rest[place - 1] = replace(rest[place - 1], behind=old.behind)
        return replace(self, elements=tuple(rest), tail=tail)

    def _having(self, *elements: Element) -> Layout:
        return replace(self, elements=elements)

    def _with_only(self, value: str, behind: str) -> Layout:
        line = _INDENTATION.search(self.tail)
        if line is None:
            return replace(self, elements=(Element("", value),), has_last_comma=False, tail="")
        element = Element(f"{line[0]}  ", value, behind=behind)
        return replace(self, elements=(element,), has_last_comma=True)

    def _with_last(self, value: str, behind: str) -> Layout:
        last = self.elements[-1]
        before = last.break_before or self._space()
        if last.opens_line:
            return self._having(*self.elements, Element(before, value, behind=behind))
        # What is behind a line of several stays behind the line.
        last, new = replace(last, behind=""), Element(before, value, behind=last.behind)
        return self._having(*self.elements[:-1], last, new)

    def _space(self) -> str:
        """What stands between two elements of a line."""
        inner = [one.before for one in self.elements[1:] if not one.opens_line]
        return inner[0] if inner else " "


def layout(text: str) -> Layout:
    """Read an array of strings and inline tables. `text` must be sound TOML."""
    at = 1
    head = _LINE_END.match(text, at)
    at = head.end() if head else at
    elements: list[Element] = []
    has_comma = True
    while True:
        blank = _taken(_BLANK, text, at)
        if text[at + len(blank)] == "]":
            return Layout(head[0] if head else "", tuple(elements), has_comma, blank)
        at += len(blank)
        value = _taken(_ELEMENT, text, at)
        at += len(value)
        gap = _taken(_BLANK, text, at)
        has_comma = text[at + len(gap)] == ","
        if has_comma:
            at += len(gap) + 1
        else:
            gap = ""
        behind = _LINE_END.match(text, at)
        at = behind.end() if behind else at
        elements.append(Element(blank, value, gap, behind[0] if behind else ""))


def _without_comma(last: Element) -> Element:
    """An element that is the last one now; a comment before its comma stays, a space does not."""
    return replace(last, gap="", behind=(last.gap if "#" in last.gap else "") + last.behind)


def _taken(pattern: re.Pattern[str], text: str, at: int) -> str:
    match = pattern.match(text, at)
    if match is None:
        raise ValueError(f"no array of strings and tables: {text[at : at + 40]!r}")
    return match[0]
