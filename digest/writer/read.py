"""A digest file back into its digest: the inverse of rendering."""

from __future__ import annotations

from digest.model import Digest, Entry
from digest.writer.abstract import read_abstract
from digest.writer.escape import unescape
from digest.writer.lines import AUTHORS, DAY, HEADING, PUBLISHED, Lines


def read_back(data: bytes, name: str = "") -> Digest:
    """The digest that a file holds, badges as they stand; `name` is what messages call the file.

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
    entries = []
    while not lines.at_end():
        entries.append(_entry(lines))
    return Digest(day, tuple(entries))


def _entry(lines: Lines) -> Entry:
    """A paper's section, from its second blank line to the blank line after the abstract."""
    lines.blank()
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
        authors=tuple(map(unescape, authors.split(", "))) if authors else (),
        published=published,
        url=unescape(url),
        abstract=read_abstract(abstract),
    )
