"""The search: an index a month, made by pagefind, which a browser joins.

So a new day costs the indexing of its own month only. pagefind reads HTML files, one a paper, and
keeps with each what the list of results shows of it. It runs beside all other work.
"""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from markupsafe import Markup

from digest.editions import page_of
from digest.errors import SiteError
from digest.site.extra import needed
from digest.site.memory import Brief, Day, Known, fingerprint
from digest.site.months import short_name
from digest.site.text import possible
from digest.writer.files import remove_folder, replace_folder

#: The engine as a browser needs it; pagefind has user interfaces of its own, too.
_ENGINE = {"pagefind.js", "pagefind-worker.js", "pagefind-entry.json", "wasm.en.pagefind"}
_INDEX = {".pf_meta", ".pf_index", ".pf_fragment", ".pf_filter"}

_RECORD = Markup(
    '<!doctype html><html lang="en"><body>'
    '<h1 data-pagefind-weight="5" data-pagefind-meta="title">{title}</h1>'
    '<p data-pagefind-meta="by">{by}</p><p>{abstract}</p>'
    '<i data-pagefind-ignore data-pagefind-meta="page:{page}"></i>'
    '<i data-pagefind-ignore data-pagefind-meta="day:{day}"></i></body></html>'
)


class Search:
    """The search of all months in a folder; `before` is what was known of them last time."""

    def __init__(
        self, folder: Path, before: dict[str, Known], beside: ThreadPoolExecutor, made_with: str
    ) -> None:
        self._folder = folder
        self._before = before
        self._beside = beside
        self._made_with = made_with
        self._indexing: dict[str, tuple[str, Future[int]]] = {}
        self.months: dict[str, Known] = {}

    def begin(self, month: str, days: Sequence[Day]) -> None:
        """Have the papers of a month; what has to be indexed is, while other things are done."""
        if not any(day.papers for day in days):
            return
        mark = fingerprint(self._made_with, [(day.day, day.mark) for day in days])
        known = self._before.get(month)
        if known is not None and known == (mark, _size(self._folder / month)):
            self.months[month] = known
        else:
            index = self._beside.submit(_index, days, self._folder / month)
            self._indexing[month] = mark, index

    def finish(self) -> None:
        """Wait for it. Raises WriteError and SiteError.

        What is no month's is removed, such as what a process that was killed has left.
        """
        for month, (mark, index) in self._indexing.items():
            self.months[month] = Known(mark, index.result())
        found = self._folder.iterdir() if self._folder.is_dir() else ()
        for path in list(found):
            if path.is_dir() and path.name not in self.months:
                remove_folder(path)


def _index(days: Sequence[Day], folder: Path) -> int:
    """Index the papers of some days into a folder; returns its size."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".", dir=folder.parent) as place:
            replace_folder(folder, _indexed(days, Path(place)))
        return _size(folder)
    except OSError as error:
        raise SiteError(
            f"cannot make the search of the site: {folder}: {error.strerror or error}",
            hint="make room on the disk, or mend the folder's permissions",
        ) from error


def _indexed(days: Sequence[Day], place: Path) -> Path:
    """The folder of an index, made within another folder."""
    with needed():
        from pagefind_bin import get_executable
    source, index = place / "source", place / "index"
    source.mkdir()
    for day in days:
        for number, paper in enumerate(day.papers):
            record = _record(day, paper).encode("utf-8")
            (source / f"{day.day.isoformat()}-{number}.html").write_bytes(record)
    done = subprocess.run(  # noqa: S603 (the program of the package, on files of our own)
        (get_executable(), "--site", source, "--output-path", index, "--silent"),
        cwd=place,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        problem = done.stderr.decode("utf-8", "replace").strip() or f"exit code {done.returncode}"
        raise SiteError(f"cannot make the search of the site: pagefind: {problem}")
    for path in index.iterdir():
        if path.is_file() and path.name not in _ENGINE and path.suffix not in _INDEX:
            path.unlink()
    return index


def _record(day: Day, paper: Brief) -> str:
    return _RECORD.format(
        title=possible(paper.title),
        by=possible(", ".join(paper.authors)),
        abstract=possible(paper.abstract),
        page=f"{page_of(day.day)}#{paper.id}",
        day=short_name(day.day),
    )


def _size(folder: Path) -> int:
    """The size of all files in a folder, in bytes."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
