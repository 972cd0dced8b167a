"""Days without a cutoff: what would have made it waits for the next one.

arXiv's own table since its ids have their present form: column `freeze_skip_date` of
`arxiv/db/arxiv_holidays_seed.sql` in arXiv/arxiv-base, weekdays only. 2026 is as the availability
page has it. The table names the cutoff that is put off and not the evening: it holds Fridays too,
and what is put off on a Friday is Sunday's announcement.
"""

from __future__ import annotations

from datetime import date
from typing import Final

_BY_YEAR: Final = {
    2007: "11-22 12-24 12-25 12-31",
    2008: "01-01 07-04 11-27 12-25 12-26 12-29 12-31",
    2009: "01-01 07-08 11-26 12-25 12-28 12-29 12-31",
    2010: "01-01 11-25 12-27 12-28 12-30 12-31",
    2011: "11-24 12-26 12-27 12-28 12-30",
    2012: "01-02 11-22 12-24 12-25 12-27 12-28",
    2013: "01-01 11-28 12-25 12-26 12-31",
    2014: "01-01 11-27 12-25 12-26 12-31",
    2015: "01-01 11-26 12-25 12-29",
    2016: "01-01 11-24 12-26 12-28",
    2017: "03-14 11-13 11-23 12-25 12-27",
    2018: "01-01 03-26 09-03 11-22 12-24 12-25 12-27",
    2019: "01-01 01-21 09-02 11-07 11-28 12-25 12-26 12-30",
    2020: "01-01 01-20 06-09 11-26 12-25 12-29 12-30",
    2021: "01-01 10-20 11-25 12-24 12-28 12-30",
    2022: "01-17 06-20 09-05 11-24 12-27 12-29",
    2023: "01-16 06-14 06-19 07-04 08-17 09-04 11-23 12-25 12-27",
    2024: "01-15 05-22 06-19 07-04 09-02 10-08 11-28 12-25 12-26 12-31",
    2025: "01-01 01-20 06-19 07-04 09-01 11-27 12-25 12-30",
    2026: "01-01 01-19 06-19 07-03 09-07 11-26 12-25 12-29 12-31",
}

DEFERRED: Final = frozenset(
    date.fromisoformat(f"{year}-{day}") for year, days in _BY_YEAR.items() for day in days.split()
)
