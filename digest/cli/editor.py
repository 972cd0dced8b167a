"""The user's editor: `$VISUAL`, else `$EDITOR`, else what is there."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from pathlib import Path

from digest.model.errors import UsageError, WriteError

_USUAL = ("sensible-editor", "nano", "vi", "notepad")

#: Editors that start at a line with `+LINE`.
_TAKE_A_LINE = frozenset(
    (
        *("vi", "view", "vim", "gvim", "nvim", "kak"),
        *("emacs", "emacsclient", "jed", "mg"),
        *("nano", "pico", "joe", "ne", "micro", "gedit"),
    )
)


def open_editor(file: Path, line: int | None = None) -> None:
    """Edit a file until the editor ends, at that line if the editor supports it.

    Raises UsageError if no editor is found, WriteError if it ends with an error.
    """
    words = _command()
    if line is not None and Path(words[0]).stem in _TAKE_A_LINE:
        words.append(f"+{line}")
    try:
        # The command is the user's own, from the environment, as every program takes it.
        ended = subprocess.run([*words, str(file)], check=False)  # noqa: S603
    except OSError as error:
        raise UsageError(
            f"the editor cannot be started: {words[0]}: {error.strerror}",
            hint="Set $VISUAL or $EDITOR to your editor.",
        ) from error
    if ended.returncode:
        raise WriteError(f"the editor ended with an error: {words[0]}: {ended.returncode}")


def _command() -> list[str]:
    for variable in ("VISUAL", "EDITOR"):
        words = shlex.split(os.environ.get(variable, ""), posix=os.name == "posix")
        if words:
            return words
    for name in _USUAL:
        if shutil.which(name):
            return [name]
    raise UsageError("no editor found", hint="Set $VISUAL or $EDITOR to your editor.")
