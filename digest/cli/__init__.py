"""The command line: one module a command, each imported when it is used, and cheap to import.

What a command works with is imported when it runs, so that `digest --help` does not wait for it.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import click

from digest.cli.lazy import LazyGroup
from digest.cli.signals import Terminated, raise_on_sigterm
from digest.cli.streams import open_streams
from digest.cli.terminal import fall_silent, report_error

_EPILOG = """\b
Exit codes:
  0    done (a quiet day is done)
  1    failed; nothing half-written
  2    invalid usage or configuration
  3    days incomplete: run again
  4    another run is at work here
  130  stopped by Ctrl-C
  143  stopped by SIGTERM
"""

#: In columns: longer lines are hard to read.
_WIDEST = 80

_STOPPED = "Stopped. Nothing is lost: run the same command again to continue."


@click.group(
    cls=LazyGroup,
    package="digest.cli",
    sections={
        "Every day": ("run", "show", "open", "status", "log"),
        "Keywords": ("keywords",),
        "Past days": ("backfill", "rebuild", "import", "check"),
        "Pages, mail, other programs": ("site", "send", "export", "summarize"),
        "Upkeep": ("doctor", "install", "schedule", "notify", "audit", "archive"),
        "To begin, and to try out": ("init", "simulate", "help"),
    },
    epilog=_EPILOG,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option(
    "-C",
    "--workspace",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="The folder that holds config/ and output/. Default: the current folder if it holds "
    "config/, then the nearest workspace above it, then the one named by $DIGEST_HOME.",
)
@click.version_option(package_name="arxiv-daily-digest", message="%(prog)s %(version)s")
@click.pass_context
def commands(context: click.Context, workspace: Path | None) -> None:
    """A local archive of arXiv, and every day's papers on your topics as one Markdown file."""
    context.obj = workspace


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a command line and end the process with its exit code."""
    raise_on_sigterm()
    open_streams()
    sys.exit(exit_code(arguments))


def exit_code(arguments: Sequence[str] | None = None) -> int:
    """Run a command line; an expected error prints a message and sets its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A title that the terminal's encoding cannot show must not end the run.
            stream.reconfigure(errors="backslashreplace")
    try:
        return _reported(arguments)
    except BrokenPipeError:  # the reader has ended
        return 0
    except OSError as error:
        if error.filename is not None:
            raise
        fall_silent(error)
        return 1


def _reported(arguments: Sequence[str] | None) -> int:
    """Run a command line and report how it ended; returns its exit code."""
    try:
        _check(sys.argv[1:] if arguments is None else arguments)
        code = commands.main(
            arguments, prog_name="digest", standalone_mode=False, terminal_width=_width()
        )
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:  # click's word for KeyboardInterrupt
        click.echo(_STOPPED, err=True)
        return 130
    except Terminated:
        click.echo(_STOPPED, err=True)
        return 143
    except Exception as error:
        from digest.model.errors import DigestError

        if not isinstance(error, DigestError):
            raise
        report_error(error)
        return error.exit_code
    return int(code or 0)


def _check(arguments: Sequence[str]) -> None:
    """Raises UsageError for an argument with bytes that are not UTF-8."""
    for argument in arguments:
        try:
            argument.encode()
        except UnicodeEncodeError:
            from digest.model.errors import UsageError

            shown = argument.encode(errors="surrogateescape").decode(errors="backslashreplace")
            raise UsageError(
                f"an argument is not UTF-8: {shown}",
                hint="type it in a terminal whose locale is UTF-8",
            ) from None


def _width() -> int:
    """How wide a help text is. click's own rule makes it 50 columns even where 40 are shown.

    shutil knows how wide the terminal is, but importing it takes a tenth of `digest --help`.
    """
    columns = os.environ.get("COLUMNS", "")
    try:
        wide = int(columns) if columns.isdecimal() else os.get_terminal_size().columns
    except OSError:
        wide = _WIDEST
    return min(wide or _WIDEST, _WIDEST) - 1
