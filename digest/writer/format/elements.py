r"""What a `<` may open, and which of it is harmless.

A bare tag that is not an element of HTML can do nothing: `<Answer>` has no meaning and no
attribute. Nor can the address of a web page in brackets, `<https://example.org>`. Harmful, and so
escaped, is a `<` before

    an element of HTML     where a `>` stands anywhere behind it
    attributes             whatever else goes on to a `>`: Python-Markdown is laxer than CommonMark
    a comment or the like  `<!` and `<?`, whether it ends or not
    a mail address         `<name@example.org>`
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable

#: The elements of the HTML standard (https://html.spec.whatwg.org/#elements-3) with the obsolete
#: ones; `svg` and `math`, without which their own elements are none; `image`, which browsers read
#: as `img`; `group`, which opens a block in Python-Markdown.
_NAMES = """
a abbr acronym address applet area article aside audio b base basefont bdi bdo bgsound big blink
blockquote body br button canvas caption center cite code col colgroup command content data datalist
dd del details dfn dialog dir div dl dt element em embed fencedframe fieldset figcaption figure font
footer form frame frameset group h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe image img
input ins isindex kbd keygen label legend li link listing main map mark marquee math menu menuitem
meta meter multicol nav nextid nobr noembed noframes noscript object ol optgroup option output p
param permission picture plaintext portal pre progress q rb rbc rp rt rtc ruby s samp script search
section select selectedcontent shadow slot small source spacer span strike strong style sub summary
sup svg table tbody td template textarea tfoot th thead time title tr track tt u ul var video wbr
xmp
"""
_ELEMENT_NAME = "|".join(_NAMES.split())

_ELEMENT = re.compile(rf"</?(?:{_ELEMENT_NAME})(?:[\s/>]|\Z)", re.IGNORECASE)
_BARE_TAG = re.compile(rf"</?(?!(?:{_ELEMENT_NAME})[/>])[a-z][a-z0-9_.-]*+/?>", re.IGNORECASE)
_WEB_ADDRESS = re.compile(r"<https?://[^\s<>]++>", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z]")
_SIGN = re.compile("[<>@= ]")
_NOWHERE = sys.maxsize
_TO_LINE_END = re.compile(r"[ \t]*+(?:\n|\Z)")


def is_bare_tag(text: str, at: int) -> bool:
    """Whether the `<` at a place begins a tag without attributes that HTML does not know."""
    return _BARE_TAG.match(text, at) is not None


def is_alone(text: str, at: int) -> bool:
    """Whether the bare tag at a place has nothing behind it in its line, and so opens a block."""
    tag = _BARE_TAG.match(text, at)
    return tag is not None and _TO_LINE_END.match(text, tag.end()) is not None


def is_harmless(text: str, at: int) -> bool:
    """Whether the `<` at a place begins a bare tag or the address of a web page."""
    return is_bare_tag(text, at) or _WEB_ADDRESS.match(text, at) is not None


def never(text: str, at: int) -> bool:  # noqa: ARG001
    """No `<` is harmless, where all of a text is to be seen."""
    return False


def live(text: str, harmless: Callable[[str, int], bool], *, repeated: bool = False) -> list[int]:
    """The places of the `<` that a reader may take for the beginning of something.

    Those that are `harmless` are left out. A `repeated` text stands twice in its line, so that each
    `<` has all of the text behind it. From the end to the beginning, since a `<` that is escaped
    does not stop what begins before it.
    """
    found = []
    after = text.find(">")
    nearest = dict.fromkeys("<>@= ", _NOWHERE)
    if repeated and after >= 0:
        nearest[">"] = len(text) + after
    for sign in reversed(list(_SIGN.finditer(text))):
        at = sign.start()
        if sign[0] == "<":
            if harmless(text, at):
                # Python-Markdown has taken an address out before it looks for others around it.
                at = nearest["<"] if _WEB_ADDRESS.match(text, at) else at
            elif _may_open(text, at, nearest):
                found.append(at)
                continue
        nearest[sign[0]] = at
    return found


def _may_open(text: str, at: int, nearest: dict[str, int]) -> bool:
    """Whether the `<` at a place may open something, by the nearest places of signs behind it."""
    if text.startswith(("!", "?"), at + 1):
        return True
    closing, stopping = nearest[">"], nearest["<"]
    if closing == _NOWHERE:
        return False
    if _ELEMENT.match(text, at):
        return True
    if _TAG.match(text, at):
        # The value of an attribute may have a `<` in it.
        return closing < stopping or nearest["="] < stopping
    return nearest["@"] < nearest[" "]
