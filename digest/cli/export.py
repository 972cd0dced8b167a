"""`digest export`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from digest.cli.options import Days, open_app, workspace
from digest.cli.terminal import as_json, say, show_data, show_json

if TYPE_CHECKING:
    from digest.outlets.exports.selection import Exported

_FORMATS = ("bibtex", "ris", "csl-json", "jsonl", "csv")
_SHOWN = 10


@click.command()
@click.argument("days", type=Days(), metavar="[DAY]...", nargs=-1)
@click.option(
    "--format",
    "form",
    type=click.Choice(_FORMATS),
    metavar="FORMAT",
    help="bibtex, ris, csl-json, jsonl or csv.",
)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write to FILE. Default: standard output.",
)
@click.option(
    "--since",
    type=click.Choice(["last-export"]),
    metavar="last-export",
    help="Take the papers that no export with this option has had. Where there are none, "
    "what FILE had before is kept as FILE.old.",
)
@click.option(
    "--starred",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Take only the papers with a star, from a file that the site exported.",
)
@click.option(
    "--to",
    "target",
    type=click.Choice(["zotero"]),
    metavar="zotero",
    help="Add the starred papers to Zotero, each once, and write nothing.",
)
@as_json
@click.pass_context
def export(
    context: click.Context,
    days: tuple[tuple[date, date], ...],
    form: str | None,
    output: Path | None,
    since: str | None,
    starred: Path | None,
    target: str | None,
    as_json: bool,
) -> None:
    """Write the papers of digests for a bibliography or for other programs.

    DAY is the day of a digest, or a range such as 2025-11-03..2025-11-28. With --starred alone,
    all digests are looked at. With --to zotero, papers with a star, on the served pages or in FILE,
    are added to the first library of zotero.org in the configuration.
    """
    from digest.config.own_files import check_foreign
    from digest.files import replace
    from digest.outlets.exports import Format, formatter
    from digest.outlets.exports.selection import Wanted
    from digest.writer.order.stars import read_starred

    if target:
        if days or since or output or form:
            raise click.UsageError("--to zotero takes no days and no other options but --starred.")
        _add(context, starred, as_json=as_json)
        return
    if form is None:
        raise click.UsageError("Missing option '--format'.")
    _check(days, since, starred, output, as_json=as_json)
    wanted = Wanted(days, read_starred(starred) if starred else None, unexported=bool(since))

    def write(text: str) -> None:
        if output is None:
            show_data(text)
        else:
            nothing = formatter(Format(form))(())
            if since and text == nothing and output.exists() and output.read_text() != nothing:
                replace(output.with_name(f"{output.name}.old"), output.read_bytes())
            replace(output, text.encode())

    app = open_app(context)
    if output is not None:
        check_foreign(output, workspace(context), app.config)
    with app.exports() as exports:
        report = exports.export(wanted, Format(form), write)
    if as_json:
        show_json(report)
        return
    say(_summary(report))
    if report.missing:
        say(_left_out(report.missing))


def _add(context: click.Context, starred: Path | None, *, as_json: bool) -> None:
    from digest.model.reports import counted
    from digest.writer.order.stars import read_starred

    report = open_app(context).add_starred(read_starred(starred) if starred else None)
    if as_json:
        show_json(report)
        return
    say(f"{counted(report.added, 'paper')} added to {report.library}, {report.known} known to it")
    if report.unknown:
        say(f"{counted(report.unknown, 'star')} left out: not in the archive")


def _check(
    days: tuple[tuple[date, date], ...],
    since: str | None,
    starred: Path | None,
    output: Path | None,
    *,
    as_json: bool,
) -> None:
    """Raises click.UsageError for what does not go together."""
    if since and (days or starred):
        raise click.UsageError("--since chooses the digests; leave days and --starred out.")
    if not (days or since or starred):
        raise click.UsageError("Name days, or give --since last-export or --starred FILE.")
    if as_json and output is None:
        raise click.UsageError("--json reports on a file; give --output FILE as well.")


def _summary(report: Exported) -> str:
    from digest.model.reports import counted

    return f"{counted(report.papers, 'paper')} of {counted(report.digests, 'digest')}"


def _left_out(missing: tuple[str, ...]) -> str:
    more = f" and {len(missing) - _SHOWN:,} more" if len(missing) > _SHOWN else ""
    return f"in none of these digests: {', '.join(missing[:_SHOWN])}{more}"
