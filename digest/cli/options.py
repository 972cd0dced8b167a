"""Options and values that several commands share: the workspace, a day, `--source`, `--wait`."""

from __future__ import annotations

import os
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from digest.cli.terminal import say

if TYPE_CHECKING:
    from digest.app import App
    from digest.model.reports import Agree


def workspace(context: click.Context) -> Path:
    """The folder given with -C; else the workspace around the current folder; else $DIGEST_HOME.

    Folders above the current one count if they hold config/keywords.toml or config/topics/.
    """
    given: Path | None = context.obj
    if given is not None:
        return given
    home = os.environ.get("DIGEST_HOME")
    here = Path()
    if (here / "config").is_dir():
        return here
    return _above(here.absolute()) or (Path(home) if home else here)


def _above(folder: Path) -> Path | None:
    """The nearest folder above that is a workspace, as git finds its repository."""
    for parent in folder.parents:
        config = parent / "config"
        if (config / "keywords.toml").is_file() or (config / "topics").is_dir():
            return parent
    return None


def open_app(context: click.Context) -> App:
    """The program, wired up for the workspace."""
    from digest.app import App

    return App.open(workspace(context), os.environ, at_terminal=sys.stderr.isatty())


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
            self.fail(f"{value!r} is not a valid date; write it as 2025-11-28.", param, ctx)

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


source = click.option(
    "--source",
    type=click.Choice(["query", "oai"]),
    help="Ask only arXiv's query API, or only OAI-PMH. Default: the query API, and OAI-PMH when it "
    "has failed in two runs or for [arxiv] fallback_after_hours.",
)


sure = click.option(
    "--yes",
    "sure",
    is_flag=True,
    help="Do it without a question where it changes which digest papers are in.",
)


def agreed(*, sure: bool, as_json: bool) -> Agree:
    """Asks at a terminal before papers change their digest; `--yes` answers. Without, refuses."""
    from digest.model.reports import unattended

    def ask(effect: str) -> None:
        if sure:
            return
        if as_json or not sys.stdin.isatty():
            unattended(effect)
        say(f"{effect}.")
        click.confirm("Do it?", err=True, abort=True)

    return ask


wait = click.option(
    "--wait",
    type=click.IntRange(min=0),
    default=0,
    metavar="SECONDS",
    help="How long to wait while another run is using the workspace. Default: 0.",
)


def say_waiting(seconds: float, why: str) -> None:
    """Report that nothing will happen for a while."""
    say(f"Waiting for up to {seconds:.0f} s: {why}")
