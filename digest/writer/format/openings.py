r"""The first characters of an abstract's lines that would open a block, and so are escaped.

They are, at the start of a line or of a list item,

    headings     `#`, or a line of `=` or `-`
    quotations   `>`
    code         three backquotes or `~`, or five spaces after a list's mark
    breaks       three or more `*`, `-` or `_` and nothing else
    HTML         `<` of what is not harmless, or of a tag that is alone in its line
    definitions  `[` of `[…]:`
    lists        a list's mark without an item

Every line is read once from its beginning to its end, whatever it holds.
"""

from __future__ import annotations

import re

from digest.writer.format.elements import is_alone, is_harmless

#: What begins a list item.
MARK = r"(?:[-+*]|[0-9]{1,9}[.)])"

_ITEM = re.compile(rf"[ ]*+{MARK}[ ]{{1,4}}(?![ ])")
_SPACES = re.compile(r"[ ]*+")
_OPENING = re.compile(
    r"""
      [#>]
    | =++ [ ]*+ $
    | - -++ [ ]*+ $
    | ```
    | ~~~
    | [-+*] (?: [ ]*+ $ | [ ]{5})
    | [0-9]{1,9} [.)] (?: [ ]*+ $ | [ ]{5})
    """,
    re.VERBOSE | re.MULTILINE,
)
#: What may be the label of a definition, with and without regard to backslashes.
_LABELS = (re.compile(r"\[(?:[^\[\]\\]|\\.)*+", re.DOTALL), re.compile(r"\[[^\[\]]*+"))
_BREAK = re.compile(r"([-*_])(?:[ ]*\1){2,}[ ]*$", re.MULTILINE)
_MAY_OPEN = re.compile(r"^[ ]*+[-+*#>=`~<\[_0-9]", re.MULTILINE)


def openings(text: str) -> set[int]:
    """The places of characters that would open a block; no line has two."""
    found: set[int] = set()
    # From the end, since a bracket that is escaped does not end a label that begins before it.
    for line in reversed(list(_MAY_OPEN.finditer(text))):
        at = _opening(text, line.start(), found)
        if at is not None:
            found.add(at)
    return found


def _opening(text: str, start: int, found: set[int]) -> int | None:
    """Where in the line that starts there a block would be opened, deepest in its lists."""
    before = at = start
    while item := _ITEM.match(text, at):
        before, at = at, item.end()
    at = _after_spaces(text, at)
    match text[at : at + 1]:
        case "<":
            return None if _stays(text, at) else at
        case "[":
            return at if _is_definition(text, at, found) else None
    if _OPENING.match(text, at) or _BREAK.match(text, at):
        return at
    # `* **` is a break whose first star looks like a list's mark; no break has more of such.
    before = _after_spaces(text, before)
    return before if _BREAK.match(text, before) else None


def _after_spaces(text: str, at: int) -> int:
    spaces = _SPACES.match(text, at)
    return spaces.end() if spaces else at


def _is_definition(text: str, at: int, found: set[int]) -> bool:
    """Whether the `[` at a place begins the label of a definition."""
    ends = [label.end() for pattern in _LABELS if (label := pattern.match(text, at))]
    return any(text.startswith("]:", end) or end in found for end in ends)


def _stays(text: str, at: int) -> bool:
    """Whether the `<` at a place opens nothing at the start of a line."""
    if text[at + 1 : at + 2] not in ("!", "?", "/") and not text[at + 1 : at + 2].isalpha():
        return True
    return is_harmless(text, at) and not is_alone(text, at)
