"""`digest keywords explain`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from digest.cli.options import open_app
from digest.cli.terminal import as_json, show_json

if TYPE_CHECKING:
    from digest.model import PaperId


class ArxivId(click.ParamType["PaperId"]):
    """An arXiv id, in any form that arXiv uses."""

    name = "arXiv id"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> PaperId:
        """Read an id; click turns the failure into a usage error."""
        from digest.model import PaperId

        try:
            return PaperId.parse(str(value))
        except ValueError as error:
            self.fail(f"{error}; write it as 2511.21669 or hep-th/9901001.", param, ctx)


@click.command()
@click.argument("paper", type=ArxivId(), metavar="ARXIV_ID")
@as_json
@click.pass_context
def explain(context: click.Context, paper: PaperId, as_json: bool) -> int:
    """Explain why a paper is, or is not, in which digest.

    Exit code 1 if the archive does not have it.
    """
    with open_app(context).keywords() as keywords:
        report = keywords.explain(paper)
    if as_json:
        show_json(report)
    else:
        from digest.cli.keywords.verdicts import show_explanation

        show_explanation(report)
    return report.exit_code
