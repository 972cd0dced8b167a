"""What is wrong with a value, in words that reach the user as they are."""

from __future__ import annotations

from pydantic_core import PydanticCustomError

_LONGEST_SHOWN = 80


def mistake(what: str) -> PydanticCustomError:
    """An error whose text reaches the user as it is."""
    return PydanticCustomError("mistake", "{what}", {"what": what})


def shown(value: object) -> str:
    """A value of a TOML file as a message names it: short, on one line, as TOML writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list | tuple):
        return "a list" if value else "an empty list"
    if isinstance(value, str):
        return repr(value if len(value) <= _LONGEST_SHOWN else value[:_LONGEST_SHOWN] + "…")
    return str(value)[:_LONGEST_SHOWN]
