r"""The one escape of the digest format, and what it is used for in single-line texts.

A character that would break the document or run something is written as its decimal character
reference, `&#35;` for `#`: Markdown shows the character and never takes it for a mark. Everything
else stays as it came. Escaped are

    everywhere  control characters, tabs, line and paragraph separators; a space at either end;
                `&` where it begins what reads like one of these references; `\` before a
                reference, which it would spoil
    titles      `[` or `]` without its partner, and `(` behind `]`, which could end the link in the
                table of contents or lie within it; `<` that may open something (see
                `digest.writer.format.elements`); `#` at the end, which would be taken for
                decoration; `\` at the end. In the clean style, so that all of a title shows, also
                every bracket, every backquote and `<`
    names       a comma before a space, which would separate two names; `<` as in titles; `(` of
                a link; a backquote in a line with badges, which could hide one
    pictures    whatever Markdown or HTML takes for a mark anywhere
    links       spaces, brackets, `<`, `>`, a backquote and `\`
    anchors     `\` before a sign or at the end; `<` as in titles; `(` and `)` unless every one has
                its partner and none stands behind `]`; backquotes unless the title's are pairs,
                since code that begins in a link's text could end in its anchor
    abstracts   see `digest.writer.format.abstract`

So reading back is one rule: a reference stands for its character. Only characters that may have
been escaped are read so; `&#39;` and `&amp;` stay what they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from digest.model import Style
from digest.writer.format.brackets import have_partners, lone_brackets
from digest.writer.format.code import has_open_run
from digest.writer.format.elements import is_bare_tag, live

_CONTROLS = "\0-\x1f\x7f-\x9f\u2028\u2029"
_MARKS = " !#&()*+,-.0123456789<=>[\\]_`~"
_ESCAPABLE = [*map(chr, range(32)), *map(chr, range(0x7F, 0xA0)), "\u2028", "\u2029", *_MARKS]

#: A reference that the writer may have written.
REFERENCE = rf"&#(?:{'|'.join(str(ord(character)) for character in _ESCAPABLE)});"

#: What is escaped everywhere; line ends too, so abstracts have a rule of their own for them.
ANYWHERE = rf"[{_CONTROLS}]|&(?={REFERENCE[1:]})"

_ENDS = r"\A | \Z"
_SIGN = r"[!-/:-@\[-`{-~]"
_OPENING = r"<(?=[^ 0-9=]|[^ <]+@)"
_IN_TITLE = re.compile(rf"{ANYWHERE}|{_ENDS}|(?<=\])\(|(?:(?<= )|\A)#(?=#*\Z)")
_IN_CLEAN_TITLE = re.compile(rf"{_IN_TITLE.pattern}|{_OPENING}|[\[\]`]")
_IN_NAME = re.compile(rf"{ANYWHERE}|{_ENDS}|,(?= )|(?<=\])\(")
_IN_NAME_BY_BADGE = re.compile(rf"{_IN_NAME.pattern}|`")
_IN_URL = re.compile(rf"{ANYWHERE}|[ ()\[\]<>`\\]")
_IN_PICTURE = re.compile(rf"{ANYWHERE}|[!\"$&'*<>\[\\\]_`|~]")
_IN_ANCHOR = re.compile(rf"{ANYWHERE}|\\(?={_SIGN}|\Z)")
_TAG = re.compile(_OPENING)
_REFERENCE = re.compile(REFERENCE)
_SPOILING = re.compile(rf"(?<!\\)\\+(?={REFERENCE})")
_SPOILING_OR_LAST = re.compile(rf"(?<!\\)\\+(?={REFERENCE}|\Z)")


def reference(text: str) -> str:
    """Every character of a text as its reference."""
    return "".join(f"&#{ord(character)};" for character in text)


def escape(pattern: re.Pattern[str], text: str) -> str:
    """A text with everything that the pattern finds written as references."""
    return pattern.sub(lambda match: reference(match[0]), text)


def escape_at(places: Iterable[int], text: str) -> str:
    """A text with the characters at some places written as references."""
    pieces, end = [], 0
    for place in sorted(places):
        pieces += [text[end:place], reference(text[place])]
        end = place + 1
    return "".join([*pieces, text[end:]])


def unescape(text: str) -> str:
    """A text as it was before it was escaped, wherever in a digest it stands."""
    return _REFERENCE.sub(lambda match: chr(int(match[0][2:-1])), text)


def escape_title(text: str, style: Style) -> str:
    """A title, for a heading as well as for the text of a link."""
    if not style.raw:
        return escape(_SPOILING_OR_LAST, escape(_IN_CLEAN_TITLE, text))
    places = {found.start() for found in _IN_TITLE.finditer(text)}
    if "[" in text or "]" in text:
        places.update(lone_brackets(text))
    return escape(
        _SPOILING_OR_LAST, escape_at({*places, *live(text, is_bare_tag, repeated=True)}, text)
    )


def escape_name(text: str, style: Style, *, by_badge: bool = False) -> str:
    """An author's name, for a list of names separated by `, `, which may have badges in it."""
    pattern = _IN_NAME_BY_BADGE if by_badge else _IN_NAME
    places = {found.start() for found in pattern.finditer(text)}
    # How the line goes on behind the name is not known here.
    places.update(
        found.start()
        for found in _TAG.finditer(text)
        if not style.raw or not is_bare_tag(text, found.start())
    )
    return escape(_SPOILING, escape_at(places, text))


def escape_picture_text(text: str) -> str:
    """The text that stands for a picture, wherever in a paragraph; it is not read back."""
    return escape(_IN_PICTURE, text)


def escape_url(text: str) -> str:
    """A link's address, for its text as well as for its destination."""
    return escape(_IN_URL, text)


def escape_anchor(text: str) -> str:
    """An anchor without white space, for the destination of a link with the same words as text."""
    places = {found.start() for found in _IN_ANCHOR.finditer(text)}
    if "](" in text or not have_partners(text):
        places.update(at for at, sign in enumerate(text) if sign in "()")
    if "`" in text and has_open_run(text):
        places.update(at for at, sign in enumerate(text) if sign == "`")
    return escape_at({*places, *live(text, is_bare_tag, repeated=True)}, text)
