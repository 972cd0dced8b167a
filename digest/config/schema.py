"""JSON Schemas of both configuration files, by which editors complete and check them.

They accept what loading accepts, and reject what a schema can detect. Only loading detects what
depends on files and other keys, such as paths, time zones and duplicate names.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from digest.config.defaults import shipped
from digest.config.lines import key_lines
from digest.config.settings import Sections
from digest.config.topics import KeywordsFile

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schemas() -> dict[str, str]:
    """The text of each schema by its file's name in a workspace."""
    settings = _schema(Sections, "config/digest.toml")
    # Every section may be left out: loading puts an empty one in its place.
    del settings["required"]
    keywords = _schema(KeywordsFile, "config/keywords.toml")
    return {
        "config/digest.schema.json": _written(settings),
        "config/keywords.schema.json": _written(keywords),
    }


def _written(schema: JsonSchemaValue) -> str:
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _schema(model: type[BaseModel], file: str) -> JsonSchemaValue:
    schema = model.model_json_schema(schema_generator=_ForEditors)
    _explain(schema, schema["$defs"], (), _comments(shipped(file)))
    return {"$schema": _DIALECT, "title": f"arxiv-daily-digest: {file}", **schema}


class _ForEditors(GenerateJsonSchema):
    """Without what TOML does not have (null) and without the names of this program's classes."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        written = super().default_schema(schema)
        if "default" in written and written["default"] is None:
            del written["default"]
        return written

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        written = super().model_schema(schema)
        return {key: written[key] for key in written if key not in ("title", "description")}

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002
        return False


def _comments(text: str) -> dict[tuple[str, ...], str]:
    """The comment right above each key, where it stands first in a commented file."""
    lines = text.splitlines()
    found: dict[tuple[str, ...], str] = {}
    for location, line in key_lines(text).items():
        key = tuple(step for step in location if isinstance(step, str))
        above = line - 1
        while above and lines[above - 1].startswith("#"):
            above -= 1
        comment = "\n".join(line.removeprefix("#").strip() for line in lines[above : line - 1])
        if comment:
            found.setdefault(key, comment)
    return found


def _explain(
    schema: JsonSchemaValue,
    definitions: Mapping[str, JsonSchemaValue],
    above: tuple[str, ...],
    comments: Mapping[tuple[str, ...], str],
) -> None:
    """Put the commented file's words before what is allowed, table by table."""
    for name, key in schema.get("properties", {}).items():
        place = (*above, name)
        if place in comments:
            key["description"] = f"{comments[place]}\n\nAllowed: {key['description']}"
        for table in re.findall(r'"#/\$defs/(\w+)"', json.dumps(key)):
            _explain(definitions[table], definitions, place, comments)
