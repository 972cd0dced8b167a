"""`digest site`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from digest.cli.options import open_app, say_waiting, wait
from digest.cli.terminal import as_json, say, show, show_json

if TYPE_CHECKING:
    from digest.model.reports import SiteReport


@click.command()
@click.option("--serve", is_flag=True, help="Show the pages on this machine until Ctrl-C.")
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    help="With --serve. Default: one of the workspace's own.",
)
@wait
@as_json
@click.pass_context
def site(context: click.Context, serve: bool, port: int | None, wait: int, as_json: bool) -> None:
    """Make web pages of all digests, in output/site.

    They can be read from that folder or from any web server; only what has changed is written.
    `enabled = true` in [site] lets every run do this.
    """
    from digest.model.errors import UsageError
    from digest.model.reports import Wait

    if port is not None and not serve:
        raise UsageError("site: --port goes with --serve", hint="Add --serve, or leave --port out.")
    report = open_app(context).site(Wait(wait, say_waiting))
    if as_json:
        show_json(report)
    else:
        show(site_line(report))
    if serve:
        _serve(report, port)


def site_line(report: SiteReport) -> str:
    """Where the pages are, what is in them, and how many files that changed."""
    from digest.model.reports import counted

    removed = f", {report.removed:,} removed" if report.removed else ""
    digests, papers = counted(report.digests, "digest"), counted(report.papers, "paper")
    files = counted(report.files, "file")
    return (
        f"{report.path / 'index.html'}: {digests}, {papers}; "
        f"{report.written:,} of {files} written{removed}"
    )


def _serve(report: SiteReport, port: int | None) -> None:
    from digest.outlets.site.serving import own_port, serve

    with serve(report.path, port or own_port(report.path)) as url:
        say(f"{url} shows them. Ctrl-C ends it.")
        from threading import Event

        try:
            Event().wait()
        except KeyboardInterrupt:
            say("The pages are no longer shown; the files stay.")
