"""Groups whose commands are imported when they are used, or shown by `--help`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from importlib import import_module
from itertools import chain
from typing import Any

import click


class LazyGroup(click.Group):
    """A group with one module a command in a package.

    The module of the command `add-group` is `add_group`, and so is the command's name in it; with
    an underscore at the end where Python has another use for the word.
    """

    def __init__(
        self, *args: Any, package: str, sections: Mapping[str, Sequence[str]], **more: Any
    ) -> None:
        """`sections` are the names of the commands under the headings of the help text."""
        super().__init__(*args, **more)
        self._package = package
        self._sections = sections
        self._names = frozenset(chain(*sections.values()))

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

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands under their headings, each with the first line of its help."""
        for heading, names in self._sections.items():
            commands = [(name, self.get_command(ctx, name)) for name in names]
            rows = [(name, one.get_short_help_str(200)) for name, one in commands if one]
            with formatter.section(heading):
                formatter.write_dl(rows)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the words begin with; what is close to a mistyped one is suggested."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            if close := get_close_matches(args[0], self._names, 2):
                near = " or ".join(map(repr, close))
                raise click.UsageError(f"{error.message} Did you mean {near}?", ctx) from None
            raise
