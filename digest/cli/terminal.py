"""The one way to the terminal: results to standard output, all else to standard error."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, TypeVar

import click

from digest.cli.streams import is_read

if TYPE_CHECKING:
    from digest.model.errors import DigestError


_Command = TypeVar("_Command", bound=Callable[..., object])

#: What moves the cursor, changes colours, turns the direction of writing, or is no character.
#: Line ends and tabs are harmless.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


def clean(text: str) -> str:
    """A text whose control characters are spelled out: titles come from strangers."""
    return _UNSAFE.sub(lambda sign: sign[0].encode("unicode_escape").decode(), text)


def show(text: str) -> None:
    """Print a result."""
    click.echo(clean(text))


def show_data(text: str) -> None:
    """Print what other programs read: as it is, but on a terminal control characters spelled out.

    It is all out when this returns. Raises OSError if it could not be written, BrokenPipeError if
    its reader has gone before the end.
    """
    stream = sys.stdout.buffer
    sys.stdout.flush()
    stream.write((clean(text) if sys.stdout.isatty() else text).encode())
    stream.flush()
    if not is_read():
        raise BrokenPipeError


def show_coloured(lines: Iterable[tuple[str, str | None]]) -> None:
    """Print results line by line with their colours, on a terminal that has them.

    `NO_COLOR` turns them off (https://no-color.org).
    """
    plain = bool(os.environ.get("NO_COLOR"))
    for text, color in lines:
        # click leaves the colours out where the output is no terminal.
        click.echo(clean(text) if plain else click.style(clean(text), fg=color))


def show_page(text: str) -> None:
    """Print a long result: by a pager where it is longer than the terminal."""
    import shutil

    rows = shutil.get_terminal_size().lines
    if os.environ.get("NO_COLOR"):
        text = click.unstyle(text)
    if sys.stdout.isatty() and text.count("\n") + 1 >= rows:
        click.echo_via_pager(text)
    else:
        click.echo(text)


def columns() -> int:
    """How wide a text may be: as the terminal is, at most 100 columns."""
    import shutil

    return max(20, min(shutil.get_terminal_size((80, 24)).columns, 100))


def wrapped(text: str, width: int) -> list[str]:
    """Lines of a text, cut at spaces only, so that links stay whole."""
    from textwrap import wrap

    return wrap(text, max(width, 10), break_long_words=False, break_on_hyphens=False)


def say(text: str) -> None:
    """Print a message, not a result."""
    click.echo(clean(text), err=True)


def report_error(error: DigestError) -> None:
    """Print an error, and what to do."""
    say(f"Error: {error.message}")
    if error.hint:
        say(f"\n{error.hint}")


@contextmanager
def of_work_done() -> Iterator[None]:
    """What is printed inside reports work that is done, whether or not it can be printed."""
    try:
        yield
    except OSError as error:
        fall_silent(error)


def fall_silent(error: OSError) -> None:
    """Report that results cannot be printed, and print no more.

    Otherwise the interpreter would try once more at its end, and end in its own way.
    """
    say(f"Error: the output cannot be written: {error.strerror or error}")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    with suppress(OSError):  # a stream without a descriptor needs no end
        os.dup2(nowhere, sys.stdout.fileno())


def show_json(value: object) -> None:
    """Print a report as one JSON object."""
    import json

    # JSON escapes all that `clean` does but the one control character of ASCII above the others.
    click.echo(json.dumps(value, default=_plain, indent=2).replace("\x7f", "\\u007f"))


def _plain(value: object) -> object:
    from dataclasses import fields, is_dataclass
    from datetime import date

    from digest.model.errors import DigestError

    if isinstance(value, DigestError):
        return {"message": value.message, "hint": value.hint, "exit_code": value.exit_code}
    if is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    return value.isoformat() if isinstance(value, date) else str(value)


def size(number: int) -> str:
    """`695.0 MiB`, from bytes."""
    return f"{number / 2**20:,.1f} MiB"
