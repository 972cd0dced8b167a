"""A day on the command line."""

from __future__ import annotations

from datetime import date

import click


class Day(click.ParamType[date]):
    """A date as 2025-11-28."""

    name = "date"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        """Read a date; click turns the failure into a usage error."""
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is no date; write it as 2025-11-28.", param, ctx)

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002
        """What stands for the value in a help text."""
        return "YYYY-MM-DD"


class Days(click.ParamType[tuple[date, date]]):
    """A date, or a range of them as 2025-11-03..2025-11-28; both ends are included."""

    name = "dates"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[date, date]:
        """Read a date or a range; click turns the failure into a usage error."""
        first, dots, last = str(value).partition("..")
        day = Day()
        days = day.convert(first, param, ctx), day.convert(last if dots else first, param, ctx)
        if days[0] > days[1]:
            self.fail(f"{value!r} ends before it begins; give the earlier day first.", param, ctx)
        return days
