"""Read all files and the environment, and report everything that is wrong at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from pydantic import ValidationError

from digest.config.defaults import SHIPPED
from digest.config.environment import overrides
from digest.config.keywords import read_topics
from digest.config.lines import Location
from digest.config.mistakes import repeated
from digest.config.problems import Source, in_order
from digest.config.reading import MISSING, Texts, UnreadableError, read
from digest.config.settings import SECRETS, Config, Sections
from digest.model.errors import ConfigError, Problem

#: Where the settings are in a workspace.
DIGEST_FILE = Path("config", "digest.toml")

_EDIT = "Edit the lines named above and run the command again."
_INIT = "`digest init` makes a new workspace with every file; -C DIR uses the one in DIR."
_COPY = "`digest init` in an empty folder makes one to copy."


def load(workspace: Path, environ: Mapping[str, str], texts: Texts | None = None) -> Config:
    """The configuration of a workspace.

    `texts` are read in place of the files at their absolute paths, whether these exist or not.
    Raises ConfigError with every problem of `config/digest.toml`, of `config/keywords.toml`, of
    the files in `config/topics/` and of the DIGEST_<SECTION>__<KEY> variables.
    """
    problems: list[Problem] = []
    given = {path.absolute(): text for path, text in (texts or {}).items()}
    sections = _sections(workspace, environ, given, problems)
    keywords = read_topics(workspace, given, problems)
    if sections is None or problems:
        raise ConfigError(problems, hint=_advice(workspace, problems))
    return Config.model_construct(
        arxiv=sections.arxiv,
        digest=sections.digest,
        schedule=sections.schedule,
        notify=sections.notify,
        site=sections.site,
        send=sections.send,
        feed=sections.feed,
        llm=sections.llm,
        zotero=sections.zotero,
        topics=keywords.topics,
        topic_files=keywords.files,
    )


def _advice(workspace: Path, problems: Sequence[Problem]) -> str:
    if all(problem.what != MISSING for problem in problems):
        return _EDIT
    # `digest init` overwrites nothing: where any of its files is, it makes none.
    return _COPY if any((workspace / name).exists() for name in SHIPPED) else _INIT


def _sections(
    workspace: Path, environ: Mapping[str, str], texts: Texts, problems: list[Problem]
) -> Sections | None:
    file = workspace / DIGEST_FILE
    data: dict[str, object] = {}
    lines: Mapping[Location, int] = {}
    try:
        data, lines = read(file, texts)
    except UnreadableError as error:
        problems.append(error.problem)
    found = list(_secrets(Source(str(file), Sections, lines, {}), data))
    variables = _override(data, environ)
    for section in Sections.model_fields:
        data.setdefault(section, {})
    source = Source(str(file), Sections, lines, variables)
    sections = None
    try:
        sections = Sections.model_validate(data, context={"workspace": workspace})
    except ValidationError as error:
        found += source.problems(error)
    found += _repeated_days(source, data)
    problems += in_order(found)
    return sections


def _secrets(source: Source, data: dict[str, object]) -> Iterator[Problem]:
    """Remove from a file's data what does not belong in a file."""
    for section, key in SECRETS:
        table = data.get(section)
        if isinstance(table, dict) and key in table:
            del table[key]
            yield source.problem((section, key), "is a secret, which does not belong in this file")


def _repeated_days(source: Source, data: dict[str, object]) -> Iterator[Problem]:
    """Checked in the raw data: among invalid days the model would not report them."""
    table = data.get("digest")
    days = table.get("days") if isinstance(table, dict) else None
    for index, what in repeated(days if isinstance(days, list) else ()):
        yield source.problem(("digest", "days", index), what)


def _override(data: dict[str, object], environ: Mapping[str, str]) -> dict[Location, str]:
    """Put the environment's values over the file's; returns which variable gave which key."""
    variables: dict[Location, str] = {}
    for override in overrides(environ):
        table = data.setdefault(override.section, {})
        if override.section not in Sections.model_fields:
            variables[(override.section,)] = override.variable
        if isinstance(table, dict):
            table[override.key] = override.value
            variables[override.section, override.key] = override.variable
    return variables
