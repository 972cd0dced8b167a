"""A digest file back into its digest: the inverse of rendering."""

from __future__ import annotations

from digest.model import SOURCE, STYLES, Digest, Entry, Style
from digest.writer.format.abstract import read_abstract
from digest.writer.format.escape import unescape
from digest.writer.format.lines import AUTHORS, DAY, HEADING, PUBLISHED, TARGET, Lines
from digest.writer.format.names import read_names


def read_back(data: bytes, name: str = "") -> Digest:
    """The digest that a file holds, badges as they stand; `name` is what messages call the file.

    The first paper tells the style: in the clean one, a place to link to stands before its heading.
    The layout is that of the shipped template. What can be read without doubt is read, so a file
    may differ in details from what rendering its digest gives; `check` tells. Raises FormatError.
    """
    return read_digest(Lines(data, name))


def read_digest(lines: Lines) -> Digest:
    """The digest that these lines hold. Raises FormatError."""
    day = lines.date(DAY, "the day, such as '# 2025-11-28'")
    lines.blank()
    lines.contents()
    lines.blank()
    entries: list[Entry] = []
    style = SOURCE
    while not lines.at_end():
        lines.blank()
        if not entries:
            style = next(each for each in STYLES.values() if each.targets == lines.at_target())
        entries.append(_entry(lines, style))
    return Digest(day, tuple(entries), style)


def _entry(lines: Lines, style: Style) -> Entry:
    """A paper's section, from its first line to the blank line after the abstract."""
    if style.targets:
        lines.take(TARGET, "where a link arrives, such as '<a id=\"2511.21669\"></a>'")
    title = lines.take(HEADING, "a paper's heading, '## title'")
    lines.blank()
    authors = lines.take(AUTHORS, "'>Authors: ' and the names")
    lines.blank()
    published = lines.date(PUBLISHED, "the day of the first version, such as '>2025-11-26'")
    lines.blank()
    url = lines.link()
    lines.blank()
    abstract = lines.abstract()
    lines.blank()
    return Entry(
        title=unescape(title),
        authors=read_names(authors, style),
        published=published,
        url=unescape(url),
        abstract=read_abstract(abstract, style),
    )
