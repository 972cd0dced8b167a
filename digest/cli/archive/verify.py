"""`digest archive verify`."""

from __future__ import annotations

import click

from digest.cli.options import open_app
from digest.cli.terminal import as_json, say, show, show_json
from digest.model.reports import counted


@click.command()
@as_json
@click.pass_context
def verify(context: click.Context, as_json: bool) -> int:
    """Check that the archive is sound and the digests are as they were written.

    Exit code 1 if anything is wrong; nothing is changed.
    """
    verdict = open_app(context).upkeep().verify()
    if as_json:
        show_json(verdict)
    elif verdict.findings:
        show("\n".join(map(str, verdict.findings)))
        say(_ADVICE)
    else:
        imported = f" ({verdict.imported:,} imported)" if verdict.imported else ""
        papers, digests = counted(verdict.papers, "paper"), counted(verdict.digests, "digest")
        show(f"sound: {papers}, {digests}{imported}")
    return verdict.exit_code


_ADVICE = """
A digest file that is missing or was edited: `digest rebuild DAY DAY` rewrites it, and keeps an
edited one beside it. Anything else: restore a backup, or move the archive away; what is needed
is fetched again."""
