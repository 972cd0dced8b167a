r"""An abstract as Markdown with badges, and back.

An abstract is arXiv's text, and stays so: lists, formulas, quotes, emphasis, code, and an author's
own links to web pages, `[text](https://…)`, are not touched. But it comes from strangers, and so
can make no other link, no picture and no HTML that does anything in a page that is made of a
digest. Written as references (see `digest.writer.format.escape`) are only

    blank lines     a line end before another one: a blank line would end the abstract
    line starts     what would open a block (see `digest.writer.format.openings`)
    inside lines    `<` of what is not harmless (see `digest.writer.format.elements`); `(` behind
                    `]`, of pictures and of links that do not begin with `http://` or `https://`;
                    `[` of what reads like a badge; `\` before a badge, which would make it a link

The clean style escapes what would keep something from being seen, too: every `<` that may open a
tag; a link with a badge in its address; backquotes of code around a badge or around one of these
signs.

While this is decided, a NUL stands for each badge; as a control character it is in no text.
"""

from __future__ import annotations

import re
from bisect import bisect_left

from digest.model import Badge, Marked, Style
from digest.writer.format.badges import BADGES, badge_of, lookalikes, markdown
from digest.writer.format.code import runs
from digest.writer.format.elements import is_harmless, live, never
from digest.writer.format.escape import ANYWHERE, REFERENCE, escape, escape_at, unescape
from digest.writer.format.openings import MARK, openings

_ANYWHERE = re.compile(rf"(?!\n)(?:{ANYWHERE})")
_BLANK = re.compile(r"\A[ \n]|\n(?= *\n)|[ \n]\Z")
_SPOILING = re.compile(rf"(?<!\\)\\+(?=\0|{REFERENCE})")

#: What matters of a line's inside; a backslash takes the sign behind it with it.
_SIGN = re.compile(r"\\[!-/:-@\[-`{-~]|!\[|\[|\]\(?")
_WEB = re.compile(r"https?://[^\s<>()]", re.IGNORECASE)
_DESTINATION = re.compile(r"[^\s<>]*+")
_ITEM = re.compile(rf"\n[ ]*+{MARK}[ ]")

#: What the patterns above begin with. Most abstracts have nothing of it, and telling so takes a
#: fraction of the time.
_ODD = re.compile(r"[\1-\x1f\x7f-\x9f\u2028\u2029&]|!\[")
_MAY_OPEN = re.compile(r"[`<]|\]\(")
_MAY_SPOIL = re.compile(r"\\[\0&]")


def escape_abstract(abstract: Marked, style: Style) -> str:
    """The abstract as it stands in a digest file of a style; it has no blank line."""
    badges = [markdown(piece, style) for piece in abstract if isinstance(piece, Badge)]
    text = "".join("\0" if isinstance(piece, Badge) else piece for piece in abstract)
    if _ODD.search(text) or text.count("\0") > len(badges):
        text = "".join(
            "\0" if isinstance(piece, Badge) else _anywhere(piece, style) for piece in abstract
        )
    if "\n" in text or text != text.strip(" "):
        text = escape(_BLANK, text)
    text = escape_at(openings(text), text)
    if _MAY_OPEN.search(text):
        text = escape_at(_inside(text, style), text)
    if _MAY_SPOIL.search(text):
        text = escape(_SPOILING, text)
    first, *others = text.split("\0")
    return first + "".join(badge + text for badge, text in zip(badges, others, strict=True))


def read_abstract(markdown_text: str, style: Style) -> Marked:
    """The inverse of `escape_abstract`; reads badges of older makes too."""
    pieces: list[str | Badge] = []
    end = 0
    for match in BADGES[style].finditer(markdown_text):
        pieces += [unescape(markdown_text[end : match.start()]), badge_of(match)]
        end = match.end()
    pieces.append(unescape(markdown_text[end:]))
    return tuple(piece for piece in pieces if piece)


def _anywhere(text: str, style: Style) -> str:
    """A text of an abstract without what is escaped wherever it stands."""
    places = {found.start() for found in _ANYWHERE.finditer(text)}
    return escape_at(places.union(lookalikes(text, style)), text)


def _inside(text: str, style: Style) -> set[int]:
    """The places within lines that are escaped."""
    places = set(live(text, is_harmless if style.raw else never))
    opened = ""
    for sign in _SIGN.finditer(text):
        at = sign.start()
        is_link = sign[0] == "](" and opened == "["
        is_link = is_link and _is_web_link(text, sign.end(), strict=not style.raw)
        if sign[0] == "](" and not is_link:
            places.add(at + 1)
        if sign[0] in ("[", "![", "]", "]("):
            opened = sign[0]
    return places if style.raw else places | _of_code(text, places)


def _is_web_link(text: str, at: int, *, strict: bool) -> bool:
    """Whether the destination of a link that begins there is the address of a web page."""
    if not _WEB.match(text, at):
        return False
    destination = _DESTINATION.match(text, at)
    return not (strict and destination and "\0" in destination[0])


def _of_code(text: str, places: set[int]) -> set[int]:
    """The places of backquotes that would make code of a badge or of an escaped sign.

    So are those around the beginning of a list item, where no code goes on.
    """
    spoiled = sorted(
        {
            *places,
            *(found.start() for found in re.finditer("\0", text)),
            *(found.start() for found in _ITEM.finditer(text)),
        }
    )
    escaped: set[int] = set()
    end = 0
    for run in runs(text):
        if run.start < end or run.closing is None:
            continue
        first = bisect_left(spoiled, run.end)
        if first < len(spoiled) and spoiled[first] < run.closing:
            escaped.update(range(run.start, run.end))
        else:
            end = run.closing + run.end - run.start
    return escaped
