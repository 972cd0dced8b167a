"""`digest init`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from digest.cli.terminal import say, show

if TYPE_CHECKING:
    from digest.config.starting import Start

_NEXT = """\
A new workspace in {folder}

  config/keywords.toml    your topics
  config/digest.toml      everything else
  templates/digest.md.j2  the form of a digest
  output/                 the digests

Next, {go}
{todo}  digest run
    the latest papers of arXiv
  digest simulate
    to try it on invented papers first
"""
_KEYWORDS = """\
  write your keywords into
    config/keywords.toml
"""
_CONTACT = """\
  write your e-mail address into
    config/digest.toml, as [arxiv] contact: arXiv slows down programs without one
"""
_SKIP = "Three questions; Enter skips one. Without an answer you get the example about LLMs."


@click.command()
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--category",
    "categories",
    metavar="C",
    multiple=True,
    help="Only papers of this arXiv category, such as quant-ph or cs.*; may be repeated.",
)
@click.option(
    "--keyword",
    "keywords",
    metavar="W",
    multiple=True,
    help="A word or phrase to look for; may be repeated: a paper needs one of them.",
)
@click.option("--name", default="", metavar="N", help="The topic's name. Default: the category.")
@click.option(
    "--contact", default="", metavar="C", help="Your e-mail address or web page, for arXiv."
)
@click.option("--config", is_flag=True, help="Only write the files of config/ that are missing.")
@click.option(
    "--template", is_flag=True, help="Only write the files of templates/ that are missing."
)
@click.pass_context
def init(
    context: click.Context,
    folder: Path | None,
    categories: tuple[str, ...],
    keywords: tuple[str, ...],
    name: str,
    contact: str,
    config: bool,
    template: bool,
) -> None:
    """Make a new workspace in FOLDER (default: the current one).

    \b
    Examples:
      digest init --keyword qubit
      digest init papers
      digest init --template
    """
    from digest.config.starting import Start
    from digest.config.workspace import create

    place = folder or context.obj or Path()
    start = Start(categories, keywords, name, contact)
    if config or template:
        if start != Start():
            raise click.UsageError("--config and --template write the shipped files only.")
        _restore(place, [*["config"] * config, *["templates"] * template])
        return
    if start == Start() and sys.stdin.isatty() and sys.stderr.isatty():
        start = _asked()
    if not start.is_example and not start.keywords:
        raise click.UsageError("Missing keyword: give --keyword W, such as --keyword qubit.")
    create(place, start)
    show(_next(place, start))


def _restore(folder: Path, kinds: list[str]) -> None:
    from digest.config.workspace import restore

    written = [file for kind in kinds for file in restore(folder, kind)]
    for file in written:
        show(f"written: {file}")
    if not written:
        show("Nothing to do: no file is missing.")


def _asked() -> Start:
    """The answers of somebody at a terminal; the example if there are none."""
    from digest.config.starting import Start

    say(_SKIP)
    keywords = _words("Keywords, with commas between (such as: qubit, error correction)")
    categories = _words("arXiv categories (such as: quant-ph; none: all)") if keywords else ()
    contact = click.prompt(
        "Your e-mail address, for arXiv", default="", show_default=False, err=True
    )
    return Start(categories, keywords, contact=contact.strip())


def _words(question: str) -> tuple[str, ...]:
    answer: str = click.prompt(question, default="", show_default=False, err=True)
    return tuple(word.strip() for word in answer.split(",") if word.strip())


def _next(place: Path, start: Start) -> str:
    from shlex import quote

    go = "in this folder:" if place == Path() else f"after `cd {quote(str(place))}`:"
    todo = _KEYWORDS * start.is_example + _CONTACT * (not start.contact)
    return _NEXT.format(folder=place.absolute(), go=go, todo=todo)
