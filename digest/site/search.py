"""The search: an index a month, made by pagefind, which a browser joins.

So a new day costs the indexing of its own month only. pagefind reads HTML files, one a paper, and
keeps with each what the list of results shows of it.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from markupsafe import Markup

from digest.errors import DigestError
from digest.site.addresses import day_page
from digest.site.extra import needed
from digest.site.memory import Brief, Day
from digest.site.months import short_name
from digest.site.text import possible

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


def month_index(days: Sequence[Day]) -> Iterator[tuple[str, bytes]]:
    """The files of the index of some days: names, with `/`, and bytes.

    Raises UsageError if pagefind is not installed, and DigestError if it fails.
    """
    with needed():
        from pagefind_bin import get_executable
    with TemporaryDirectory(prefix="arxiv-digest-") as folder:
        source, index = Path(folder, "source"), Path(folder, "index")
        source.mkdir()
        for day in days:
            for number, paper in enumerate(day.papers):
                record = _record(day, paper).encode("utf-8")
                (source / f"{day.day.isoformat()}-{number}.html").write_bytes(record)
        done = subprocess.run(  # noqa: S603 (the program of the package, on files of our own)
            (get_executable(), "--site", source, "--output-path", index, "--silent"),
            cwd=folder,
            capture_output=True,
            check=False,
        )
        if done.returncode:
            problem = done.stderr.decode("utf-8", "replace").strip() or f"{done.returncode}"
            raise DigestError(f"cannot make the search of the site: pagefind: {problem}")
        for path in sorted(index.rglob("*")):
            if path.name in _ENGINE or path.suffix in _INDEX:
                yield path.relative_to(index).as_posix(), path.read_bytes()


def _record(day: Day, paper: Brief) -> str:
    return _RECORD.format(
        title=possible(paper.title),
        by=possible(", ".join(paper.authors)),
        abstract=possible(paper.abstract),
        page=f"{day_page(day.day)}#{paper.id}",
        day=short_name(day.day),
    )
