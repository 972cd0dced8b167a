"""`config/digest.toml` as frozen models: seven sections, each key with a default.

The description of a field says what is allowed; every problem with the key quotes it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    Strict,
    ValidationInfo,
    field_validator,
)
from pydantic.json_schema import SkipJsonSchema

from digest.config.category import ALLOWED as CATEGORIES
from digest.config.mail import HostName, MailAddress
from digest.config.mistakes import mistake
from digest.config.paths import ExistingFile, FilePath, FolderPath, LibrarySource, SecretFile
from digest.config.values import (
    DEFAULT_CRON,
    WEEKDAYS,
    Contact,
    Cron,
    Date,
    Day,
    Line,
    Number,
    PublicUrl,
    Scope,
    StyleName,
    Timezone,
    Url,
    Whole,
    is_loopback,
    is_this_machine,
)
from digest.model import SOURCE, STYLES, Topic

#: arXiv's terms of use: one request every three seconds (https://info.arxiv.org/help/api/tou.html).
POLITE_SECONDS = 3.0


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True, defer_build=True)


class ArxivSettings(_Section):
    """How arXiv is asked. Times are seconds."""

    api_url: Url = Field(
        "https://export.arxiv.org/api/query",
        description="http:// or https://, a host and a path, such as "
        "https://export.arxiv.org/api/query",
    )
    oai_url: Url = Field(
        "https://oaipmh.arxiv.org/oai",
        description="http:// or https://, a host and a path, such as https://oaipmh.arxiv.org/oai",
    )
    fallback_after_hours: Number = Field(
        1.0, ge=0, le=720, allow_inf_nan=False, description="0 to 720"
    )
    delay_seconds: Number = Field(
        POLITE_SECONDS,
        ge=0,
        le=3600,
        allow_inf_nan=False,
        description="3 to 3600; below 3 only where api_url is on this machine",
    )
    page_size: Whole = Field(1000, ge=1, le=2000, description="a whole number from 1 to 2000")
    timeout_seconds: Number = Field(
        120.0, ge=1, le=3600, allow_inf_nan=False, description="1 to 3600"
    )
    attempts: Whole = Field(6, ge=1, le=20, description="a whole number from 1 to 20")
    deferred: tuple[Date, ...] = Field(
        (), description="a list of dates such as 2026-11-26, without quotation marks"
    )
    contact: Contact = Field("", description="an e-mail address or a URL, without spaces, or empty")
    scope: Scope = Field("all", description=f'"all", "topics", or a list of {CATEGORIES}')

    @field_validator("delay_seconds")
    @classmethod
    def _polite(cls, delay: float, info: ValidationInfo) -> float:
        url = info.data.get("api_url")
        if delay < POLITE_SECONDS and url is not None and not is_loopback(url):
            raise mistake(f"{delay:g} is too small: arXiv asks for three seconds between requests")
        return delay


class DigestSettings(_Section):
    """What is written, and where. Paths are absolute."""

    days: tuple[Day, ...] = Field(  # that none is there twice is seen by `load`
        WEEKDAYS,  # type: ignore[arg-type]
        min_length=1,
        json_schema_extra={"uniqueItems": True},
        description="a list of mon, tue, wed, thu, fri, month-end, each at most once",
    )
    catch_up_days: Whole = Field(30, ge=1, le=3660, description="a whole number from 1 to 3660")
    patience_hours: Number = Field(36, ge=0, le=720, allow_inf_nan=False, description="0 to 720")
    style: StyleName = Field(
        SOURCE,
        description=" or ".join(f'"{name}"' for name in STYLES),
        json_schema_extra={"default": SOURCE.name},
    )
    library: tuple[LibrarySource, ...] = Field(
        (),
        description="a list of files that can be read, .bib, .ris or .json, or of libraries in "
        "Zotero such as zotero: or zotero:users/123/collections/ABC",
    )
    marks: Annotated[bool, Strict()] = Field(True, description="true or false")
    order: Literal["newest", "relevance"] = Field(
        "newest", description='"newest", or "relevance", which needs a library or marks'
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
        nothing = info.data.get("library", True) == () and info.data.get("marks") is False
        if order == "relevance" and nothing:
            raise mistake('order = "relevance" needs a library, which is empty, or marks = true')
        return order

    @property
    def weekdays(self) -> frozenset[int]:
        """The digest days as `date.weekday()` counts them."""
        return frozenset(WEEKDAYS.index(day) for day in self.days if day in WEEKDAYS)

    @property
    def month_end(self) -> bool:
        """Whether the last working day of a month is a digest day."""
        return "month-end" in self.days


class ScheduleSettings(_Section):
    """When `digest schedule` runs."""

    cron: Cron = Field(
        DEFAULT_CRON, description="minute hour day month weekday, such as 30 6 * * 1-5"
    )
    timezone: Timezone = Field("UTC", description="a name such as UTC or Europe/Berlin")


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
    url: PublicUrl = Field(
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
    port: Whole = Field(
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
        if security == "none" and host and not is_this_machine(host):
            raise mistake("mail would cross the network unencrypted")
        return security


class FeedSettings(_Section):
    """The feeds of papers and of digests, in the folder `feeds` beside the digests."""

    enabled: Annotated[bool, Strict()] = Field(False, description="true or false")


class LlmSettings(_Section):
    """Summaries by a language model behind an OpenAI-compatible address."""

    enabled: Annotated[bool, Strict()] = Field(
        False, description="true or false; true needs base_url and model"
    )
    base_url: PublicUrl = Field(
        "", description="http:// or https://, such as http://127.0.0.1:11434/v1, or empty"
    )
    model: str = Field("", max_length=200, description="a model's name, or empty")
    language: Line = Field("English", description="the name of a language")
    prompt: FilePath = Field(Path("templates/summary.md.j2"), description="a Jinja2 template file")
    api_key_file: SecretFile = Field(
        "",  # type: ignore[assignment]
        description="a file with the key that only you can read, or empty",
    )
    api_key: SkipJsonSchema[SecretStr] = Field(
        SecretStr(""), description="only as DIGEST_LLM__API_KEY, or in the file of api_key_file"
    )
    embedding_model: str = Field(
        "", max_length=200, description="a model's name, or empty for none; needs base_url"
    )
    max_papers_per_day: Whole = Field(
        100, ge=0, le=10_000, description="a whole number from 0 to 10000"
    )
    max_tokens_per_day: Whole = Field(
        200_000, ge=0, le=100_000_000, description="a whole number from 0 to 100000000"
    )
    concurrency: Whole = Field(1, ge=1, le=8, description="a whole number from 1 to 8")
    timeout_seconds: Number = Field(60.0, ge=1, le=600, allow_inf_nan=False, description="1 to 600")
    price_per_million_tokens: Number = Field(
        0.0, ge=0, le=10_000, allow_inf_nan=False, description="0 to 10000"
    )

    @field_validator("model")
    @classmethod
    def _of_something(cls, model: str, info: ValidationInfo) -> str:
        if info.data.get("enabled") and not (model.strip() and info.data.get("base_url", True)):
            raise mistake("enabled = true needs base_url and model")
        return model

    @field_validator("embedding_model")
    @classmethod
    def _somewhere(cls, model: str, info: ValidationInfo) -> str:
        if model.strip() and not info.data.get("base_url", True):
            raise mistake("embedding_model needs base_url")
        return model.strip()


class ZoteroSettings(_Section):
    """Where libraries in Zotero are read, if `library` names some. Times are seconds."""

    url: PublicUrl = Field(
        "https://api.zotero.org", description="http:// or https:// and a host, or empty"
    )
    local_url: PublicUrl = Field(
        "http://127.0.0.1:23119/api", description="http:// or https:// and a host, or empty"
    )
    api_key_file: SecretFile = Field(
        "",  # type: ignore[assignment]
        description="a file with the key that only you can read, or empty",
    )
    api_key: SkipJsonSchema[SecretStr] = Field(
        SecretStr(""), description="only as DIGEST_ZOTERO__API_KEY, or in the file of api_key_file"
    )
    timeout_seconds: Number = Field(30.0, ge=1, le=600, allow_inf_nan=False, description="1 to 600")


#: What stands in the environment only: others may read a workspace's files, and keep copies.
SECRETS = {("notify", "urls"), ("send", "password"), ("llm", "api_key"), ("zotero", "api_key")}


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
    llm: LlmSettings = Field(description="a table, [llm]", repr=False)
    zotero: ZoteroSettings = Field(description="a table, [zotero]", repr=False)


class Config(Sections):
    """Everything that a workspace configures; paths are absolute.

    `topic_files` has the file of each topic, in the order of `topics`.
    """

    topics: tuple[Topic, ...]
    topic_files: tuple[Path, ...]
