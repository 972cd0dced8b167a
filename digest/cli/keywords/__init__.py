"""`digest keywords`: one module a command."""

from __future__ import annotations

import click

from digest.cli.keywords.add import add
from digest.cli.keywords.add_group import add_group
from digest.cli.keywords.add_topic import add_topic
from digest.cli.keywords.check import check
from digest.cli.keywords.edit import edit
from digest.cli.keywords.exclude import exclude
from digest.cli.keywords.explain import explain
from digest.cli.keywords.list import list_
from digest.cli.keywords.move import move
from digest.cli.keywords.preview import preview
from digest.cli.keywords.remove import remove
from digest.cli.keywords.suggest import suggest


@click.group()
def keywords() -> None:
    """See, edit and try out your keywords."""


for command in (
    list_,
    check,
    explain,
    suggest,
    add,
    remove,
    move,
    exclude,
    add_group,
    add_topic,
    edit,
    preview,
):
    keywords.add_command(command)
