"""`digest summarize`."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from digest.cli.options import Day, open_app, wait
from digest.cli.terminal import as_json, of_work_done, show, show_json

if TYPE_CHECKING:
    from digest.model.reports import SummaryPlan

_NOTHING = "Every summary is there."


@click.command()
@click.argument("days", type=Day(), metavar="[DAY]...", nargs=-1)
@click.option("--dry-run", is_flag=True, help="Show what would be asked and what it costs.")
@wait
@as_json
@click.pass_context
def summarize(
    context: click.Context, days: tuple[date, ...], dry_run: bool, wait: int, as_json: bool
) -> int:
    """Ask a language model for the summaries that are missing.

    Looks at the digests of DAY; without a DAY at those of the last week. Days that are named are
    asked again if the prompt, the model or the topic has changed. Needs [llm] in digest.toml.
    """
    from digest.model.reports import Wait

    app = open_app(context)
    if dry_run:
        plan = app.summary_plan(days)
        price = app.config.llm.price_per_million_tokens
        show_json(plan) if as_json else show("\n".join(_plan_lines(plan, price)))
        return 0
    from digest.cli.progress import progress

    with progress() as shown:
        report = app.summarize(days, shown, Wait(wait, shown.waiting))
    with of_work_done():
        show_json(report) if as_json else show("\n".join(report.lines) or _NOTHING)
    return int(bool(report.problem))


def _plan_lines(plan: SummaryPlan, price: float) -> list[str]:
    if not plan.summaries:
        return [_NOTHING]
    cost = f"about {plan.tokens:,} tokens"
    if price:
        cost += f", {plan.tokens * price / 1e6:.2f} at your price"
    days = ", ".join(map(str, plan.days))
    return [
        f"{plan.summaries:,} summaries to ask for, {cost}",
        f"digests: {days}",
        "",
        "The question about the first paper:",
        "",
        plan.example,
    ]
