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
