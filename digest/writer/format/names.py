r"""The authors of a paper as a line of Markdown, and back.

Names stand between `, `; a followed author's name is a badge, in the clean style with the name as
its text. As names come from strangers, they are escaped (see `escape`), and in
a line with a badge backquotes are, too: code would hide it. A line without badge is unchanged.
"""

from __future__ import annotations

from digest.model import Badge, Names, Style
from digest.writer.format.badges import BADGES, badge_of, markdown
from digest.writer.format.escape import escape_name, reference, unescape

_BETWEEN = ", "


def escape_names(names: Names, style: Style) -> str:
    """The authors as they stand in a digest file of a style."""
    has_badge = any(isinstance(name, Badge) for name in names)
    return _BETWEEN.join(
        # Of a badge only the text of the picture can have a comma.
        markdown(name, style).replace(",", reference(","))
        if isinstance(name, Badge)
        else escape_name(name, style, by_badge=has_badge)
        for name in names
    )


def read_names(line: str, style: Style) -> Names:
    """The inverse of `escape_names`."""
    return tuple(_name(part, style) for part in line.split(_BETWEEN)) if line else ()


def _name(part: str, style: Style) -> str | Badge:
    badge = BADGES[style].fullmatch(part)
    return badge_of(badge) if badge else unescape(part)
