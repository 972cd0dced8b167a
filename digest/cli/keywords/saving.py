"""From an edit to a saved file: show the effect, ask, replace."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import click

from digest.cli.keywords.days import days_option
from digest.cli.options import open_app, workspace
from digest.cli.terminal import as_json, say, show, show_json

if TYPE_CHECKING:
    from digest.keywords.editing.drafts import Draft
    from digest.keywords.editing.edits import Edit, Edits
    from digest.model.changes import Effect

_Command = TypeVar("_Command", bound=Callable[..., object])

_NOTHING = "Nothing was changed."
_SAVED = "Saved. `digest rebuild` applies it to existing digests."
_SCOPE = 'Papers that only new keywords find are not in the archive yet: the scope is "topics".'
_NOBODY = f"{_NOTHING} Without a terminal there is no question; --yes saves without asking."

topic_option = click.option(
    "--topic", metavar="T", help="The topic. Needed only if there are several."
)
before_option = click.option("--before", metavar="W", help="Before this keyword of the group.")
first_option = click.option("--first", is_flag=True, help="As the first of the group.")
color_option = click.option(
    "--color", metavar="RRGGBB", help="Of its badges: six hexadecimal digits, such as F08080."
)
#: How far back an effect is shown unless told otherwise.
DAYS = 30

all_option = click.option("--all", "everything", is_flag=True, help="Show every paper.")


@dataclass(frozen=True, slots=True)
class Wish:
    """How an edit is to be shown and saved."""

    days: int
    everything: bool
    really: bool
    dry_run: bool
    as_json: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What `--json` prints of an edit."""

    file: str
    what: str
    saved: bool
    effect: Effect | None


def saving(command: _Command) -> _Command:
    """The options of every edit, given to the command as one `wish`."""

    @days_option(DAYS)
    @all_option
    @click.option("--yes", "really", is_flag=True, help="Save without asking.")
    @click.option("--dry-run", is_flag=True, help="Only show the effect.")
    @as_json
    @functools.wraps(command)
    def with_wish(
        *args: object,
        days: int,
        everything: bool,
        really: bool,
        dry_run: bool,
        as_json: bool,
        **others: object,
    ) -> object:
        wish = Wish(days, everything, really, dry_run, as_json)
        return command(*args, wish=wish, **others)

    return with_wish  # type: ignore[return-value]


def carry_out(context: click.Context, wish: Wish, change: Callable[[Edits], Edit]) -> int:
    """Do an edit as far as the options ask, and print it; returns the exit code."""
    from digest.keywords.editing.drafts import Editing

    app = open_app(context)
    edit, draft = Editing(workspace(context), os.environ).edited(change)
    if not draft.is_change:
        if wish.as_json:
            show_json(Outcome(str(draft.file), edit.what, saved=False, effect=None))
        else:
            show(f"{draft.file}: {edit.what}. Nothing to change.")
        return 0
    effect = app.effect(draft.config, days=wish.days)
    if not wish.as_json:
        show(f"{draft.file}: {edit.what}")
    saved, code = settle(draft, effect, wish)
    if wish.as_json:
        show_json(Outcome(str(draft.file), edit.what, saved=saved, effect=effect))
    return code


def settle(draft: Draft, effect: Effect | None, wish: Wish) -> tuple[bool, int]:
    """Show an effect and save the draft if that is wished; whether it is saved, and the exit code.

    Without an effect, none is shown.
    """
    from digest.keywords.editing.drafts import save

    if effect and not wish.as_json:
        from digest.cli.effects import show_effect

        show_effect(effect, everything=wish.everything)
        if draft.config.arxiv.scope == "topics":
            say(_SCOPE)
    consent, code = _consent(wish)
    if consent:
        save(draft)
        say(_SAVED)
    return consent, code


def _consent(wish: Wish) -> tuple[bool, int]:
    """Whether to save; if not, says so. And the exit code."""
    if wish.dry_run:
        say(_NOTHING)
        return False, 0
    if wish.really:
        return True, 0
    if wish.as_json or not sys.stdin.isatty():
        say(_NOBODY)
        return False, 2
    try:
        consent = click.confirm("Save this?", err=True)
    except click.Abort:  # Ctrl-C
        say(f"\n{_NOTHING}")
        return False, 130
    if not consent:
        say(_NOTHING)
    return consent, 0
