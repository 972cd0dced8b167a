"""Digests as older makes wrote them, for tests of the import."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from textwrap import wrap

from places import TEMPLATE

from digest.model import SOURCE, Badge, Digest, Entry, Paper
from digest.writer.format.badges import BADGES, badge_of
from digest.writer.format.render import Renderer

RENDERER = Renderer(TEMPLATE)

Variant = Callable[[str], str]


def no_contents(text: str) -> str:
    """Without a table of contents."""
    return re.sub(r"# Table of Contents\n(\* .*\n)*\n\n", "", text)


def angled_links(text: str) -> str:
    """`> url`."""
    return re.sub(r"^> \[(.*)\]\(\1\)$", r"> \1", text, flags=re.MULTILINE)


def bare_links(text: str) -> str:
    """The address alone."""
    return re.sub(r"^> \[(.*)\]\(\1\)$", r"\1", text, flags=re.MULTILINE)


def plain_badges(text: str) -> str:
    """Words in badges as they are."""
    return BADGES[SOURCE].sub(
        lambda badge: badge[0].replace(f"{badge[1]}-", f"{badge_of(badge).text}-"), text
    )


def wrapped(text: str) -> str:
    """Abstracts of short lines; other lines stay."""
    return "\n".join(
        line if line.startswith(("#", "*", ">", "http")) else _wrapped(line)
        for line in text.split("\n")
    )


def windows_lines(text: str) -> str:
    """Lines that end in CR LF."""
    return text.replace("\n", "\r\n")


def many_blank_lines(text: str) -> str:
    """Two blank lines for each one, also at the end."""
    return text.replace("\n\n", "\n\n\n")


def no_last_line(text: str) -> str:
    """Nothing behind the last word."""
    return text.rstrip()


#: In an order in which any of them can be applied one after the other.
VARIANTS: tuple[Variant, ...] = (
    no_contents,
    angled_links,
    bare_links,
    plain_badges,
    wrapped,
    many_blank_lines,
    no_last_line,
    windows_lines,
)


def _wrapped(line: str) -> str:
    indent = "  " if line.startswith("  ") else ""
    lines = wrap(
        line.strip(), 40, initial_indent=indent, break_long_words=False, break_on_hyphens=False
    )
    return "\n".join(lines)


def entry(base: str, published: date, *, title: str = "A title", version: int = 1) -> Entry:
    """An invented paper with a badge of each colour."""
    return Entry(
        title,
        ("Ada Ash", "Bo Birch"),
        published,
        f"http://arxiv.org/abs/{base}v{version}",
        (
            "We present ",
            Badge("sparse", "F08080"),
            f" attention for ({base}) long contexts.\n  In this part, ",
            Badge("LLM", "FF8C00"),
            "s are ",
            Badge("low-bit", "F08080"),
            " and as fast as before.",
        ),
    )


def entry_of(paper: Paper) -> Entry:
    """A paper of a corpus as a digest shows it."""
    title = " ".join(paper.title.replace(":", "").split())
    return Entry(title, paper.authors, paper.published.date(), paper.url, (paper.abstract,))


def older_file(day: date, *entries: Entry) -> bytes:
    """A digest of a day with all that older makes did differently."""
    text = RENDERER.render(Digest(day, entries)).decode()
    for variant in VARIANTS:
        text = variant(text)
    return text.encode()
