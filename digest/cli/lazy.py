"""Groups whose commands are imported when they are used, or shown by `--help`."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click


class LazyGroup(click.Group):
    """A group with one module a command in a package.

    The module of the command `add-group` is `add_group`, and so is the command's name in it; with
    an underscore at the end where Python has another use for the word.
    """

    def __init__(self, *args: Any, package: str, names: tuple[str, ...], **more: Any) -> None:
        super().__init__(*args, **more)
        self._package = package
        self._names = names

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        """The names of all commands."""
        return sorted(self._names)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of a name; None if it does not exist."""
        if cmd_name not in self._names:
            return None
        word = cmd_name.replace("-", "_")
        module = import_module(f"{self._package}.{word if word != 'import' else 'import_'}")
        command: click.Command = getattr(module, f"{word}_", None) or getattr(module, word)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is named. Raises click.UsageError with the one that was meant."""
        if args and args[0] not in self._names and not args[0].startswith("-"):
            from difflib import get_close_matches

            close = get_close_matches(args[0], self._names, 1)
            if close:
                ctx.fail(f"No such command {args[0]!r}. Did you mean {close[0]!r}?")
        return super().resolve_command(ctx, args)
