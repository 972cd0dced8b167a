r"""The one escape of the digest format, and what it is used for in single-line texts.

A character that would be taken for something else is written as its decimal character reference,
`&#35;` for `#`: Markdown shows the character and never takes it for a mark. Everything else stays
as it came. Escaped are

    everywhere  control characters, tabs, line and paragraph separators; a space at either end;
                `&` where it begins what reads like one of these references; `\` before a
                reference, which it would spoil
    titles      `[` `]` and a backquote, which could end the link in the table of contents; `<`
                where it may open a tag or a link; `#` at the end, which would be taken for
                decoration; `\` at the end
    names       a comma before a space, which would separate two names; `<` as in titles; `(` of
                a link; a backquote in a line with badges, which could hide one
    pictures    whatever Markdown or HTML takes for a mark anywhere
    links       spaces, brackets, `<`, `>`, a backquote and `\`
    anchors     `\`, `[`, `]`, `<` and a backquote; `(` and `)` unless every one has its partner
    abstracts   see `digest.writer.format.abstract`

So reading back is one rule: a reference stands for its character. Only characters that may have
been escaped are read so; `&#39;` and `&amp;` stay what they are.
"""

from __future__ import annotations

import re

_CONTROLS = "\0-\x1f\x7f-\x9f\u2028\u2029"
_MARKS = " !#&()*+,-.0123456789<=>[\\]_`~"
_ESCAPABLE = [*map(chr, range(32)), *map(chr, range(0x7F, 0xA0)), "\u2028", "\u2029", *_MARKS]

#: A reference that the writer may have written.
REFERENCE = rf"&#(?:{'|'.join(str(ord(character)) for character in _ESCAPABLE)});"

#: What is escaped everywhere; line ends too, so abstracts have a rule of their own for them.
ANYWHERE = rf"[{_CONTROLS}]|&(?={REFERENCE[1:]})"

_ENDS = r"\A | \Z"
_OPENING = r"<(?=[^ 0-9=]|[^ ]+@)"
_IN_TITLE = re.compile(rf"{ANYWHERE}|{_ENDS}|{_OPENING}|[\[\]`]|(?:(?<= )|\A)#(?=#*\Z)")
_IN_NAME = re.compile(rf"{ANYWHERE}|{_ENDS}|{_OPENING}|,(?= )|(?<=\])\(")
_IN_NAME_BY_BADGE = re.compile(rf"{_IN_NAME.pattern}|`")
_IN_URL = re.compile(rf"{ANYWHERE}|[ ()\[\]<>`\\]")
_IN_PICTURE = re.compile(rf"{ANYWHERE}|[!\"$&'*<>\[\\\]_`|~]")
_IN_ANCHOR = re.compile(rf"{ANYWHERE}|[\\\[\]<`]")
_IN_LAME_ANCHOR = re.compile(rf"{ANYWHERE}|[\\\[\]<`()]")
_REFERENCE = re.compile(REFERENCE)
_SPOILING = re.compile(rf"(?<!\\)\\+(?={REFERENCE})")
_SPOILING_OR_LAST = re.compile(rf"(?<!\\)\\+(?={REFERENCE}|\Z)")


def reference(text: str) -> str:
    """Every character of a text as its reference."""
    return "".join(f"&#{ord(character)};" for character in text)


def escape(pattern: re.Pattern[str], text: str) -> str:
    """A text with everything that the pattern finds written as references."""
    return pattern.sub(lambda match: reference(match[0]), text)


def unescape(text: str) -> str:
    """A text as it was before it was escaped, wherever in a digest it stands."""
    return _REFERENCE.sub(lambda match: chr(int(match[0][2:-1])), text)


def escape_title(text: str) -> str:
    """A title, for a heading as well as for the text of a link."""
    return escape(_SPOILING_OR_LAST, escape(_IN_TITLE, text))


def escape_name(text: str, *, by_badge: bool = False) -> str:
    """An author's name, for a list of names separated by `, `, which may have badges in it."""
    return escape(_SPOILING, escape(_IN_NAME_BY_BADGE if by_badge else _IN_NAME, text))


def escape_picture_text(text: str) -> str:
    """The text that stands for a picture, wherever in a paragraph; it is not read back."""
    return escape(_IN_PICTURE, text)


def escape_url(text: str) -> str:
    """A link's address, for its text as well as for its destination."""
    return escape(_IN_URL, text)


def escape_anchor(text: str) -> str:
    """An anchor without white space, for the destination of a link."""
    return escape(_IN_ANCHOR if _has_partners(text) else _IN_LAME_ANCHOR, text)


def _has_partners(text: str) -> bool:
    """Whether Markdown takes all parentheses of a link's destination for a part of it."""
    depth = 0
    for character in text:
        depth += (character == "(") - (character == ")")
        if depth < 0:
            return False
    return depth == 0
