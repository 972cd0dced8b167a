"""The search: an index a month, made by pagefind, which a browser joins.

So a new day costs the indexing of its own month only. pagefind reads HTML files, one a paper, and
keeps with each what the list of results shows of it. It runs beside all other work.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from markupsafe import Markup

from digest.files import remove_folder, replace_folder
from digest.model.errors import SiteError
from digest.outlets.site.extra import needed
from digest.outlets.site.memory import Brief, Day, Known, fingerprint
from digest.outlets.site.months import short_name
from digest.outlets.site.text import possible
from digest.writer.editions import page_of

#: The engine as a browser needs it; pagefind has user interfaces of its own, too.
_ENGINE = {"pagefind.js", "pagefind-worker.js", "pagefind-entry.json", "wasm.en.pagefind"}
_PARTS = {".pf_meta", ".pf_index", ".pf_fragment", ".pf_filter"}

#: The folders in which it reads records and writes an index.
_SOURCE, _INDEX = "source", "index"

_RECORD = Markup(
    '<!doctype html><html lang="en"><body>'
    '<h1 data-pagefind-weight="5" data-pagefind-meta="title">{title}</h1>'
    '<p data-pagefind-meta="by">{by}</p><p>{abstract}</p>'
    '<i data-pagefind-ignore data-pagefind-meta="page:{page}"></i>'
    '<i data-pagefind-ignore data-pagefind-meta="day:{day}"></i></body></html>'
)


class Search:
    """The search of all months in a folder; `before` is what was known of them last time.

    On leaving it, what has not begun is not waited for, and what is not finished is removed.
    """

    def __init__(self, folder: Path, before: dict[str, Known], made_with: str) -> None:
        self._folder = folder
        self._before = before
        self._made_with = made_with
        self._beside = ThreadPoolExecutor(1)
        self._indexing: dict[str, tuple[str, Future[None]]] = {}
        self.months: dict[str, Known] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._beside.shutdown(cancel_futures=True)
        for place in list(self._folder.glob(".*")):
            remove_folder(place)

    def begin(self, month: str, days: Sequence[Day]) -> None:
        """Have the papers of a month; what has to be indexed is, while other things are done.

        Raises WriteError and SiteError.
        """
        if not any(day.papers for day in days):
            return
        mark = fingerprint(self._made_with, [(day.day, day.mark) for day in days])
        known = self._before.get(month)
        if known is not None and known == (mark, _size(self._folder / month)):
            self.months[month] = known
            return
        for other in [name for name, (_, index) in self._indexing.items() if index.done()]:
            self._take(other)
        # Files are written and removed here: a thread beside would wait at each of thousands for
        # its turn in the interpreter.
        remove_folder(self._place(month))
        with _site_errors(self._folder):
            _write_records(days, self._place(month) / _SOURCE)
        self._indexing[month] = mark, self._beside.submit(_run_pagefind, self._place(month))

    def finish(self) -> None:
        """Wait for it. Raises WriteError and SiteError.

        What is no month's is removed, such as what a process that was killed has left.
        """
        for month in list(self._indexing):
            self._take(month)
        found = self._folder.iterdir() if self._folder.is_dir() else ()
        for path in list(found):
            if path.is_dir() and path.name not in self.months:
                remove_folder(path)

    def _take(self, month: str) -> None:
        """Put the index of a month where it belongs."""
        mark, index = self._indexing[month]
        index.result()
        made = self._place(month) / _INDEX
        with _site_errors(self._folder):
            for path in made.iterdir():
                if path.is_file() and path.name not in _ENGINE and path.suffix not in _PARTS:
                    path.unlink()
            self.months[month] = Known(mark, _size(made))
        replace_folder(self._folder / month, made)
        remove_folder(self._place(month))
        del self._indexing[month]

    def _place(self, month: str) -> Path:
        """Where the index of a month is made."""
        return self._folder / f".{month}"


@contextmanager
def _site_errors(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise SiteError(
            f"cannot make the search of the site: {folder}: {error.strerror or error}",
            hint="make room on the disk, or mend the folder's permissions",
        ) from error


def _write_records(days: Sequence[Day], source: Path) -> None:
    source.mkdir(parents=True)
    for day in days:
        for number, paper in enumerate(day.papers):
            record = _record(day, paper).encode("utf-8")
            (source / f"{day.day.isoformat()}-{number}.html").write_bytes(record)


def _run_pagefind(place: Path) -> None:
    """Index the records in a folder into another one beside it."""
    with needed():
        from pagefind_bin import get_executable
    with _site_errors(place):
        done = subprocess.run(  # noqa: S603 (the program of the package, on files of our own)
            (get_executable(), "--site", _SOURCE, "--output-path", _INDEX, "--silent"),
            cwd=place,
            capture_output=True,
            check=False,
        )
    if done.returncode:
        problem = done.stderr.decode("utf-8", "replace").strip() or f"exit code {done.returncode}"
        raise SiteError(f"cannot make the search of the site: pagefind: {problem}")


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
    return sum(
        os.stat(f"{place}/{name}").st_size  # noqa: PTH116 (there are thousands)
        for place, _, names in os.walk(folder)
        for name in names
    )
