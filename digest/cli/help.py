"""`digest help`."""

from __future__ import annotations

import click


@click.command("help")
@click.argument("words", nargs=-1, metavar="[COMMAND]...")
@click.pass_context
def help_(context: click.Context, words: tuple[str, ...]) -> None:
    """Show the help of a command: `digest help keywords add`."""
    found = context.find_root()
    for word in words:
        group = found.command
        if not isinstance(group, click.Group):
            raise click.UsageError(f"'{found.command_path}' has no command {word!r}.")
        name, command, _ = group.resolve_command(found, [word])
        if command is None:
            raise click.UsageError(f"No such command {word!r}.")
        found = click.Context(command, info_name=name, parent=found)
    click.echo(found.get_help())
