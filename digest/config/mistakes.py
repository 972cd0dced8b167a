"""Errors in values, whose texts are shown to the user as they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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


def kind(value: object) -> str:
    """What sort of value it is, for a message that must not show it."""
    if isinstance(value, str):
        return "a text"
    if isinstance(value, bool | dict | list | tuple):
        return shown(value)  # which says no more of these
    return "a number" if isinstance(value, int | float) else "a date or a time"


def repeated(values: Sequence[object]) -> Iterator[tuple[int, str]]:
    """The texts among values that were there before: their 0-based places, and what is wrong."""
    seen: dict[str, int] = {}
    for index, value in enumerate(values):
        if isinstance(value, str) and value.strip():
            first = seen.setdefault(value, index)
            if first != index:
                yield index, f"{value!r} already exists, as number {first + 1}"
