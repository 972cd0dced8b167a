"""Overrides from the environment: `DIGEST_<SECTION>__<KEY>`, such as DIGEST_ARXIV__PAGE_SIZE."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import get_args, get_origin

from pydantic import BaseModel

from digest.config.settings import Sections

_PREFIX = "DIGEST_"


@dataclass(frozen=True, slots=True)
class Override:
    """One variable: `value` stands for `section.key` of `digest.toml`."""

    variable: str
    section: str
    key: str
    value: object


def overrides(environ: Mapping[str, str]) -> Iterator[Override]:
    """The overrides in an environment, by name; unknown keys are included as text.

    Text is taken as it is; numbers, lists, `true` and `false` are read as TOML writes them, lists
    also as words between commas.
    """
    for variable in sorted(environ):
        section, separator, key = variable.removeprefix(_PREFIX).lower().partition("__")
        if variable.startswith(_PREFIX) and separator:
            yield Override(variable, section, key, _value(section, key, environ[variable]))


def _value(section: str, key: str, text: str) -> object:
    model = Sections.model_fields.get(section)
    table = model.annotation if model else None
    if not (isinstance(table, type) and issubclass(table, BaseModel)):
        return text
    field = table.model_fields.get(key)
    if field is None:
        return text
    kinds = {get_origin(kind) or kind for kind in (field.annotation, *get_args(field.annotation))}
    if kinds & {bool, int, float}:
        return _toml(text)
    # A scope is a list or one of two words.
    if tuple in kinds and text not in {"all", "topics"}:
        return _toml(text) if text.startswith("[") else _between_commas(text)
    return text


def _between_commas(text: str) -> list[str]:
    return [word.strip() for word in text.split(",")]


def _toml(text: str) -> object:
    """The value that a TOML file would have; the text itself if it is not TOML."""
    try:
        document = tomllib.loads(f"value = {text}")
    except (ValueError, RecursionError):
        return text
    return document["value"] if len(document) == 1 else text
