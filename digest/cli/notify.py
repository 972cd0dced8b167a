"""`digest notify`."""

from __future__ import annotations

import click

from digest.cli.options import open_app
from digest.cli.terminal import show


@click.command()
@click.option("--test", is_flag=True, required=True, help="Send a test notice to every address.")
@click.pass_context
def notify(context: click.Context, test: bool) -> None:  # noqa: ARG001 (there is nothing else)
    """Try the addresses that get a notice when a person is needed."""
    number = open_app(context).operator().test()
    show(f"Sent to {number} {'address' if number == 1 else 'addresses'}.")
