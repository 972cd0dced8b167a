"""`digest keywords edit`."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from digest.cli.keywords.days import days_option
from digest.cli.keywords.saving import DAYS, Wish, all_option, settle
from digest.cli.options import open_app, workspace
from digest.cli.terminal import report_error, say
from digest.model.errors import ConfigError, UsageError, WriteError

if TYPE_CHECKING:
    from digest.keywords.editing.drafts import Draft, Editing
    from digest.model.changes import Effect

_NO_EFFECT = "The files were invalid before, so no effect can be shown."


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@days_option(DAYS)
@all_option
@click.option("--yes", "really", is_flag=True, help="Save without asking.")
@click.pass_context
def edit(
    context: click.Context, file: Path | None, days: int, everything: bool, really: bool
) -> int:
    """Open your keywords in $VISUAL or $EDITOR.

    What you save is checked, its effect is shown, and only then the file is replaced.
    With topics in several files, name the FILE.
    """
    from digest.keywords.editing.drafts import Editing, check_writable, read

    editing = Editing(workspace(context), os.environ)
    chosen = _chosen(editing.files(), file)
    check_writable(chosen)
    old = read(chosen)
    with _copy(chosen, old) as copy:
        draft = _edited(editing, chosen, old, copy)
        if isinstance(draft, int):
            return draft
        wish = Wish(days, everything=everything, really=really, dry_run=False, as_json=False)
        saved, code = settle(draft, _effect(context, draft, days), wish)
        if saved:
            # The copy has served: as it was at first, it is removed.
            copy.unlink()
        return code or (0 if saved else 2)


def _chosen(files: list[Path], file: Path | None) -> Path:
    """The keyword file to edit. Raises UsageError."""
    if file is None and len(files) == 1:
        return files[0]
    for one in files:
        if file is not None and one.absolute() == file.absolute():
            return one
    names = ", ".join(map(str, files))
    if file is None:
        raise UsageError("which file? Your topics are in several", hint=f"Name one of: {names}")
    raise UsageError(
        f"{file} is not a keyword file of this workspace", hint=f"Name one of: {names}"
    )


@contextmanager
def _copy(file: Path, data: bytes) -> Iterator[Path]:
    """A copy to edit, in a folder of its own beside the file; it stays if it holds something new.

    Beside, and not where the system removes what is old. Raises WriteError.
    """
    from tempfile import mkdtemp

    from digest.files import replace

    target = Path(os.path.realpath(file))
    try:
        folder = Path(mkdtemp(prefix=f".{target.stem}-", dir=target.parent))
    except OSError as error:
        raise WriteError(
            f"cannot write: {target.parent}: {error.strerror}",
            hint="Make the folder writable: the edit could not be saved.",
        ) from error
    copy = folder / target.name
    try:
        replace(copy, data)
        yield copy
    finally:
        if copy.exists() and copy.read_bytes() != data:
            say(f"Your version is kept: {copy}")
        else:
            shutil.rmtree(folder)


def _edited(editing: Editing, file: Path, old: bytes, copy: Path) -> Draft | int:
    """What the user makes of the copy; an exit code if that is nothing, or stays wrong."""
    from digest.cli.editor import open_editor
    from digest.keywords.editing.drafts import read

    line = None
    while True:
        open_editor(copy, line)
        new = read(copy)
        if new == old:
            say("Nothing was changed.")
            return 0
        try:
            return editing.draft(file, old, new)
        except ConfigError as error:
            report_error(error)
            line = next((one.line for one in error.problems if one.where == str(file)), None)
        if not (sys.stdin.isatty() and click.confirm("Open it again?", default=True, err=True)):
            return 2


def _effect(context: click.Context, draft: Draft, days: int) -> Effect | None:
    """The effect of a draft; without one, says why."""
    try:
        app = open_app(context)
    except ConfigError:
        say(_NO_EFFECT)
        return None
    return app.effect(draft.config, days=days)
