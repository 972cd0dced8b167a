"""Notices: one when a person is needed, one when all is well again, and nothing else."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from desk import OAI_URL, URL, Desk, Silence, morning
from hypothesis import given
from hypothesis import strategies as st

from digest.cli import exit_code
from digest.config import Config, load
from digest.fetcher.calendar import Calendar
from digest.model.errors import (
    ArchiveError,
    ConfigError,
    LockHeld,
    NoticeError,
    TemplateError,
    UsageError,
    WriteError,
)
from digest.model.reports import RunReport, Standing, WorkspaceState
from digest.outlets.notices import Operator
from digest.outlets.notices.addresses import Address, addresses
from digest.outlets.notices.decision import Notice, due, failed
from digest.outlets.notices.sending import Delivery
from digest.runs.recording import fingerprint
from digest.simulator import Corpus, Fault

DAYS = Calendar().days(date(2026, 3, 2), date(2026, 3, 20))
CORPUS = Corpus.generate(seed=5, first=DAYS[0], last=DAYS[-1], per_day=6)
ALL = '[[topic]]\n[[topic.group]]\nkeywords = ["a"]\n'
ADDRESS = "json://user:hunter2@127.0.0.1/token"
ENVIRON = {
    "DIGEST_ARXIV__API_URL": URL,
    "DIGEST_ARXIV__OAI_URL": OAI_URL,
    "DIGEST_ARXIV__ATTEMPTS": "1",
}

STATES = st.sampled_from(WorkspaceState)


def stands(state: WorkspaceState) -> Standing:
    return Standing(state, "why", "then")


# What is due.


@pytest.mark.parametrize(
    ("state", "when_not_told", "when_told"),
    [
        (WorkspaceState.FAILED, "arxiv-daily-digest: failed", None),
        (WorkspaceState.STALLED, "arxiv-daily-digest: stalled", None),
        (WorkspaceState.WAITING, None, None),
        (WorkspaceState.QUIET, None, "arxiv-daily-digest: well again"),
        (WorkspaceState.FRESH, None, "arxiv-daily-digest: well again"),
    ],
)
def test_trouble_is_told_once_and_its_end_once(
    state: WorkspaceState, when_not_told: str | None, when_told: str | None
) -> None:
    titles = [
        notice.title if notice else None
        for notice in (due(told, stands(state)) for told in (False, True))
    ]
    assert titles == [when_not_told, when_told]


@given(st.lists(STATES))
def test_no_two_notices_in_a_row_are_alike_and_each_follows_a_change(
    states: list[WorkspaceState],
) -> None:
    told, sent = False, list[str]()
    for before, state in zip([None, *states], states, strict=False):
        notice = due(told, stands(state))
        if notice:
            told = not told
            sent.append(notice.kind)
            assert state != before
    assert sent == ["failure", "success"] * (len(sent) // 2) + ["failure"] * (len(sent) % 2)


# When it is sent.


class Post:
    """A postman that keeps what it is given, and delivers while it is `open`."""

    def __init__(self) -> None:
        self.notices: list[Notice] = []
        self.open = True

    def __call__(self, notice: Notice, to: Sequence[Address]) -> Delivery:
        self.notices.append(notice)
        names = tuple(f"{address.name}: closed" for address in to)
        return Delivery(len(to)) if self.open else Delivery(0, names)

    def titles(self) -> list[str]:
        """What came since the last call."""
        titles = [notice.title.removeprefix("arxiv-daily-digest: ") for notice in self.notices]
        self.notices.clear()
        return titles


@contextmanager
def nobody_else() -> Iterator[None]:
    yield


class Told(Desk):
    """A desk whose runs are told about by a post of their own."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, CORPUS, environ=ENVIRON, topics=ALL)
        self.post = Post()
        self.silence = Silence()

    @property
    def operator_config(self) -> Config:
        """The configuration with an address, which that of the desk's own runs has not."""
        return load(self.folder, {**ENVIRON, "DIGEST_NOTIFY__URLS": ADDRESS})

    @property
    def operator(self) -> Operator:
        return Operator(self.operator_config, self.folder / "cache", nobody_else, self.post)

    def run_on(self, day: date) -> RunReport:
        with self.operator.watching("run", self.app.status, self.silence):
            return super().run_on(day)


@pytest.fixture
def desk(tmp_path: Path) -> Told:
    return Told(tmp_path)


def test_runs_that_fail_are_told_once_and_once_when_they_are_well_again(desk: Told) -> None:
    desk.run_on(DAYS[2])
    assert desk.post.titles() == []
    desk.arxiv.fail(Fault.status(403, times=2))
    desk.run_on(DAYS[3])
    (notice,) = desk.post.notices
    assert notice.kind == "failure"
    assert "HTTP 403" in notice.text
    assert str(desk.folder / "output") in notice.text
    assert desk.post.titles() == ["failed"]
    desk.run_on(DAYS[3])
    assert desk.post.titles() == []
    desk.run_on(DAYS[4])
    assert desk.post.titles() == ["well again"]
    desk.run_on(DAYS[5])
    assert desk.post.titles() == []


def test_a_day_is_told_when_it_has_waited_beyond_its_patience(desk: Told) -> None:
    desk.run_on(DAYS[2])
    desk.arxiv.fail(Fault.status(503, times=None))
    titles = []
    for day in DAYS[3:7]:  # Thursday, Friday, Monday, Tuesday; patience is a day and a half
        desk.run_on(day)
        titles.append(desk.post.titles())
    assert titles == [[], [], ["stalled"], []]


def test_a_run_that_an_error_ends_is_told_and_the_error_stays_what_it_is(desk: Told) -> None:
    template = desk.folder / "templates/digest.md.j2"
    text = template.read_text()
    template.write_text("{% mistake %}")
    with pytest.raises(TemplateError) as error:
        desk.run_on(DAYS[2])
    assert error.value.message in desk.post.notices[0].text
    with pytest.raises(TemplateError):
        desk.run_on(DAYS[3])
    assert desk.post.titles() == ["failed"]
    template.write_text(text)
    desk.run_on(DAYS[4])
    assert desk.post.titles() == ["well again"]


def test_an_archive_that_cannot_be_used_is_told_once_too(desk: Told) -> None:
    archive = desk.folder / "output/.archive.sqlite3"
    archive.write_bytes(b"no database at all, and longer than its header" * 9)
    for day in DAYS[2:4]:
        with pytest.raises(ArchiveError):
            desk.run_on(day)
    assert desk.post.titles() == ["failed"]
    archive.unlink()
    desk.run_on(DAYS[4])
    desk.run_on(DAYS[5])
    assert desk.post.titles() == ["well again"]


def test_a_notice_that_nobody_accepts_ends_no_run_and_is_tried_again(desk: Told) -> None:
    desk.arxiv.fail(Fault.status(403, times=3))
    desk.post.open = False
    assert desk.run_on(DAYS[2]).exit_code == 1
    assert desk.run_on(DAYS[2]).exit_code == 1
    assert (
        desk.silence.unsent == ["a notice was not sent: DIGEST_NOTIFY__URLS, address 1: closed"] * 2
    )
    desk.post.open = True
    desk.run_on(DAYS[3])
    assert desk.post.titles() == ["failed"] * 3
    desk.post.open = False
    assert desk.run_on(DAYS[4]).exit_code == 0
    desk.post.open = True
    desk.run_on(DAYS[5])
    desk.run_on(DAYS[6])
    assert desk.post.titles() == ["well again"] * 2


def test_what_one_address_accepted_is_told(desk: Told) -> None:
    def half(notice: Notice, to: Sequence[Address]) -> Delivery:  # noqa: ARG001
        return Delivery(1, ("address 2: closed",))

    operator = Operator(desk.operator_config, desk.folder / "cache", nobody_else, half)
    with pytest.raises(NoticeError, match="address 2: closed"):
        operator.notify(stands(WorkspaceState.FAILED))
    operator.notify(stands(WorkspaceState.FAILED))


@pytest.mark.parametrize("error", [LockHeld("by another"), UsageError("which day?")])
def test_what_was_no_run_is_not_told(error: Exception, desk: Told) -> None:
    with (
        pytest.raises(type(error)),
        desk.operator.watching("run", desk.app.status, desk.silence),
    ):
        raise error
    assert desk.post.titles() == []
    assert failed("run", ZeroDivisionError("a secret")).why == "`digest run`: ZeroDivisionError"


@pytest.mark.parametrize(("error", "sent"), [(LockHeld(""), []), (WriteError(""), ["failed"])])
def test_a_run_that_works_meanwhile_tells_it_and_a_folder_without_a_lock_hinders_nobody(
    error: Exception, sent: list[str], desk: Told
) -> None:
    @contextmanager
    def locked() -> Iterator[None]:
        raise error
        yield

    Operator(desk.operator_config, desk.folder / "cache", locked, desk.post).notify(
        stands(WorkspaceState.FAILED)
    )
    assert desk.post.titles() == sent


def test_two_runs_that_end_together_tell_it_once(desk: Told) -> None:
    @contextmanager
    def behind_another() -> Iterator[None]:
        desk.operator.notify(stands(WorkspaceState.FAILED))
        yield

    Operator(desk.operator_config, desk.folder / "cache", behind_another, desk.post).notify(
        stands(WorkspaceState.FAILED)
    )
    assert desk.post.titles() == ["failed"]


# Where it is sent, and what is never shown.


def test_addresses_come_from_the_environment_and_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "urls"
    file.write_text("# ours\n\n  json://c/d \nmailto://e\n")
    file.chmod(0o640)
    found = addresses("json://a\n json://b", file)
    assert [address.url for address in found] == [
        *("json://a", "json://b", "json://c/d", "mailto://e")
    ]
    assert [address.name for address in found] == [
        *("DIGEST_NOTIFY__URLS, address 1", "DIGEST_NOTIFY__URLS, address 2"),
        *(f"{file}:3", f"{file}:4"),
    ]
    assert "json" not in repr(found)


@pytest.mark.parametrize(
    ("content", "mode", "problem"),
    [
        (b"json://hunter2", 0o604, "other users can read or change it"),
        (b"json://hunter2", 0o602, "other users can read or change it"),
        (b"json://hunter2\xff", 0o600, "is not UTF-8"),
        (b"# json://hunter2\n", 0o600, "is empty"),
    ],
)
def test_a_file_of_addresses_that_cannot_be_used(
    content: bytes, mode: int, problem: str, tmp_path: Path
) -> None:
    file = tmp_path / "urls"
    file.write_bytes(content)
    file.chmod(mode)
    if os.name != "posix" and "everybody" in problem:
        pytest.skip("this system keeps rights elsewhere")
    with pytest.raises(ConfigError) as error:
        addresses("", file)
    assert error.value.exit_code == 2
    assert str(file) in error.value.message
    assert problem in error.value.message
    assert "hunter2" not in f"{error.value!r} {error.value.__cause__!r} {error.value.hint}"
    assert error.value.__suppress_context__ or error.value.__context__ is None


def test_a_missing_file_of_addresses_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"urls: notify\.urls_file: cannot be read: No such file"):
        addresses(ADDRESS, tmp_path / "urls")


@pytest.mark.parametrize(
    ("line", "where", "problem"),
    [
        (f"[notify]\nurls = '{ADDRESS}'", ":2: notify.urls", "is a secret, which does not belong"),
        (
            f"[notify]\nurls = ['{ADDRESS}']",
            ":2: notify.urls",
            "is a secret, which does not belong",
        ),
        (f"[notify]\nurl = '{ADDRESS}'", ":2: notify.url", "unknown key, did you mean 'urls'?"),
        (f"[notify]\nurls_file = '{ADDRESS}'", ":2: notify.urls_file", "is not a valid path"),
        (f"[notify]\nurls_file = ['{ADDRESS}']", ":2: notify.urls_file", "is not a valid path"),
        (f"notify = '{ADDRESS}'", ":1: notify", "got a text"),
        (f"[[notify]]\nurls = '{ADDRESS}'", ":1: notify", "got a list"),
        (f"[notifi]\nurls = '{ADDRESS}'", ":1: notifi", "unknown key, did you mean 'notify'?"),
        (f"[notify]\nurls = {ADDRESS}", ":2: syntax", ""),
    ],
)
def test_an_address_in_the_settings_is_refused_and_not_repeated(
    line: str, where: str, problem: str, desk: Told, capsys: pytest.CaptureFixture[str]
) -> None:
    (desk.folder / "config/digest.toml").write_text(line)
    assert exit_code(["-C", str(desk.folder), "status"]) == 2
    told = capsys.readouterr().err
    assert f"digest.toml{where}: {problem}" in told
    assert "hunter2" not in told
    assert "token" not in told


@pytest.mark.parametrize("name", ["NOTIFY__URL", "NOTIFY__URLS_FILE", "NOTIFI__URLS"])
def test_an_address_in_the_wrong_variable_is_not_repeated(name: str, desk: Told) -> None:
    desk.configure(**{f"DIGEST_{name}": ADDRESS})
    with pytest.raises(ConfigError) as error:
        _ = desk.config
    assert f"DIGEST_{name}: " in str(error.value)
    assert "hunter2" not in f"{error.value} {error.value!r}"


def test_the_configuration_neither_shows_addresses_nor_depends_on_them(desk: Told) -> None:
    plain = fingerprint(desk.config)
    config = desk.operator_config
    assert config.notify.urls.get_secret_value() == ADDRESS
    assert "hunter2" not in f"{config!r} {config} {config.notify!r} {config.model_dump_json()}"
    assert fingerprint(config) == plain


def test_a_workspace_without_addresses_tells_nobody(desk: Desk) -> None:
    desk.arxiv.fail(Fault.status(403, times=None))
    silence = Silence()
    desk.now = morning(DAYS[2])
    assert desk.app.run(None, None, silence).exit_code == 1
    assert silence.unsent == []
