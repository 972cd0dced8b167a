"""JSON Lines for programs and CSV for spreadsheets: the columns of `docs/archive-table.md`."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from datetime import date, datetime

from digest.archive.table import json_line, row, text_of
from digest.outlets.exports.picked import Picked

#: Spreadsheets take a cell that begins so for a formula, and run it.
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_SEPARATOR = "; "

#: The columns of the archive's table, then what the digest adds.
COLUMNS = (
    *("id", "version", "published", "updated", "announced", "title", "abstract", "authors"),
    *("categories", "primary_category", "comment", "doi", "journal_ref", "url"),
    *("first_announced", "day", "topics", "badges"),
)


def columns(picked: Picked) -> dict[str, object]:
    """The row of a paper, in the order of COLUMNS."""
    added = {"day": picked.day, "topics": picked.topics, "badges": picked.badges}
    return row(picked.paper, picked.announced, picked.first_announced) | added


def json_lines(papers: Sequence[Picked]) -> str:
    """One JSON object a line."""
    return "".join(map(json_line, map(columns, papers)))


def csv_table(papers: Sequence[Picked]) -> str:
    """RFC 4180 with a byte order mark, by which spreadsheets know UTF-8.

    A cell that a spreadsheet would take for a formula has an apostrophe in front.
    """
    text = io.StringIO(newline="")
    text.write("\ufeff")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows(map(_cell, columns(picked).values()) for picked in papers)
    return text.getvalue()


def _cell(value: object) -> str:
    text = _plain(value)
    return f"'{text}" if _FORMULA.match(text) else text


def _plain(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, date | datetime):
        return text_of(value)
    if isinstance(value, tuple):
        return _SEPARATOR.join(map(str, value))
    return str(value)
