"""pydantic's errors, in words for the person who edits the file."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from digest.config.lines import Location
from digest.config.mistakes import kind, shown
from digest.model.errors import Problem


@dataclass(frozen=True, slots=True)
class Source:
    """A file, the model it follows and the lines of its keys.

    `variables` names the environment variables that stand for some of its keys.
    """

    name: str
    model: type[BaseModel]
    lines: Mapping[Location, int]
    variables: Mapping[Location, str]

    def problem(self, location: Location, what: str, *, line_of: Location | None = None) -> Problem:
        """A problem with the key at a location, on that key's line by default."""
        key, allowed = _key(location), _allowed(self.model, location)
        for length in range(len(location), 0, -1):
            variable = self.variables.get(location[:length])
            if variable:
                return Problem(variable, None, key, what, allowed)
        line = self.lines.get(location if line_of is None else line_of)
        return Problem(self.name, line, key, what, allowed)

    def problems(self, error: ValidationError) -> Iterator[Problem]:
        """Every problem that pydantic found."""
        for details in error.errors(include_url=False):
            location = details["loc"]
            if details["type"] == "too_short" and details["input"]:
                continue  # pydantic counts sound elements; each of the others is a problem itself
            if details["type"] == "missing":
                # A key that is not there stands on no line: the table that lacks it does.
                yield self.problem(location, "is missing", line_of=location[:-1])
            else:
                yield self.problem(location, self._what(details))

    def _what(self, details: ErrorDetails) -> str:
        value = details["input"]
        match details["type"]:
            case "mistake":
                return details["msg"]
            case "extra_forbidden":
                return f"unknown key{self._meant(details['loc'])}"
            case "too_short":
                return "is empty"
            case "greater_than_equal":
                return f"{shown(value)} is too small"
            case "less_than_equal":
                return f"{shown(value)} is too large"
            case "literal_error" if self._is_secret(details["loc"]):
                return "is none of these"
            case _ if self._is_secret(details["loc"]):
                return f"got {kind(value)}"
            case _:
                return f"got {shown(value)}"

    def _is_secret(self, location: Location) -> bool:
        """Whether nothing of the table at a location is to be shown."""
        field = self.model.model_fields.get(str(location[0])) if location else None
        return field is not None and not field.repr

    def _meant(self, location: Location) -> str:
        parent = _model(self.model, location[:-1])
        close = get_close_matches(str(location[-1]), parent.model_fields, 1) if parent else []
        return f", did you mean '{close[0]}'?" if close else ""


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """By line, and by place in lists on one; what has no line comes last."""
    return sorted(problems, key=lambda problem: (problem.line or sys.maxsize, _places(problem)))


def _places(problem: Problem) -> list[int]:
    return [int(place) for place in re.findall(r"\[(\d+)\]", problem.key)]


def _key(location: Location) -> str:
    """A dotted key with elements counted from 1: `topic[1].group[2].color`."""
    words = (f"[{step + 1}]" if isinstance(step, int) else f".{step}" for step in location)
    return "".join(words).removeprefix(".")


def _allowed(root: type[BaseModel], location: Location) -> str:
    """What a known key takes; for an unknown one, the keys that are known in its place."""
    *above, last = [step for step in location if isinstance(step, str)]
    parent = _model(root, tuple(above))
    if parent is None:
        return ""
    field = parent.model_fields.get(last)
    if field is None:
        return f"known: {', '.join(parent.model_fields)}"
    return field.description or ""


def _model(root: type[BaseModel], location: Location) -> type[BaseModel] | None:
    model: type[BaseModel] | None = root
    for step in location:
        if isinstance(step, str) and model:
            field = model.model_fields.get(step)
            model = _table(field) if field else None
    return model


def _table(field: FieldInfo) -> type[BaseModel] | None:
    """The model of a key that is a table or a list of tables."""
    return next(_models(field.annotation), None)


def _models(kind: object) -> Iterator[type[BaseModel]]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
    for part in get_args(kind):
        yield from _models(part)
