"""The pages as files: rendered by Jinja2 with escaping on, written where they differ."""

from __future__ import annotations

from pathlib import Path

import jinja2

from digest.site.memory import Pages, fingerprint
from digest.writer.files import remove_leftovers, replace

_HERE = Path(__file__).parent
_STATIC = _HERE / "static"


def program() -> str:
    """Names what pages are made with: equal for equal code, templates and static files."""
    files = sorted(
        path for path in _HERE.rglob("*") if path.suffix in {".py", ".j2", ".css", ".js"}
    )
    return fingerprint(*(path.read_bytes() for path in files))


class Site:
    """The files of the site in a folder; `before` is what was known of them last time.

    Raises WriteError. What is not wanted any more is removed at the end.
    """

    def __init__(self, folder: Path, before: Pages, url: str) -> None:
        self._folder = folder
        self._before = before.files
        self._url = url
        self._program = program()
        self._environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(_HERE / "templates"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.files: dict[str, tuple[str, int]] = {}
        self.written = 0

    def has(self, name: str, mark: str) -> bool:
        """Whether a file was made of the same before and is still there; it is kept then."""
        known = self._before.get(name)
        if known is None or known[0] != mark or self._size(name) != known[1]:
            return False
        self.files[name] = known
        return True

    def page(self, name: str, template: str, title: str, mark: str = "", /, **view: object) -> None:
        """Make a page from a template, unless it was made of an equal view before.

        With a `mark`, which names all that the view depends on, it is made in any case.
        """
        if not mark:
            mark = fingerprint(self._program, self._url, template, title, view)
            if self.has(name, mark):
                return
        text = self._environment.get_template(f"{template}.html.j2").render(
            view,
            title=title,
            here=name,
            root="../" * name.count("/"),
            address=self._url and f"{self._url.rstrip('/')}/{name}",
        )
        self.file(name, text.encode("utf-8"), mark)

    def file(self, name: str, data: bytes, mark: str = "") -> None:
        """Have a file with these bytes."""
        self.written += replace(self._folder / name, data, lasting=False)
        self.files[name] = (mark, len(data))

    def keep(self, folder: str) -> None:
        """Have the files of a folder as they were."""
        inside = f"{folder}/"
        self.files |= {
            name: known for name, known in self._before.items() if name.startswith(inside)
        }

    def whole(self, folder: str) -> bool:
        """Whether a folder has the files that it had, as far as their sizes tell."""
        inside = f"{folder}/"
        known = [item for item in self._before.items() if item[0].startswith(inside)]
        return bool(known) and all(self._size(name) == size for name, (_, size) in known)

    def static(self, colors: str) -> None:
        """Have the style, the scripts and the colours of words."""
        for path in sorted(_STATIC.iterdir()):
            self.file(path.name, path.read_bytes())
        self.file("colors.css", colors.encode())

    def remove_others(self) -> int:
        """Remove what was there before and is wanted no more; returns how many files."""
        others = sorted(set(self._before) - set(self.files))
        for name in others:
            (self._folder / name).unlink(missing_ok=True)
        for folder in {self._folder, *((self._folder / name).parent for name in self.files)}:
            remove_leftovers(folder)
        return len(others)

    def _size(self, name: str) -> int | None:
        try:
            return (self._folder / name).stat().st_size
        except OSError:
            return None
