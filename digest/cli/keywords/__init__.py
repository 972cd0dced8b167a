"""`digest keywords`: one module a command."""

from __future__ import annotations

import click


@click.group()
def keywords() -> None:
    """See, edit and try out your keywords."""
