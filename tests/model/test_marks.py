"""Marks of a reader: files can be merged in any order, and what is not marks is refused."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.model.marks import FLAGS, Mark, Marks, MarksError, PaperMarks, marks_of, merged, written

times = st.datetimes(datetime(2026, 1, 1), datetime(2026, 1, 3), timezones=st.just(UTC)).map(  # noqa: DTZ001
    lambda time: f"{time:%Y-%m-%dT%H:%M:%S}.000Z"
)
flags = st.dictionaries(st.sampled_from(FLAGS), st.builds(Mark, times, st.booleans()))
notes = st.dictionaries(st.just("note"), st.builds(Mark, times, st.text(max_size=20)))
papers = st.builds(
    lambda flags, notes, day, about: PaperMarks(flags | notes, day, about),
    flags,
    notes,
    st.sampled_from(["", "2026-03-02", "2026-03-03"]),
    st.sampled_from([{}, {"title": "A title"}, {"title": "A title", "authors": ["Ann Author"]}]),
)
ids = st.sampled_from(["2603.00001", "2603.00002", "hep-th/9901001"])
files = st.dictionaries(ids, papers).map(Marks)


def again(marks: Marks) -> Marks:
    return marks_of(json.loads(written(marks)))


@given(files)
def test_what_is_written_is_read_again(marks: Marks) -> None:
    assert again(marks).papers == marks.papers
    assert written(again(marks)) == written(marks)


@given(files, files, files)
def test_merging_takes_any_order_and_any_number_of_times(
    one: Marks, two: Marks, three: Marks
) -> None:
    both = merged(one, two)
    assert written(both) == written(merged(two, one))
    assert written(merged(both, two)) == written(both)
    assert written(merged(both, three)) == written(merged(one, merged(two, three)))


@given(files, files)
def test_the_later_mark_counts(one: Marks, two: Marks) -> None:
    both = merged(one, two)
    for paper, marks in both.papers.items():
        for name, mark in marks.marks.items():
            found = [
                each.papers[paper].marks.get(name) for each in (one, two) if paper in each.papers
            ]
            assert mark.at == max(each.at for each in found if each)


def test_a_star_that_was_taken_back_is_none_and_stays_so() -> None:
    star = marks_of({"version": 1, "papers": {"2603.00001": {"star": mark(True, 1)}}})
    gone = marks_of({"version": 1, "papers": {"2603.00001": {"star": mark(False, 2)}}})
    assert star.with_mark("star") == ["2603.00001"]
    assert merged(gone, star).with_mark("star") == []
    assert json.loads(written(gone))["papers"]["2603.00001"]["star"]["value"] is False


def mark(value: object, second: int) -> dict[str, object]:
    return {"value": value, "at": f"2026-03-02T08:00:{second:02d}.000Z"}


def test_exports_of_older_pages_are_read() -> None:
    old = {
        "papers": [
            {"id": "2603.00001v2", "title": "One", "starred": "2026-03-02T08:00:00.000Z"},
            {"id": "2603.00002", "starred": None, "read": "2026-03-02T08:00:00.000Z"},
            {"id": "not an id", "starred": "2026"},
        ]
    }
    marks = marks_of(old)
    assert marks.with_mark("star") == ["2603.00001"]
    assert marks.with_mark("read") == ["2603.00002"]
    assert marks.unknown == ("not an id",)
    assert again(marks).papers == marks.papers


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {"papers": {}},
        {"version": 2, "papers": {}},
        {"version": 1, "papers": {"2603.00001": []}},
        {"version": 1, "papers": {"2603.00001": {"star": True}}},
        {"version": 1, "papers": {"2603.00001": {"star": {"value": True, "at": "yesterday"}}}},
        {"version": 1, "papers": {"2603.00001": {"star": mark("yes", 1)}}},
        {"version": 1, "papers": {"2603.00001": {"note": mark(True, 1)}}},
        {"papers": [{"starred": "2026"}]},
    ],
)
def test_what_is_not_marks_is_refused(data: object) -> None:
    with pytest.raises(MarksError):
        marks_of(data)
