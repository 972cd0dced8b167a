"""Values of `digest.toml`: what each kind may be, and what editors are told of it."""

from __future__ import annotations

import re
from datetime import date
from ipaddress import ip_address
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainSerializer,
    PlainValidator,
    Strict,
    WithJsonSchema,
)

from digest.config.category import Category, category_problem
from digest.config.mistakes import mistake, shown
from digest.model import STYLES, Style

DEFAULT_CRON = "30 6 * * 1-5"

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_CONTACT = re.compile(r"[!-~]{0,200}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")


def _style(value: object) -> Style:
    if isinstance(value, Style):  # the default
        return value
    if isinstance(value, str) and value in STYLES:
        return STYLES[value]
    raise ValueError


StyleName = Annotated[
    Style,
    PlainValidator(_style),
    PlainSerializer(str),
    WithJsonSchema({"enum": list(STYLES), "type": "string"}),
]


def _url(text: str) -> str:
    if not _is_url(text):
        raise mistake(f"{text!r} is not the address of an API")
    return text


def _public_url(text: str) -> str:
    if text and not _is_url(text):
        raise mistake(f"{text!r} is not the address of a site")
    return text


def _is_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
        good = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        good = False
    return bool(good) and not re.search(r"[\s?#@\\]", text) and not _CONTROL.search(text)


def is_loopback(url: str) -> bool:
    """Whether an address is on this machine, where no pause is needed."""
    return is_this_machine(urlsplit(url).hostname or "")


def is_this_machine(host: str) -> bool:
    """Whether a host's name is one of this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _date(value: object) -> object:
    """A TOML date, or a text like one, as from the environment; pydantic would take more."""
    if type(value) is date or (isinstance(value, str) and _DATE.fullmatch(value)):
        return value
    raise mistake(f"got {shown(value)}")


def _scope(value: object) -> object:
    if value in ("all", "topics"):
        return value
    if not isinstance(value, list | tuple) or not value:
        raise mistake(f"got {shown(value)}")
    wrong = list(filter(None, map(_scope_problem, value)))
    if wrong:
        raise mistake("; ".join(wrong))
    return tuple(value)


def _scope_problem(name: object) -> str | None:
    if name in ("all", "topics"):
        return f'{name!r} stands alone, without brackets: scope = "{name}"'
    return category_problem(name) if isinstance(name, str) else f"got {shown(name)}"


def _contact(text: str) -> str:
    if not _CONTACT.fullmatch(text):
        raise mistake(f"{text!r} cannot be sent in a header")
    return text


def _one_line(text: str) -> str:
    if not text.strip() or len(text) > 100 or _CONTROL.search(text):
        raise mistake("must be one short line of text")
    return text


def _cron(expression: str) -> str:
    if expression != DEFAULT_CRON:
        # APScheduler costs 100 ms; it is asked only about an expression that somebody wrote.
        from digest.config.cron import cron_problem

        problem = cron_problem(expression)
        if problem:
            raise mistake(problem)
    return expression


def _timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise mistake(f"{name!r} is not a known time zone") from None
    return name


def _text(pattern: str) -> WithJsonSchema:
    """The schema, for editors, of a text that is checked further than a pattern can."""
    return WithJsonSchema({"type": "string", "pattern": pattern})


_AN_URL = r"[Hh][Tt][Tt][Pp][Ss]?://[^\s?#@\\\x00-\x1f\x7f-\x9f]+"
Url = Annotated[str, AfterValidator(_url), _text(f"^{_AN_URL}$")]
PublicUrl = Annotated[str, AfterValidator(_public_url), _text(f"^(?:{_AN_URL})?$")]
Date = Annotated[
    date,
    BeforeValidator(_date),
    WithJsonSchema({"type": "string", "format": "date", "pattern": f"^{_DATE.pattern}$"}),
]
Contact = Annotated[str, AfterValidator(_contact), _text(f"^{_CONTACT.pattern}$")]
Scope = Annotated[
    Literal["all", "topics"] | tuple[str, ...],
    PlainValidator(
        _scope,
        json_schema_input_type=Literal["all", "topics"]
        | Annotated[tuple[Category, ...], Field(min_length=1)],
    ),
]
Day = Literal["mon", "tue", "wed", "thu", "fri", "month-end"]
Cron = Annotated[str, AfterValidator(_cron), _text(r"^\s*\S+(?:\s+\S+){4}\s*$")]
Timezone = Annotated[str, AfterValidator(_timezone), _text(r"^[A-Za-z][A-Za-z0-9_+/-]*$")]
Line = Annotated[str, AfterValidator(_one_line), _text(r"^[^\x00-\x1f\x7f-\x9f]{1,100}$")]
Whole = Annotated[int, Strict()]
Number = Annotated[float, Strict()]
