"""Web pages made of digests by several Markdown readers, and what in them is alive.

The readers are told to let HTML through, as whoever builds a site may have told them.
"""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser

from cmarkgfm.cmark import Options, markdown_to_html_with_extensions
from html5lib.constants import (
    formattingElements,
    headingElements,
    mathmlTextIntegrationPointElements,
    specialElements,
    voidElements,
)
from markdown import Markdown
from markdown_it import MarkdownIt

#: What a digest's own words become; none of them does anything.
_TAGS = {
    *("h1", "h2", "p", "br", "a", "img", "blockquote", "em", "strong", "del", "s", "sub", "sup"),
    "pre",  # of a line set in that follows a table of GitHub's; it ends with its abstract
    *("ul", "ol", "li", "code", "table", "thead", "tbody", "tr", "th", "td"),
}
#: What browsers know, by html5lib, and what has come since.
ELEMENTS = {
    *(
        name
        for _, name in specialElements | formattingElements | mathmlTextIntegrationPointElements
    ),
    *headingElements,
    *voidElements,
    *("a", "abbr", "audio", "canvas", "cite", "code", "data", "del", "dfn", "dialog", "ins", "kbd"),
    *(
        "label",
        "map",
        "mark",
        "math",
        "meter",
        "output",
        "picture",
        "portal",
        "progress",
        "q",
        "rp",
    ),
    *("rt", "ruby", "samp", "search", "slot", "span", "sub", "sup", "svg", "time", "var", "video"),
    *("datalist", "image", "legend", "optgroup", "option", "bdi", "bdo", "rb", "rtc", "font"),
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
    # GitHub's own, without its links for bare addresses, which lead where they say.
    yield markdown_to_html_with_extensions(
        text, Options.CMARK_OPT_UNSAFE, ["table", "strikethrough", "tasklist"]
    )
    yield Markdown().convert(text)
    yield Markdown(extensions=["fenced_code", "footnotes", "tables", "toc"]).convert(text)


class Page(HTMLParser):
    """A page's elements; `alien` are those that no digest needs, with their attributes.

    An element that HTML does not know can do nothing as long as it has no attribute.
    """

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
        if tag in ELEMENTS - _TAGS:
            self.alien.append(tag)

    def handle_comment(self, data: str) -> None:
        self.alien.append(f"<!--{data}")

    def handle_decl(self, decl: str) -> None:
        self.alien.append(f"<!{decl}")

    def unknown_decl(self, data: str) -> None:
        self.alien.append(f"<![{data}")

    def handle_pi(self, data: str) -> None:
        self.alien.append(f"<?{data}")
