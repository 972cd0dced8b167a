"""What a reader has marked: stars, read papers, papers that are not wanted, notes. Pure.

The file `marks.json` of a workspace and what pages export have one format (docs/pages.md):

    {"version": 1, "papers": {"2511.01234": {
        "star": {"value": true, "at": "2026-03-02T08:00:00.000Z"},
        "note": {"value": "compare with ours", "at": "2026-03-02T08:01:00.000Z"},
        "day": "2026-03-02", "about": {"title": "…", "authors": ["…"], "published": "2026-02-28"}}}}

A mark that was taken back stays, with the value false or "", so that files can be merged: of each
mark the later one counts. Exports of older versions are read, too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from digest.model import PaperId

VERSION = 1

#: The marks that are yes or no.
FLAGS = ("star", "read", "dislike")
NAMES = (*FLAGS, "note")

#: The longest note, in characters.
LONGEST_NOTE = 10_000
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z", re.ASCII)
_LONG_AGO = "1970-01-01T00:00:00.000Z"


class MarksError(ValueError):
    """A file that does not hold marks, with the place and the problem."""


class Mark(NamedTuple):
    """A value and when it was given: ISO 8601 in UTC, `2026-03-02T08:00:00.000Z`."""

    at: str
    value: bool | str


@dataclass(frozen=True, slots=True)
class PaperMarks:
    """The marks of a paper by their names. `day` is its digest; `about` serves exports.

    `about` has the title, the authors and the like of a paper with a star or a note.
    """

    marks: Mapping[str, Mark] = field(default_factory=dict)
    day: str = ""
    about: Mapping[str, Any] = field(default_factory=dict)

    def has(self, name: str) -> bool:
        """Whether the paper has a mark that was not taken back."""
        mark = self.marks.get(name)
        return bool(mark and mark.value)


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of all papers by their base ids, and what stood there that is no arXiv id."""

    papers: Mapping[str, PaperMarks] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()

    def with_mark(self, name: str) -> list[str]:
        """The base ids of the papers with a mark, in the order of the file."""
        return [paper for paper, marks in self.papers.items() if marks.has(name)]


def marks_of(data: object) -> Marks:
    """The marks of a file that was read as JSON. Raises MarksError."""
    papers = data.get("papers") if isinstance(data, dict) else None
    if isinstance(papers, list):
        return _marks(map(_old_paper, papers))
    if not isinstance(data, dict) or not isinstance(papers, dict):
        raise MarksError("it holds no marks of the site")
    if data.get("version") != VERSION:
        raise MarksError(f"its version is {data.get('version')!r}; this program reads {VERSION}")
    return _marks((paper, _paper(paper, marks)) for paper, marks in papers.items())


def merged(one: Marks, other: Marks) -> Marks:
    """Both: of each mark the later one. Which of the two comes first makes no difference."""
    papers = dict(one.papers)
    for paper, marks in other.papers.items():
        papers[paper] = _joined(papers[paper], marks) if paper in papers else marks
    return Marks(papers, tuple(dict.fromkeys(one.unknown + other.unknown)))


def written(marks: Marks) -> bytes:
    """The file: a line for each paper, by their ids."""
    lines = [
        f"{json.dumps(paper)}: {json.dumps(_data(one), ensure_ascii=False)}"
        for paper, one in sorted(marks.papers.items())
    ]
    text = f'{{"version": {VERSION}, "papers": {{\n' + ",\n".join(lines) + "\n}}\n"
    return text.encode("utf-8", "replace")


def _marks(papers: Iterable[tuple[str, PaperMarks]]) -> Marks:
    found: dict[str, PaperMarks] = {}
    unknown: dict[str, None] = {}
    for name, marks in papers:
        try:
            base = PaperId.parse(name).base
        except ValueError:
            if marks.has("star"):
                unknown[name] = None
            continue
        found[base] = _joined(found[base], marks) if base in found else marks
    return Marks(found, tuple(unknown))


def _paper(name: str, data: object) -> PaperMarks:
    if not isinstance(data, dict):
        raise MarksError(f"{name}: not an object")
    marks = {mark: _mark(f"{name}: {mark}", data[mark]) for mark in NAMES if mark in data}
    for mark, one in marks.items():
        if isinstance(one.value, str) != (mark == "note"):
            raise MarksError(f"{name}: {mark}: its value is {one.value!r}")
    about = data.get("about")
    return PaperMarks(marks, _day(data.get("day")), about if isinstance(about, dict) else {})


def _mark(place: str, data: object) -> Mark:
    if not isinstance(data, dict) or not _TIME.fullmatch(str(data.get("at"))):
        raise MarksError(f"{place}: it needs a value and a time in UTC")
    value = data.get("value")
    if not isinstance(value, bool | str):
        raise MarksError(f"{place}: its value is neither true, false nor a text")
    return Mark(data["at"], value[:LONGEST_NOTE] if isinstance(value, str) else value)


def _old_paper(data: object) -> tuple[str, PaperMarks]:
    """`{"id": …, "starred": TIME or null, "read": …}`, as pages exported it before version 1."""
    if not isinstance(data, dict) or not isinstance(data.get("id"), str):
        raise MarksError("one of its papers has no id")
    marks = {
        name: Mark(data[key] if _TIME.fullmatch(str(data[key])) else _LONG_AGO, True)
        for name, key in (("star", "starred"), ("read", "read"))
        if data.get(key)
    }
    title = data.get("title")
    return data["id"], PaperMarks(marks, about={"title": title} if title else {})


def _day(text: object) -> str:
    try:
        return date.fromisoformat(str(text)).isoformat()
    except ValueError:
        return ""


def _joined(one: PaperMarks, other: PaperMarks) -> PaperMarks:
    marks = dict(one.marks)
    for name, mark in other.marks.items():
        # Of equal times the larger value: any rule that does not depend on the order serves.
        marks[name] = max(marks.get(name, mark), mark, key=lambda each: (each.at, str(each.value)))
    about = max(one.about, other.about, key=lambda each: (len(each), repr(each)))
    return PaperMarks(marks, max(one.day, other.day), about)


def _data(paper: PaperMarks) -> Mapping[str, object]:
    data: dict[str, object] = {
        name: {"value": paper.marks[name].value, "at": paper.marks[name].at}
        for name in NAMES
        if name in paper.marks
    }
    if paper.day:
        data["day"] = paper.day
    if paper.about:
        data["about"] = paper.about
    return data
