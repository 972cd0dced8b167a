"""The pages as files: rendered by Jinja2 with escaping on, written where they differ."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import jinja2

from digest.files import remove, remove_leftovers, replace
from digest.outlets.site.memory import Known, fingerprint
from digest.outlets.site.views import Link

_HERE = Path(__file__).parent
_STATIC = _HERE / "static"

#: The scripts that run once a page is there, in this order; each uses those before it.
_SCRIPTS = ("marks", "cite", "triage", "lists", "search")

#: What a template is given; made only where a page has to be.
View = Callable[[], Mapping[str, object]]


def program() -> str:
    """Names what pages are made with: equal for equal code, templates and static files."""
    files = sorted(
        path for path in _HERE.rglob("*") if path.suffix in {".py", ".j2", ".css", ".js"}
    )
    return fingerprint(*(path.read_bytes() for path in files))


class Site:
    """The files of the site in a folder; `before` is what was known of them last time.

    Every page names the `feeds`. What is not wanted any more is removed at the end. Raises
    WriteError.
    """

    def __init__(
        self,
        folder: Path,
        before: Mapping[str, Known],
        url: str,
        made_with: str,
        feeds: Sequence[Link] = (),
    ) -> None:
        self.folder = folder
        self._before = before
        self._url = url
        self._made_with = made_with
        self._feeds = feeds
        self._environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(_HERE / "templates"),
            auto_reload=False,
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.files: dict[str, Known] = {}
        self.written = 0

    def page(self, name: str, template: str, title: str, of: object, view: View) -> None:
        """Have a page; it is made if it was not made of the same before.

        `of` tells all that the view is made of, but for what all pages are made with.
        """
        mark = fingerprint(self._made_with, title, of)
        if not self.has(name, mark):
            self.make(name, template, title, mark, view())

    def has(self, name: str, mark: str) -> bool:
        """Whether a file was made of the same before and is still there; it is kept then."""
        known = self._before.get(name)
        if known is None or known.mark != mark or self._size(name) != known.size:
            return False
        self.files[name] = known
        return True

    def make(
        self, name: str, template: str, title: str, mark: str, view: Mapping[str, object]
    ) -> None:
        """Make a page; `mark` names all that it is made of."""
        text = self._environment.get_template(f"{template}.html.j2").render(
            view,
            title=title,
            here=name,
            root="../" * name.count("/"),
            feeds=self._feeds,
            address=self._url and f"{self._url.rstrip('/')}/{name}",
        )
        self.file(name, text.encode("utf-8"), mark)

    def file(self, name: str, data: bytes, mark: str = "") -> None:
        """Have a file with these bytes."""
        self.written += replace(self.folder / name, data, lasting=False)
        self.files[name] = Known(mark, len(data))

    def static(self, colors: str) -> None:
        """Have the style with the colours of words, and the scripts: few files, quickly there."""
        self.file("icon.svg", (_STATIC / "icon.svg").read_bytes())
        self.file("theme.js", (_STATIC / "theme.js").read_bytes())
        self.file("style.css", (_STATIC / "style.css").read_bytes() + colors.encode())
        scripts = [(_STATIC / f"{name}.js").read_bytes() for name in _SCRIPTS]
        self.file("site.js", b"".join(scripts))

    def remove_others(self) -> int:
        """Remove what was there before and is wanted no more; returns how many files."""
        others = sorted(set(self._before) - set(self.files))
        for name in others:
            remove(self.folder / name)
        for inside in {name.rpartition("/")[0] for name in self.files}:
            remove_leftovers(self.folder / inside)
        return len(others)

    def _size(self, name: str) -> int | None:
        try:
            return os.stat(f"{self.folder}/{name}").st_size  # noqa: PTH116 (there are thousands)
        except OSError:
            return None
