"""`digest keywords check`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from digest.cli.keywords.days import days_option, span
from digest.cli.options import open_app
from digest.cli.terminal import as_json, say, show, show_json
from digest.model.reports import counted

if TYPE_CHECKING:
    from digest.keywords.report import Finding, Soundness

_ADVICE = {
    "never": "move it before that one, or remove it",
    "unused": "check that authors spell it so",
    "cuts": "`digest keywords add` with --whole-word keeps it to whole words",
    "color": "give one of them another colour",
    "repeated": "one group is enough",
}


@click.command()
@days_option(90)
@as_json
@click.pass_context
def check(context: click.Context, days: int, as_json: bool) -> int:
    """Find keywords that do nothing, cut words or repeat, and colours that look alike.

    Exit code 1 if there is something to fix.
    """
    with open_app(context).keywords() as keywords:
        report = keywords.check(days)
    if as_json:
        show_json(report)
        return report.exit_code
    if report.findings:
        show("\n".join(finding_lines(report.findings)))
    else:
        show("The keywords are fine: nothing to fix.")
    say(basis(report))
    return report.exit_code


def finding_lines(findings: tuple[Finding, ...]) -> Iterator[str]:
    """Each with its place, and what to do."""
    for one in findings:
        yield f"{one.file}:{one.line}: {one.what}"
        yield f"  {_ADVICE[one.kind]}"


def basis(report: Soundness) -> str:
    """How many digests the result is based on."""
    if not report.announcements:
        return "No digests yet, so keyword usage cannot be checked."
    days = counted(report.announcements, "announcement day")
    seen = f"Looked at {days}, {span(report.first, report.last)}."
    return seen if report.enough else f"{seen} These are too few to report a keyword as unused."
