"""Who gets which digest, and when: each once, again after a failure, and no old ones."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest
from desk import Desk, morning
from hypothesis import given
from hypothesis import strategies as st
from postbox import CERTIFICATE, PASSWORD, USER, postbox

from digest.archive import Archive, DigestRecord
from digest.cli import exit_code
from digest.fetcher.calendar import Calendar
from digest.model import Outcome, Period
from digest.model.errors import ConfigError, SendError, SendLater, UsageError
from digest.model.reports import RunReport
from digest.outlets.mail import Sending
from digest.outlets.mail.due import due, first_for_new
from digest.outlets.mail.receivers import receivers
from digest.outlets.mail.sending import after_run
from digest.outlets.post.letters import Answer, Chat, Letter, Result, Server
from digest.simulator import Corpus, Fault

DAYS = Calendar().days(date(2026, 3, 2), date(2026, 3, 20))
CORPUS = Corpus.generate(seed=5, first=date(2026, 2, 23), last=DAYS[-1], per_day=6)
ALL = '[[topic]]\n[[topic.group]]\nkeywords = ["a"]\n'
NONE = '[[topic]]\n[[topic.group]]\nkeywords = ["no such word"]\n'

HIDDEN = "hunter2"
ANA, BOB, LAB = "ana ana@example.org", "bob bob@example.org", f"lab json://{HIDDEN}/x"


# What is due.


def record(day: date, papers: int = 3) -> DigestRecord:
    return DigestRecord(Period.of(day), "complete", papers, None)


def test_nothing_is_due_of_old_digests_empty_ones_and_those_before_a_receiver_came() -> None:
    records = [record(day) for day in DAYS[:5]] + [record(DAYS[5], papers=0)]
    assert first_for_new(records) == DAYS[4]
    assert first_for_new([records[5]]) is None
    begins = {"ana": DAYS[0], "bob": DAYS[3], "eve": DAYS[5]}
    assert due(records, begins, {(DAYS[3], "ana")}, oldest=DAYS[2]) == [
        (records[2], ("ana",)),
        (records[3], ("bob",)),
        (records[4], ("ana", "bob")),
    ]


STEPS = st.lists(
    st.tuples(st.sampled_from("abc"), st.booleans(), st.integers(0, 2)), min_size=1, max_size=12
)


@given(STEPS)
def test_everybody_gets_every_digest_from_the_first_on_once_whatever_fails(
    steps: list[tuple[str, bool, int]],
) -> None:
    records: list[DigestRecord] = []
    begins: dict[str, date] = {}
    sent: list[tuple[date, str]] = []
    for number, (name, works, papers) in enumerate([*steps, ("a", True, 1)]):
        records.append(record(DAYS[number], papers))
        first = first_for_new(records)
        if first is None:
            continue
        begins.setdefault(name, first)
        for one, names in due(records, begins, set(sent), date.min):
            sent += [(one.period.day, each) for each in names if works]
    assert len(sent) == len(set(sent))
    assert set(sent) == {
        (one.period.day, name)
        for one in records
        for name, begin in begins.items()
        if one.papers and one.period.day >= begin
    }


# Sending.


class Postman:
    """A post that keeps what it is given; `troubles` tells what comes of some addresses."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []
        self.troubles: dict[str, Result] = {}

    def __call__(
        self,
        letters: Sequence[Letter],
        server: Server | None = None,  # noqa: ARG002
        *,
        patience: float = 0.0,  # noqa: ARG002
    ) -> Iterator[tuple[int, Answer]]:
        for number, letter in enumerate(letters):
            self.letters.append(letter)
            yield number, Answer(self.troubles.get(address_of(letter), Result.SENT))

    def went(self) -> list[tuple[str, str]]:
        """The day and the address of each letter since the last call."""
        found = [(day_of(letter), address_of(letter)) for letter in self.letters]
        self.letters.clear()
        return found


def address_of(letter: Letter) -> str:
    return letter.url if isinstance(letter, Chat) else letter.address


def day_of(letter: Letter) -> str:
    text = letter.title if isinstance(letter, Chat) else letter.message
    return text.partition("arXiv digest ")[2][:10]


class Sender(Desk):
    """A desk with receivers and a postman."""

    def __init__(self, folder: Path, *lines: str, topics: str = ALL) -> None:
        super().__init__(folder, CORPUS, topics=topics)
        self.file = folder / "receivers"
        self.file.touch(0o600)
        self.receivers(*lines)
        self.post = Postman()
        self.configure(
            DIGEST_SEND__RECEIVERS_FILE=str(self.file),
            DIGEST_SEND__HOST="mail.example.org",
            DIGEST_SEND__SENDER="digest@example.org",
        )

    def receivers(self, *lines: str) -> None:
        self.file.write_text("\n".join(lines))

    @contextmanager
    def sending(self) -> Iterator[Sending]:
        path = self.config.digest.archive
        with Archive(path) as archive, self.app.editions() as editions:
            yield Sending(self.config, archive, editions, self.clock, self.post)

    def send(self, *names: str) -> list[tuple[str, str]]:
        """Send what is due; what went."""
        with self.sending() as sending:
            sending.send(sending.due(names))
        return self.post.went()

    def after(self, report: RunReport) -> RunReport:
        with self.sending() as sending:
            return after_run(report, sending)


@pytest.fixture
def desk(tmp_path: Path) -> Sender:
    return Sender(tmp_path, ANA, BOB)


def test_a_receiver_begins_with_the_newest_digest_and_gets_each_new_one(desk: Sender) -> None:
    for day in DAYS[1:4]:
        desk.run_on(day)
    assert desk.send() == [(str(DAYS[3]), "ana@example.org"), (str(DAYS[3]), "bob@example.org")]
    assert desk.send() == []
    desk.run_on(DAYS[4])
    desk.receivers(ANA, LAB)
    newest = str(DAYS[4])
    assert desk.send() == [(newest, "ana@example.org"), (newest, f"json://{HIDDEN}/x")]
    assert desk.send() == []


def test_what_failed_is_sent_later_in_order_and_keeps_nobody_from_theirs(desk: Sender) -> None:
    desk.run_on(DAYS[1])
    desk.post.troubles = {"ana@example.org": Result.REFUSED}
    with desk.sending() as sending:
        report = sending.send(sending.due())
    assert (report.days[0].sent, report.days[0].unsent[0].receiver) == (("bob",), "ana")
    assert isinstance(report.failure, SendError)
    assert report.exit_code == 1
    desk.post.went()
    desk.run_on(DAYS[2])
    days = [str(day) for day in DAYS[1:3]]
    assert desk.send() == [
        (days[0], "ana@example.org"),
        (days[1], "ana@example.org"),
        (days[1], "bob@example.org"),
    ]
    desk.post.troubles = {}
    assert desk.send() == [(day, "ana@example.org") for day in days]


def test_a_server_out_of_reach_is_tried_for_one_digest_only(desk: Sender) -> None:
    desk.post.troubles = {"ana@example.org": Result.UNREACHABLE}
    desk.run_on(DAYS[1])
    desk.send()
    desk.run_on(DAYS[2])
    with desk.sending() as sending:
        report = sending.send(sending.due())
    assert desk.post.went() == [
        (str(DAYS[1]), "ana@example.org"),
        (str(DAYS[2]), "bob@example.org"),
    ]
    assert isinstance(report.failure, SendLater)
    assert report.exit_code == 3


def test_what_has_failed_for_days_is_something_to_mend(desk: Sender) -> None:
    desk.post.troubles = {"ana@example.org": Result.UNREACHABLE}
    desk.run_on(DAYS[1])
    codes = []
    for day in range(6):
        desk.now = morning(DAYS[1]) + timedelta(days=day)
        with desk.sending() as sending:
            codes.append(sending.send(sending.due()).exit_code)
    assert codes == [3, 3, 3, 3, 1, 1]


def test_a_digest_that_gains_papers_is_not_sent_whole_again(desk: Sender) -> None:
    late = [paper.id for paper in CORPUS.papers(DAYS[1])[-3:]]
    desk.run_on(DAYS[0])
    desk.send()
    desk.arxiv.fail(Fault.stale(morning(DAYS[2]) - timedelta(hours=1), ids=late))
    desk.run_on(DAYS[1])
    assert {day for day, _ in desk.send()} == {str(DAYS[1])}
    assert any(day.joined for day in desk.run_on(DAYS[2]).days)
    assert {day for day, _ in desk.send()} == {str(DAYS[1]), str(DAYS[2])}
    assert desk.send() == []


def test_after_a_long_absence_only_the_last_days_are_sent(desk: Sender) -> None:
    desk.run_on(DAYS[1])
    desk.send()
    for day in DAYS[2:9]:
        desk.run_on(day)
    desk.configure(DIGEST_DIGEST__CATCH_UP_DAYS="3")
    went = sorted({day for day, _ in desk.send()})
    assert went == [str(day) for day in DAYS[2:9] if day >= DAYS[8] - timedelta(days=3)]


def test_a_day_can_be_named_however_old_and_is_sent_to_whom_has_not_got_it(desk: Sender) -> None:
    for day in DAYS[1:4]:
        desk.run_on(day)
    with desk.sending() as sending:
        sending.send(sending.of_day(DAYS[1], ["bob"]))
        assert desk.post.went() == [(str(DAYS[1]), "bob@example.org")]
        (told,) = sending.send(sending.of_day(DAYS[1])).days
        assert desk.post.went() == [(str(DAYS[1]), "ana@example.org")]
        assert (told.sent, told.sent_before) == (("ana",), ("bob",))
        with pytest.raises(UsageError, match="there is no digest of 2026-03-20"):
            sending.of_day(date(2026, 3, 20))
        with Archive(desk.config.digest.archive) as archive:
            day = date(2026, 2, 20)
            record = DigestRecord(Period.of(day), "imported", 0, None)
            archive.ledger.settle(record, desk.now)
        with pytest.raises(UsageError, match="the digest of 2026-02-20 was imported"):
            sending.of_day(day)
        with pytest.raises(UsageError, match="receiver 'eve' does not exist") as error:
            sending.due(["eve"])
    assert error.value.hint == "receivers are: ana, bob"


def test_a_digest_without_papers_is_not_sent(tmp_path: Path) -> None:
    desk = Sender(tmp_path, ANA, topics=NONE)
    desk.run_on(DAYS[1])
    assert desk.send() == []
    with desk.sending() as sending, pytest.raises(UsageError, match="has no papers"):
        sending.of_day(DAYS[1])


def test_to_look_at_what_would_be_sent_changes_nothing(desk: Sender) -> None:
    desk.receivers(ANA, BOB, LAB)
    desk.run_on(DAYS[1])
    before = desk.config.digest.archive.read_bytes()
    with desk.sending() as sending:
        mail, chat = sending.preview(sending.due(really=False)).messages
    assert (mail.way, mail.receivers) == ("mail", ("ana", "bob"))
    assert (chat.way, chat.receivers) == ("chat", ("lab",))
    assert "https://arxiv.org/abs/" in mail.text
    assert "https://arxiv.org/abs/" in chat.text
    assert desk.post.letters == []
    assert desk.config.digest.archive.read_bytes() == before


def test_a_test_is_on_no_record(desk: Sender) -> None:
    desk.run_on(DAYS[1])
    with desk.sending() as sending:
        report = sending.try_out(sending.test_parcel(["ana"]))
    assert report.days[0].sent == ("ana",)
    assert len(desk.post.went()) == 1
    assert len(desk.send()) == 2


def test_without_apprise_mail_goes_and_its_installation_is_named(
    desk: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.receivers(LAB, ANA)
    desk.run_on(DAYS[1])
    monkeypatch.setitem(sys.modules, "apprise", None)  # as Python marks what is not there
    with desk.sending() as sending:
        report = sending.send(sending.due())
    assert desk.post.went() == [(str(DAYS[1]), "ana@example.org")]
    assert "to lab: Apprise is not installed: python -m pip install apprise" in str(report.failure)


# At the end of a run.


def test_a_run_tells_what_it_sent_and_what_it_did_not(desk: Sender) -> None:
    desk.post.troubles = {"ana@example.org": Result.LATER}
    report = desk.after(desk.run_on(DAYS[1]))
    papers = len(CORPUS.papers(DAYS[1]))
    assert report.notes == (f"{DAYS[1]} ({papers} papers) sent to bob",)
    assert isinstance(report.failure, SendLater)
    assert report.exit_code == 3
    desk.arxiv.fail(Fault.status(403, times=1))
    report = desk.after(desk.run_on(DAYS[2]))
    assert "HTTP 403" in str(report.failure)
    assert report.exit_code == 1
    assert report.notes[-1] == (
        f"a digest was not sent: {DAYS[1]} to ana: the mail server does not accept it now"
    )


def test_a_run_sends_where_it_is_configured_and_its_record_says_how_that_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    desk = Sender(tmp_path, ANA)
    desk.run_on(DAYS[1])
    with postbox("starttls") as box:
        desk.configure(
            DIGEST_SEND__ENABLED="true",
            DIGEST_SEND__HOST="127.0.0.1",
            DIGEST_SEND__PORT=str(box.port),
            DIGEST_SEND__SECURITY="starttls",
            DIGEST_SEND__USER=USER,
            DIGEST_SEND__PASSWORD=PASSWORD[1:],
        )
        report = desk.run_on(DAYS[2])
        (run,) = desk.app.log(1).runs
        assert (report.exit_code, run.outcome) == (1, Outcome.FAILED)
        assert "to ana: the mail server does not accept user and password (535)" in run.problem
        assert desk.path(DAYS[2]).exists()
        desk.configure(DIGEST_SEND__PASSWORD=PASSWORD)
        report = desk.run_on(DAYS[2])
        assert (report.exit_code, report.notes[1:]) == (0, (f"{DAYS[2]} (6 papers) sent to ana",))
        assert len(desk.run_on(DAYS[2]).notes) == 1  # that nothing is due
        assert desk.app.log(1).runs[0].outcome is Outcome.DONE
    assert [address for address, _ in box.accepted] == ["ana@example.org"]


def test_receivers_that_cannot_be_read_endanger_no_digest(desk: Sender) -> None:
    desk.file.unlink()
    report = desk.after(desk.run_on(DAYS[1]))
    assert desk.path(DAYS[1]).exists()
    assert "send.receivers_file: cannot be read: No such file" in str(report.failure)
    assert report.exit_code == 2


# Receivers and settings.


def test_receivers_are_read_a_name_and_an_address_a_line(tmp_path: Path) -> None:
    file = tmp_path / "receivers"
    file.write_text(f"# ours\n\n  ana \t ana@example.org \nb.o-b_1\tslack://{HIDDEN}/a b\n")
    file.chmod(0o640)
    ana, bob = receivers(file)
    assert (ana.name, ana.address, ana.is_mail) == ("ana", "ana@example.org", True)
    assert (bob.name, bob.address, bob.is_mail) == ("b.o-b_1", f"slack://{HIDDEN}/a b", False)
    assert HIDDEN not in repr(bob)
    assert "example" not in repr(ana)


def test_every_mistake_in_a_file_of_receivers_is_told_at_once(tmp_path: Path) -> None:
    file = tmp_path / "receivers"
    file.write_text("ana ana@example.org\nana\n\n-/ slack://x\nana b@example.org\n")
    file.chmod(0o600)
    with pytest.raises(ConfigError) as error:
        receivers(file)
    assert [(each.line, each.what) for each in error.value.problems] == [
        (2, "a name or an address is missing"),
        (4, "a name has letters, digits, '.', '-' and '_' only, and not more than 40"),
        (5, "this name was used above"),
    ]


@pytest.mark.parametrize(
    ("text", "mode", "problem"),
    [
        (f"slack://{HIDDEN}", 0o600, ":1: a name or an address is missing"),
        (
            f"ana a@b.c\nana@{HIDDEN}.example x@y.z",
            0o600,
            ":2: a name has letters",
        ),
        (f"a/b slack://{HIDDEN}", 0o600, ":1: a name has letters"),
        (f"ana {HIDDEN}", 0o600, ":1: this is neither a mail address"),
        (
            f"ana a@b.c, {HIDDEN}@b.c",
            0o600,
            ":1: this is neither a mail address",
        ),
        (
            f"ana a\u2028{HIDDEN}@b.c",
            0o600,
            ":1: this is neither a mail address",
        ),
        (f"ana a..{HIDDEN}@b.c", 0o600, ":1: this is neither a mail address"),
        (
            f"ana mailtos://me:{HIDDEN}@b.c",
            0o600,
            ":1: write a mail address without mailto",
        ),
        (
            f"ana a@b.c\nana slack://{HIDDEN}",
            0o600,
            ":2: this name was used above",
        ),
        (f"# {HIDDEN}", 0o600, "is empty"),
        (f"ana slack://{HIDDEN}", 0o604, "other users can read or change it"),
    ],
)
def test_a_file_of_receivers_that_cannot_be_used(
    text: str, mode: int, problem: str, tmp_path: Path
) -> None:
    file = tmp_path / "receivers"
    file.write_text(text)
    file.chmod(mode)
    with pytest.raises(ConfigError) as error:
        receivers(file)
    assert error.value.exit_code == 2
    assert error.value.hint
    assert str(file) in error.value.message
    assert problem in error.value.message.replace("send.receivers_file: ", "")
    assert HIDDEN not in f"{error.value!r} {error.value.hint}"


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ("enabled = true", "send.enabled: no receivers configured: receivers_file is empty"),
        (f'enabled = "{HIDDEN}"', "send.enabled: got a text (true or false; true needs rec"),
        (f'security = "{HIDDEN}"', 'send.security: is none of these ("tls", "starttls", or'),
        ("sender = 3", "send.sender: got a number (a mail address, or empty"),
        (f'port = "{HIDDEN}"', "send.port: got a text (a whole number"),
        ('host = "smtp.example.org"\nsecurity = "none"', "send.security: mail would cross the"),
        (
            f'password = "{HIDDEN}"',
            "send.password: is a secret, which does not belong in this file",
        ),
        (f'sender = "{HIDDEN}"', "send.sender: is not a mail address"),
        (f'host = "smtp://{HIDDEN}"', "send.host: is not a host name"),
        (f'receivers_file = "slack://{HIDDEN}"', "send.receivers_file: is not a valid path"),
        (f'passwort = "{HIDDEN}"', "send.passwort: unknown key, did you mean 'password'?"),
        ("port = 99999", "send.port: 99999 is too large"),
    ],
)
def test_a_mistake_in_the_settings_is_named_and_nothing_secret_repeated(
    lines: str, problem: str, tmp_path: Path
) -> None:
    desk = Desk(tmp_path, CORPUS)
    (desk.folder / "config/digest.toml").write_text(f"[send]\n{lines}\n")
    with pytest.raises(ConfigError) as error:
        _ = desk.config
    assert problem in str(error.value)
    assert HIDDEN not in str(error.value)


def test_mail_in_plain_may_go_to_this_machine(tmp_path: Path) -> None:
    for host in ("localhost", "127.0.0.1", "::1"):
        desk = Desk(tmp_path, CORPUS, environ={"DIGEST_SEND__HOST": host})
        desk.configure(DIGEST_SEND__SECURITY="none")
        assert desk.config.send.security == "none"


@pytest.mark.parametrize(
    ("variable", "problem"),
    [
        ({"DIGEST_SEND__RECEIVERS_FILE": ""}, "receivers_file is empty"),
        ({"DIGEST_SEND__HOST": ""}, "cannot send mail, as to ana: [send] host"),
        ({"DIGEST_SEND__SENDER": ""}, "cannot send mail, as to ana: [send] host"),
        ({"DIGEST_SEND__USER": "me"}, "the password of [send] user is missing"),
    ],
)
def test_what_is_missing_to_send_is_named(
    variable: dict[str, str], problem: str, desk: Sender
) -> None:
    desk.run_on(DAYS[1])
    desk.configure(**variable)
    with desk.sending() as sending, pytest.raises(UsageError) as error:
        sending.send(sending.due())
    assert error.value.exit_code == 2
    assert problem in error.value.message
    assert error.value.hint
    assert desk.post.letters == []


def test_the_command_says_what_there_is_to_send_and_refuses_what_makes_no_sense(
    desk: Sender, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def ran(*options: str) -> tuple[int, str, str]:
        code = exit_code(["-C", str(desk.folder), "send", *options])
        return code, *capfd.readouterr()

    assert ran()[0] == 2
    monkeypatch.setenv("DIGEST_SEND__RECEIVERS_FILE", str(desk.file))
    monkeypatch.setenv("DIGEST_SEND__HOST", "mail.example.org")
    monkeypatch.setenv("DIGEST_SEND__SENDER", "digest@example.org")
    nothing = "Nothing to send: every receiver already has every digest.\n"
    assert ran() == (0, "", nothing)
    assert not desk.config.digest.archive.exists()
    desk.run_on(DAYS[1])
    assert ran() == (0, "", nothing)  # by its own clock all of this is long ago
    code, out, _ = ran(str(DAYS[1]), "--to", "bob", "--dry-run")
    assert (code, out.partition("\n")[0]) == (
        0,
        f"mail to bob: arXiv digest {DAYS[1]}: {len(CORPUS.papers(DAYS[1]))} papers",
    )
    code, out, _ = ran("--test", "--dry-run", "--json")
    (message,) = json.loads(out)["messages"]
    assert message["receivers"] == ["ana", "bob"]
    assert ran("--test", str(DAYS[1]))[0] == 2
    code, _, err = ran("--to", "eve")
    assert (code, "receiver 'eve' does not exist" in err) == (2, True)


# What joins a digest later.


def test_what_joins_a_digest_after_it_was_sent_is_sent_on_its_own_once(tmp_path: Path) -> None:
    topics = ALL.replace('"a"', '"We", "with", "that"')
    desk = Sender(tmp_path, ANA, LAB, topics=topics)
    late = CORPUS.papers(DAYS[1])[2].id
    desk.arxiv.fail(Fault.stale(morning(DAYS[2]) - timedelta(hours=1), ids=[late]))
    desk.run_on(DAYS[0])
    desk.send()
    desk.run(DAYS[1], DAYS[0], at=morning(DAYS[1]))  # written though it is not complete
    desk.send()

    desk.run_on(DAYS[2])
    with desk.sending() as sending:
        sending.send(sending.due())

    chats = [letter.title for letter in desk.post.letters if isinstance(letter, Chat)]
    papers = len(CORPUS.papers(DAYS[2]))
    assert chats == [
        f"arXiv digest {DAYS[2]}: {papers} papers",
        f"arXiv digest {DAYS[1]}: 1 more paper",
    ]
    (mail,) = [
        letter.message
        for letter in desk.post.letters
        if not isinstance(letter, Chat) and "1 more paper" in letter.message
    ]
    assert "joined the digest after it was sent" in mail
    assert late in mail
    desk.post.went()
    assert desk.send() == []


def test_what_other_keywords_find_in_a_digest_that_was_sent_is_no_addition(tmp_path: Path) -> None:
    desk = Sender(tmp_path, ANA, topics=ALL.replace('"a"', '"However"'))
    desk.run_on(DAYS[0])
    assert desk.send()
    keywords = ALL.replace('"a"', '"We", "with", "that"')
    (tmp_path / "config/keywords.toml").write_text(keywords, encoding="utf-8")

    (change,) = desk.app.rebuild(None, None, diff=False)

    assert change.came
    assert desk.send() == []
