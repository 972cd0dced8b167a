"""Web pages made of digests by several Markdown readers, and what in them is alive.

The readers are told to let HTML through, as whoever builds a site may have told them.
"""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser

from markdown import Markdown
from markdown_it import MarkdownIt

#: What a digest's own words become; none of them does anything.
_TAGS = {
    *("h1", "h2", "p", "br", "a", "img", "blockquote", "em", "strong", "del", "s", "sub", "sup"),
    *("ul", "ol", "li", "code", "table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES = {
    "a": {"href", "id", "title"},
    "img": {"src", "alt"},
    "ol": {"start"},
    "td": {"style"},
}
_ALIGNED = {"text-align:left", "text-align:center", "text-align:right"}

_COMMONMARK = MarkdownIt("commonmark", {"html": True})
_TABLES = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def pages(text: str) -> Iterator[str]:
    """A digest as HTML, by each reader."""
    yield _COMMONMARK.render(text)
    yield _TABLES.render(text)
    yield Markdown().convert(text)
    yield Markdown(extensions=["fenced_code", "footnotes", "tables", "toc"]).convert(text)


class Page(HTMLParser):
    """A page's elements; `alien` are those that no digest needs, with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.alien: list[str] = []
        self.links: list[str] = []
        self.pictures: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        allowed = _ATTRIBUTES.get(tag, set())
        for name, value in attrs:
            if tag in ("h1", "h2") and name == "id":  # by the `toc` of Python-Markdown
                continue
            if name not in allowed or (name == "style" and value not in _ALIGNED):
                self.alien.append(f"{tag} {name}={value!r}")
            if name == "href":
                self.links.append(value or "")
            if name == "src":
                self.pictures.append(value or "")
        if tag not in _TAGS:
            self.alien.append(tag)

    def handle_comment(self, data: str) -> None:
        self.alien.append(f"<!--{data}")

    def handle_decl(self, decl: str) -> None:
        self.alien.append(f"<!{decl}")

    def unknown_decl(self, data: str) -> None:
        self.alien.append(f"<![{data}")

    def handle_pi(self, data: str) -> None:
        self.alien.append(f"<?{data}")
