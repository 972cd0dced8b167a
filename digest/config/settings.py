"""`config/digest.toml` as frozen models: seven sections, each key with a default.

The description of a field says what is allowed; every problem with the key quotes it.
"""

from __future__ import annotations

import re
from datetime import date
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    SecretStr,
    Strict,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
)
from pydantic.json_schema import SkipJsonSchema

from digest.config.category import ALLOWED as CATEGORIES
from digest.config.category import Category, category_problem
from digest.config.mail import HostName, MailAddress
from digest.config.mistakes import mistake, shown
from digest.config.paths import ExistingFile, FilePath, FolderPath, LibraryFile, SecretFile
from digest.model import SOURCE, STYLES, Style, Topic

#: arXiv's terms of use: one request every three seconds (https://info.arxiv.org/help/api/tou.html).
POLITE_SECONDS = 3.0
DEFAULT_CRON = "30 6 * * 1-5"

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_CONTACT = re.compile(r"[!-~]{0,200}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")


def _style(value: object) -> Style:
    if isinstance(value, Style):  # the default
        return value
    if isinstance(value, str) and value in STYLES:
        return STYLES[value]
    raise ValueError


_Style = Annotated[
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
    return _is_this_machine(urlsplit(url).hostname or "")


def _is_this_machine(host: str) -> bool:
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


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True, defer_build=True)


def _text(pattern: str) -> WithJsonSchema:
    """The schema, for editors, of a text that is checked further than a pattern can."""
    return WithJsonSchema({"type": "string", "pattern": pattern})


_AN_URL = r"[Hh][Tt][Tt][Pp][Ss]?://[^\s?#@\\\x00-\x1f\x7f-\x9f]+"
_Url = Annotated[str, AfterValidator(_url), _text(f"^{_AN_URL}$")]
_PublicUrl = Annotated[str, AfterValidator(_public_url), _text(f"^(?:{_AN_URL})?$")]
_Date = Annotated[
    date,
    BeforeValidator(_date),
    WithJsonSchema({"type": "string", "format": "date", "pattern": f"^{_DATE.pattern}$"}),
]
_Contact = Annotated[str, AfterValidator(_contact), _text(f"^{_CONTACT.pattern}$")]
_Scope = Annotated[
    Literal["all", "topics"] | tuple[str, ...],
    PlainValidator(
        _scope,
        json_schema_input_type=Literal["all", "topics"]
        | Annotated[tuple[Category, ...], Field(min_length=1)],
    ),
]
_Day = Literal["mon", "tue", "wed", "thu", "fri", "month-end"]
_Cron = Annotated[str, AfterValidator(_cron), _text(r"^\s*\S+(?:\s+\S+){4}\s*$")]
_Timezone = Annotated[str, AfterValidator(_timezone), _text(r"^[A-Za-z][A-Za-z0-9_+/-]*$")]
_Whole = Annotated[int, Strict()]
_Number = Annotated[float, Strict()]


class ArxivSettings(_Section):
    """How arXiv is asked. Times are seconds."""

    api_url: _Url = Field(
        "https://export.arxiv.org/api/query",
        description="http:// or https://, a host and a path, such as "
        "https://export.arxiv.org/api/query",
    )
    oai_url: _Url = Field(
        "https://oaipmh.arxiv.org/oai",
        description="http:// or https://, a host and a path, such as https://oaipmh.arxiv.org/oai",
    )
    fallback_after_hours: _Number = Field(
        6.0, ge=0, le=720, allow_inf_nan=False, description="0 to 720"
    )
    delay_seconds: _Number = Field(
        POLITE_SECONDS,
        ge=0,
        le=3600,
        allow_inf_nan=False,
        description="3 to 3600; below 3 only where api_url is on this machine",
    )
    page_size: _Whole = Field(1000, ge=1, le=2000, description="a whole number from 1 to 2000")
    timeout_seconds: _Number = Field(
        120.0, ge=1, le=3600, allow_inf_nan=False, description="1 to 3600"
    )
    attempts: _Whole = Field(6, ge=1, le=20, description="a whole number from 1 to 20")
    deferred: tuple[_Date, ...] = Field(
        (), description="a list of dates such as 2026-11-26, without quotation marks"
    )
    contact: _Contact = Field(
        "", description="an e-mail address or a URL, without spaces, or empty"
    )
    scope: _Scope = Field("all", description=f'"all", "topics", or a list of {CATEGORIES}')

    @field_validator("delay_seconds")
    @classmethod
    def _polite(cls, delay: float, info: ValidationInfo) -> float:
        url = info.data.get("api_url")
        if delay < POLITE_SECONDS and url is not None and not is_loopback(url):
            raise mistake(f"{delay:g} is too small: arXiv asks for three seconds between requests")
        return delay


class DigestSettings(_Section):
    """What is written, and where. Paths are absolute."""

    days: tuple[_Day, ...] = Field(  # that none is there twice is seen by `load`
        _WEEKDAYS,  # type: ignore[arg-type]
        min_length=1,
        json_schema_extra={"uniqueItems": True},
        description="a list of mon, tue, wed, thu, fri, month-end, each at most once",
    )
    catch_up_days: _Whole = Field(30, ge=1, le=3660, description="a whole number from 1 to 3660")
    patience_hours: _Number = Field(36, ge=0, le=720, allow_inf_nan=False, description="0 to 720")
    style: _Style = Field(
        SOURCE,
        description=" or ".join(f'"{name}"' for name in STYLES),
        json_schema_extra={"default": SOURCE.name},
    )
    library: tuple[LibraryFile, ...] = Field(
        (), description="a list of files that can be read, .bib, .ris or .json"
    )
    order: Literal["newest", "relevance"] = Field(
        "newest", description='"newest", or "relevance", which needs a library'
    )
    output: FolderPath = Field(Path("output"), description="a folder")
    template: ExistingFile = Field(
        Path("templates/digest.md.j2"), description="a Jinja2 template file"
    )
    index: Annotated[bool, Strict()] = Field(True, description="true or false")
    archive: FilePath = Field(Path("output/.archive.sqlite3"), description="a file")

    @field_validator("order")
    @classmethod
    def _by_something(cls, order: str, info: ValidationInfo) -> str:
        if order == "relevance" and info.data.get("library", True) == ():
            raise mistake('order = "relevance" needs a library, which is empty')
        return order

    @property
    def weekdays(self) -> frozenset[int]:
        """The digest days as `date.weekday()` counts them."""
        return frozenset(_WEEKDAYS.index(day) for day in self.days if day in _WEEKDAYS)

    @property
    def month_end(self) -> bool:
        """Whether the last working day of a month is a digest day."""
        return "month-end" in self.days


class ScheduleSettings(_Section):
    """When `digest schedule` runs."""

    cron: _Cron = Field(
        DEFAULT_CRON, description="minute hour day month weekday, such as 30 6 * * 1-5"
    )
    timezone: _Timezone = Field("UTC", description="a name such as UTC or Europe/Berlin")


class NotifySettings(_Section):
    """Who gets a notice when a person is needed; `urls` are Apprise's, between white space."""

    urls_file: SecretFile = Field(
        "",  # type: ignore[assignment]
        description="a file with one address a line that only you can read, or empty",
    )
    urls: SkipJsonSchema[SecretStr] = Field(
        SecretStr(""), description="only as DIGEST_NOTIFY__URLS, or in the file of urls_file"
    )

    @property
    def is_wanted(self) -> bool:
        """Whether notices are configured."""
        return bool(self.urls or self.urls_file)


class SiteSettings(_Section):
    """Web pages made of the digests; `url` is where others read them, "" if nowhere."""

    enabled: Annotated[bool, Strict()] = Field(False, description="true or false")
    url: _PublicUrl = Field(
        "",
        description="http:// or https://, a host and a path, such as "
        "https://you.github.io/papers, or empty",
    )


class SendSettings(_Section):
    """To whom digests are sent, and by which mail server."""

    receivers_file: SecretFile = Field(
        "",  # type: ignore[assignment]
        description="a file with a name and an address a line that only you can read, or empty",
    )
    enabled: Annotated[bool, Strict()] = Field(
        False, description="true or false; true needs receivers_file"
    )
    sender: MailAddress = Field("", description="a mail address, or empty if no receiver gets mail")
    host: HostName = Field(
        "", description="the name of a mail server, or empty if no receiver gets mail"
    )
    security: Literal["tls", "starttls", "none"] = Field(
        "tls", description='"tls", "starttls", or "none" where host is on this machine'
    )
    port: _Whole = Field(
        0, ge=0, le=65535, description="a whole number from 1 to 65535, or 0 for the default"
    )
    user: str = Field("", description="a text, or empty if the mail server asks for none")
    password_file: SecretFile = Field(
        "",  # type: ignore[assignment]
        description="a file with the password that only you can read, or empty",
    )
    password: SkipJsonSchema[SecretStr] = Field(
        SecretStr(""), description="only as DIGEST_SEND__PASSWORD, or in the file of password_file"
    )

    @field_validator("enabled")
    @classmethod
    def _to_somebody(cls, enabled: bool, info: ValidationInfo) -> bool:
        if enabled and info.data.get("receivers_file", True) is None:
            raise mistake("no receivers configured: receivers_file is empty")
        return enabled

    @field_validator("security")
    @classmethod
    def _private(cls, security: str, info: ValidationInfo) -> str:
        host = info.data.get("host")
        if security == "none" and host and not _is_this_machine(host):
            raise mistake("mail would cross the network unencrypted")
        return security


class FeedSettings(_Section):
    """The feeds of papers and of digests, in the folder `feeds` beside the digests."""

    enabled: Annotated[bool, Strict()] = Field(False, description="true or false")


#: What stands in the environment only: others may read a workspace's files, and keep copies.
SECRETS = {("notify", "urls"), ("send", "password")}


class Sections(_Section):
    """The whole of `digest.toml`."""

    arxiv: ArxivSettings = Field(description="a table, [arxiv]")
    digest: DigestSettings = Field(description="a table, [digest]")
    schedule: ScheduleSettings = Field(description="a table, [schedule]")
    #: Nothing of this and of [send] is ever shown, whatever was taken for what.
    notify: NotifySettings = Field(description="a table, [notify]", repr=False)
    site: SiteSettings = Field(description="a table, [site]")
    send: SendSettings = Field(description="a table, [send]", repr=False)
    feed: FeedSettings = Field(description="a table, [feed]")


class Config(Sections):
    """Everything that a workspace configures; paths are absolute.

    `topic_files` has the file of each topic, in the order of `topics`.
    """

    topics: tuple[Topic, ...]
    topic_files: tuple[Path, ...]
