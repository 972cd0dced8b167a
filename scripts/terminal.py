"""What a terminal shows while commands are typed in it, as a page."""

from __future__ import annotations

import os
import subprocess
import termios
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from itertools import groupby
from pathlib import Path

import pyte
from pyte.screens import Char

COLUMNS = 100
ROWS = 60

_STYLE = """
body { margin: 0; background: #fff }
pre { margin: 0; padding: 1.2rem 1.5rem; display: inline-block; border-radius: 8px;
  background: #1e222a; color: #d7dae0; font: 15px/1.45 "DejaVu Sans Mono", monospace }
"""

#: As pyte names them.
_COLORS = {
    "black": "#5c6370",
    "red": "#e06c75",
    "green": "#98c379",
    "brown": "#e5c07b",
    "blue": "#61afef",
    "magenta": "#c678dd",
    "cyan": "#56b6c2",
    "white": "#d7dae0",
}


#: Where readers may imagine the folder that commands are typed in.
HOME = b"/home/you/papers"


def session(
    typed: Iterable[tuple[str, Sequence[str]]], folder: Path, environ: Mapping[str, str]
) -> list[list[Char]]:
    """The rows of a terminal in which commands were typed: each as it reads, and as it is run.

    They run in `folder`, which is shown as `HOME`.
    """
    screen = pyte.Screen(COLUMNS, ROWS)
    stream = pyte.ByteStream(screen)
    shown = {**environ, "TERM": "xterm-256color"}
    for line, command in typed:
        stream.feed(f"\x1b[1m$ {line}\x1b[0m\r\n".encode())
        data = b"".join(_output(command, folder, shown))
        stream.feed(data.replace(bytes(folder), HOME))
        stream.feed(b"\r\n")
    rows = [[screen.buffer[y][x] for x in range(COLUMNS)] for y in range(ROWS)]
    while rows and not "".join(char.data for char in rows[-1]).strip():
        rows.pop()
    return rows


def page(rows: Iterable[Sequence[Char]]) -> str:
    """The rows as an HTML page with one element `pre`."""
    text = "\n".join("".join(_spans(row)).rstrip() for row in rows)
    return f"<!doctype html><meta charset=utf-8><style>{_STYLE}</style><pre>{text}</pre>"


def _output(command: Sequence[str], folder: Path, environ: Mapping[str, str]) -> Iterator[bytes]:
    """What a command in a folder writes to a terminal of its own."""
    ours, its = os.openpty()
    termios.tcsetwinsize(its, (ROWS, COLUMNS))
    with subprocess.Popen(command, stdin=its, stdout=its, stderr=its, cwd=folder, env=environ):
        os.close(its)
        while data := _read(ours):
            yield data
    os.close(ours)


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 65536)
    except OSError:  # Linux says so when the last one has left the terminal
        return b""


def _spans(row: Sequence[Char]) -> Iterator[str]:
    for (color, bold), chars in groupby(row, key=lambda char: (char.fg, char.bold)):
        text = escape("".join(char.data for char in chars))
        style = f"color: {_COLORS.get(color, 'inherit')}; font-weight: {700 if bold else 400}"
        yield (
            text if (color, bold) == ("default", False) else f'<span style="{style}">{text}</span>'
        )
