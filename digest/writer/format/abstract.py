r"""An abstract as Markdown with badges, and back.

An abstract is arXiv's text, and stays so: lists, formulas, emphasis and code are not touched. But
it comes from strangers, and so can make no link, no picture and no HTML in any page that is made
of a digest. Written as references (see `digest.writer.format.escape`) are only

    blank lines     a line end before another one: a blank line would end the abstract
    line starts     the first character of what opens, at the start of a line or of a list item,
                    a heading (`#`, or a line of `=` or `-`), a quotation (`>`), a code block
                    (three backquotes or `~`, or five spaces after a list's mark), a break
                    (`***`), HTML (`<`) or the definition of a link (`[…]:`); an empty list item
    inside lines    `<` of a tag, a comment or an address; `(` behind `]`, of links and pictures;
                    `[` of what reads like a badge; backquotes of code around a badge, which would
                    hide it, or around one of these signs, as readers disagree on what is code;
                    `\` before a badge, which would make it a link

While this is decided, a NUL stands for each badge; as a control character it is in no text.
"""

from __future__ import annotations

import re

from digest.model import Badge, Marked, Style
from digest.writer.format.badges import BADGES, LOOKALIKE, badge_of, markdown
from digest.writer.format.escape import ANYWHERE, REFERENCE, escape, reference, unescape

# `<` of a comment or an instruction, whether it ends or not.
_DECLARATION = r"<(?=[!?])"

# Also of whatever any reader takes for a tag or a link: Python-Markdown is laxer than CommonMark.
# How it goes on does not matter: a `<` behind it may be escaped, too, and then stands in its way no
# longer.
_OPENING = r"<(?=[!?/A-Za-z])"

# Also of a mail address.
_MAIL = r"<(?=[^ ])"

# What begins a list item.
_MARK = r"(?:[-+*]|[0-9]{1,9}[.)])"

_TEXT = {
    style: re.compile(rf"(?!\n)(?:{ANYWHERE})|{lookalike}")
    for style, lookalike in LOOKALIKE.items()
}
_BLANK = re.compile(r"\A[ \n]|\n(?= *\n)|[ \n]\Z")
_LINE_START = re.compile(
    rf"""
    ^(?P<before> (?: [ ]* {_MARK} [ ]{{1,4}} (?![ ]) )* [ ]* )
    (?P<mark>
        [\#>]
      | = (?= =* [ ]* $)
      | - (?= -+ [ ]* $)
      | (?P<rule>[-*_]) (?= (?: [ ]* (?P=rule) ){{2,}} [ ]* $)
      | ` (?= ``)
      | ~ (?= ~~)
      | < (?= [A-Za-z/!?])
      | \[ (?= (?: [^\[\]\\] | \\[\s\S] ){{0,999}} \]: | [^\[\]]* \]: )
      | [-+*] (?= [ ]*$ | [ ]{{5}})
      | [0-9] (?= [0-9]{{0,8}} [.)] (?: [ ]*$ | [ ]{{5}}))
    )""",
    re.VERBOSE | re.MULTILINE,
)

_INLINE = {
    opening: re.compile(
        rf"""
      \\ [!-/:;=-@\[-`{{-~]                            # escaped by Markdown's own means, but `<`
    | (?P<code>`+) (?!`) (?: (?! \n[ ]*{_MARK}[ ] | {opening} | \]\( ) [^\0] )*?
        (?<!`) (?P=code) (?!`)
    | (?P<escaped>
        {opening}
      | (?P<open>`+) (?!`) (?= .* (?<!`) (?P=open) (?!`) )
      | (?<=\]) \(
      )
    | `+                                              # never closed, so nothing but text
    """,
        re.VERBOSE | re.DOTALL,
    )
    for opening in (_DECLARATION, _OPENING, _MAIL)
}
_SPOILING = re.compile(rf"(?<!\\)\\+(?=\0|{REFERENCE})")

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
        pattern = _TEXT[style]
        text = "".join(
            "\0" if isinstance(piece, Badge) else escape(pattern, piece) for piece in abstract
        )
    if "\n" in text or text != text.strip(" "):
        text = escape(_BLANK, text)
    text = _LINE_START.sub(lambda match: match["before"] + reference(match["mark"]), text)
    if _MAY_OPEN.search(text):
        text = _INLINE[_opening(text)].sub(
            lambda match: reference(match["escaped"] or "") or match[0], text
        )
    if _MAY_SPOIL.search(text):
        text = escape(_SPOILING, text)
    first, *others = text.split("\0")
    return first + "".join(badge + text for badge, text in zip(badges, others, strict=True))


def _opening(text: str) -> str:
    """Which `<` are escaped in a text: most are harmless where no `>` follows."""
    opening = _MAIL if "@" in text else _OPENING
    first = re.search(opening, text)
    return opening if first and first.start() < text.rfind(">") else _DECLARATION


def read_abstract(markdown_text: str, style: Style) -> Marked:
    """The inverse of `escape_abstract`; reads badges of older makes too."""
    pieces: list[str | Badge] = []
    end = 0
    for match in BADGES[style].finditer(markdown_text):
        pieces += [unescape(markdown_text[end : match.start()]), badge_of(match)]
        end = match.end()
    pieces.append(unescape(markdown_text[end:]))
    return tuple(piece for piece in pieces if piece)
