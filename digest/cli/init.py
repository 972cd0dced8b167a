"""`digest init`."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import NamedTuple

import click

from digest.cli.terminal import say, show

_NEXT = """\
A new workspace in {folder}

  config/keywords.toml    {topics}
  config/digest.toml      everything else
  templates/digest.md.j2  the form of a digest
  output/                 the digests

Next, {go}
"""

_EDIT = """\
  write your keywords into
    config/keywords.toml
"""

_CONTACT = """\
  write your e-mail address into
    config/digest.toml, as [arxiv] contact: arXiv slows down programs without one
"""

_RUN = """\
  digest run
    the latest papers of arXiv
  digest simulate
    to try it on invented papers first
"""

_QUESTIONS = "Three questions; Enter skips one. The files can be edited at any time."


class _Wishes(NamedTuple):
    """What a new workspace is to be about."""

    categories: tuple[str, ...]
    keywords: tuple[str, ...]
    name: str
    contact: str

    @property
    def has_topic(self) -> bool:
        return bool(self.categories or self.keywords or self.name)


@click.command()
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--category",
    "categories",
    multiple=True,
    metavar="C",
    help="Only papers of this arXiv category, such as quant-ph or cs.*. Can be given again.",
)
@click.option(
    "--keyword",
    "keywords",
    multiple=True,
    metavar="W",
    help="A text to look for in abstracts. Can be given again.",
)
@click.option("--name", default="", metavar="N", help="The name of the topic.")
@click.option(
    "--contact",
    default="",
    metavar="ADDRESS",
    help="Your e-mail address or web page, sent to arXiv so that it can reach you.",
)
@click.option("--template", is_flag=True, help="Restore templates/digest.md.j2 if it is missing.")
@click.option("--config", is_flag=True, help="Restore config/digest.toml if it is missing.")
@click.pass_context
def init(
    context: click.Context,
    folder: Path | None,
    categories: tuple[str, ...],
    keywords: tuple[str, ...],
    name: str,
    contact: str,
    template: bool,
    config: bool,
) -> None:
    """Make a new workspace in FOLDER (default: the current one).

    With --category and --keyword it is about these and nothing else:

    \b
      digest init papers --keyword qubit
    """
    from digest.config.starting import keyword_file, settings_file
    from digest.config.workspace import create, restore

    place = folder or context.obj or Path()
    if template or config:
        names = ["templates/digest.md.j2"] * template + ["config/digest.toml"] * config
        for file in [restore(place, each) for each in names]:
            show(f"Written: {file}")
        return
    wishes = _Wishes(categories, keywords, name, contact)
    if wishes == _Wishes((), (), "", "") and sys.stdin.isatty() and sys.stderr.isatty():
        wishes = _asked()
    texts = {"config/digest.toml": settings_file(wishes.contact)}
    if wishes.has_topic:
        texts["config/keywords.toml"] = keyword_file(
            wishes.name, wishes.categories, wishes.keywords
        )
    create(place, texts)
    go = "in this folder:" if place == Path() else f"after `cd {shlex.quote(str(place))}`:"
    topics = "your topic" if wishes.has_topic else "your topics; the file is an example"
    show(
        _NEXT.format(folder=place.absolute(), go=go, topics=topics)
        + _EDIT * (not wishes.has_topic)
        + _CONTACT * (not wishes.contact)
        + _RUN
    )


def _asked() -> _Wishes:
    """What a person at a terminal answers."""
    say(_QUESTIONS)

    def answer(question: str, default: str) -> str:
        return (
            str(click.prompt(question, default="", show_default=False, err=True)).strip() or default
        )

    keywords = _parts(answer("Keywords, with commas between them (Enter: an example)", ""))
    categories: tuple[str, ...] = ()
    if keywords:
        categories = _parts(answer("arXiv categories, such as quant-ph, cs.CL (Enter: all)", ""))
    contact = answer("Your e-mail address for arXiv (Enter: later)", "")
    return _Wishes(categories, keywords, "", contact)


def _parts(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (part.strip() for part in text.split(","))))
