"""`digest doctor`: every check when all is well, and what it says when something is not."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from command import digest
from desk import Desk, Silence

from digest.app.doctor import diagnosis
from digest.app.world import World
from digest.config.workspace import create
from digest.runs import conformance
from digest.runs.conformance import Known, abstract_of
from digest.runs.doctor import Check, Diagnosis, State
from digest.simulator import Corpus, Fault, Simulator

NOW = datetime(2026, 4, 8, 9, 0, tzinfo=UTC)
CORPUS = Corpus.generate(seed=4, first=date(2026, 2, 2), last=date(2026, 4, 8), per_day=150)
URL = "http://127.0.0.1:1/api/query"
OAI = "http://127.0.0.1:1/oai"


def known() -> Known:
    """A paper of the simulated arXiv that has every field, in its only version."""
    for base in CORPUS:
        *_, paper = CORPUS.versions(base)
        if paper.version == 1 and paper.doi and paper.comment and paper.journal_ref:
            return Known(replace(paper, abstract=""), abstract_of(paper))
    raise AssertionError("no such paper")


KNOWN = known()


class Ward:
    """A workspace, a simulated arXiv, and the doctor."""

    def __init__(self, folder: Path, *faults: Fault) -> None:
        self.folder = folder
        self.now = NOW
        self.arxiv = Simulator(CORPUS, now=lambda: self.now, faults=faults)
        if not (folder / "config").exists():
            create(folder)

    def look(
        self, *, live: bool = False, environ: Mapping[str, str] | None = None, **settings: str
    ) -> Diagnosis:
        world = World(
            now=lambda: self.now,
            sleep=self._sleep,
            random=lambda: 0.5,
            cache=self.folder / "cache",
            transport=self.arxiv.transport(),
            environ=environ or {},
        )
        settings = {"DIGEST_ARXIV__API_URL": URL, "DIGEST_ARXIV__OAI_URL": OAI} | settings
        return diagnosis(self.folder, settings, world, Silence(), live=live, known=KNOWN)

    def _sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def found(diagnosis: Diagnosis, name: str) -> Check:
    (check,) = [check for check in diagnosis.checks if check.name == name]
    return check


def wrong(diagnosis: Diagnosis) -> dict[str, State]:
    return {check.name: check.state for check in diagnosis.checks if check.state is not State.OK}


@pytest.fixture
def ward(tmp_path: Path) -> Ward:
    return Ward(tmp_path)


# At home.


def test_a_new_workspace_is_well_but_for_its_contact(ward: Ward) -> None:
    diagnosis = ward.look()
    assert wrong(diagnosis) == {"contact": State.WARNING}
    assert diagnosis.exit_code == 0
    assert ward.arxiv.log == []
    names = [check.name for check in diagnosis.checks]
    assert set(names) >= {
        *("program", "clock", "time zones", "shared folder", "certificates", "configuration"),
        *("template", "output folder", "archive folder", "disk", "lock", "proxy", "extras"),
        *("last run", "archive", "mail server"),
    }
    assert wrong(ward.look(DIGEST_ARXIV__CONTACT="me@example.org")) == {}


def test_nothing_is_changed(ward: Ward) -> None:
    before = sorted(ward.folder.rglob("*"))
    ward.look()
    assert [path for path in sorted(ward.folder.rglob("*")) if path not in before] in (
        [],
        [ward.folder / "output/.archive.sqlite3.lock"],
    )


def test_a_workspace_with_digests_is_sound(tmp_path: Path) -> None:
    desk = Desk(tmp_path, CORPUS)
    desk.run(at=NOW)
    diagnosis = Ward(tmp_path).look()
    assert "sound: " in found(diagnosis, "archive").found
    assert found(diagnosis, "last run").found == "2026-04-08 09:00 UTC, done"
    (digest_file,) = (tmp_path / "output").glob("2*.md")
    digest_file.unlink()
    check = found(Ward(tmp_path).look(), "archive")
    assert check.state is State.FAILED
    assert digest_file.name in check.found and "verify" in check.advice


@pytest.mark.parametrize(
    ("environ", "name", "said"),
    [
        ({"HTTPS_PROXY": "socks4://x:1"}, "proxy", "HTTPS_PROXY: SOCKS 4"),
        ({"NO_PROXY": "10.0.0.0/99"}, "proxy", "not understood: 10.0.0.0/99"),
        ({"SSL_CERT_FILE": "/nowhere"}, "certificates", "SSL_CERT_FILE: /nowhere: no such file"),
        ({"SSL_CERT_DIR": "/nowhere"}, "certificates", "SSL_CERT_DIR: /nowhere: no such folder"),
    ],
)
def test_what_the_environment_says_wrong_is_named(
    environ: dict[str, str], name: str, said: str, ward: Ward
) -> None:
    api_url = "https://export.arxiv.org/api/query"
    diagnosis = ward.look(environ=environ, DIGEST_ARXIV__API_URL=api_url)
    (check,) = [
        check for check in diagnosis.checks if check.name == name and check.state is not State.OK
    ]
    assert said in check.found and check.advice


def test_what_is_wrong_in_the_workspace_is_named(ward: Ward) -> None:
    (ward.folder / "templates/digest.md.j2").write_text("{% mistake %}")
    (ward.folder / "cache").write_text("in the way")
    (ward.folder / "output/.archive.sqlite3").write_text("not an archive")
    diagnosis = ward.look(
        DIGEST_SEND__HOST="127.0.0.1",
        DIGEST_SEND__PORT="1",
        DIGEST_SEND__SECURITY="none",
        DIGEST_SEND__SENDER="a@example.org",
    )
    assert wrong(diagnosis) == {
        "template": State.FAILED,
        "shared folder": State.WARNING,
        "contact": State.WARNING,
        "archive": State.FAILED,
        "last run": State.FAILED,
        "mail server": State.FAILED,
    }
    assert "XDG_CACHE_HOME" in found(diagnosis, "shared folder").advice
    assert diagnosis.exit_code == 1


def test_a_configuration_that_cannot_be_read_is_named_with_all_its_problems(ward: Ward) -> None:
    settings = ward.folder / "config/digest.toml"
    settings.write_text("[arxiv]\npage_size = 0\n[digest]\nstyle = 'odd'\n")
    diagnosis = ward.look(live=True)
    problems = [check.found for check in diagnosis.checks if check.name == "configuration"]
    assert len(problems) == 2 and "page_size" in problems[0]
    assert diagnosis.exit_code == 1


def test_a_clock_in_the_past_is_named(ward: Ward) -> None:
    ward.now = datetime(2019, 1, 1, tzinfo=UTC)
    assert found(ward.look(), "clock").state is State.FAILED


# At arXiv's.

LIVE = ("User-Agent", "a known paper by id", "a closed day", "an error answer", "OAI-PMH",
        "a record by OAI-PMH", "today's RSS")  # fmt: skip


def at_arxiv(diagnosis: Diagnosis) -> dict[str, State]:
    return {check.name: check.state for check in diagnosis.checks if check.name in LIVE}


def test_an_arxiv_as_it_was_passes_in_at_most_eight_polite_requests(ward: Ward) -> None:
    diagnosis = ward.look(live=True)
    assert at_arxiv(diagnosis) == dict.fromkeys(LIVE, State.OK), diagnosis.checks
    assert diagnosis.requests == len(ward.arxiv.log) <= 8
    moments = [exchange.moment for exchange in ward.arxiv.log]
    pauses = [later - earlier for earlier, later in pairwise(moments)]
    assert min(pauses) >= timedelta(seconds=3)
    assert diagnosis.exit_code == 0


def is_identify(params: Mapping[str, str]) -> bool:
    return params.get("verb") == "Identify"


def renamed(old: str, new: str) -> Fault:
    return Fault.renamed(old, new, times=None)


def lost(share: int) -> Fault:
    bases = [base for number, base in enumerate(CORPUS) if number % share == 0]
    return Fault.stale(NOW + timedelta(days=1), ids=[b for b in bases if b != KNOWN.paper.id])


@pytest.mark.parametrize(
    ("fault", "names", "assumes"),
    [
        (renamed("published", "issued"), ["a known paper by id"], "atom.py"),
        (renamed("arxiv:comment", "arxiv:note"), ["a known paper by id"], "atom.py"),
        (renamed("opensearch:totalResults", "total"), ["a closed day"], "walk.py"),
        (lost(4), ["a closed day"], "walk.py"),
        (Fault.outage(times=None), ["a known paper by id", "a closed day"], "atom.py"),
        (Fault.error_entry("no", times=None, when=lambda p: p.get("id_list") == "abc"),
         ["an error answer"], "answers.py"),
        (Fault.text("<feed/>", times=None, when=is_identify), ["OAI-PMH"], "records.py"),
        (renamed("earliestDatestamp", "first"), ["OAI-PMH"], "records.py"),
        (renamed("authors", "people"), ["a record by OAI-PMH"], "records.py"),
        (renamed("arxiv:announce_type", "arxiv:type"), ["today's RSS"], "rss.py"),
    ],
)  # fmt: skip
def test_a_changed_arxiv_is_named_with_the_file_that_assumes_otherwise(
    fault: Fault, names: list[str], assumes: str, tmp_path: Path
) -> None:
    diagnosis = Ward(tmp_path, fault).look(live=True)
    for name in names:
        assert found(diagnosis, name).state in (State.FAILED, State.UNANSWERED), diagnosis.checks
    assert found(diagnosis, names[0]).assumes.endswith(assumes)
    assert diagnosis.exit_code in (1, 3)
    assert diagnosis.requests <= 8


def test_a_field_that_differs_is_named(tmp_path: Path) -> None:
    ward = Ward(tmp_path, Fault.renamed("arxiv:comment", "arxiv:note", times=None))
    check = found(ward.look(live=True), "a known paper by id")
    assert f"comment is None, not {KNOWN.paper.comment!r}" in check.found
    assert "atom.py assumes something else" in str(check)


def test_an_arxiv_that_blocks_is_asked_no_more(tmp_path: Path) -> None:
    ward = Ward(tmp_path, Fault.status(403, times=None))
    diagnosis = ward.look(live=True)
    assert diagnosis.requests == len(ward.arxiv.log) == 1
    assert found(diagnosis, "User-Agent").state is State.FAILED
    assert "robots.html" in found(diagnosis, "User-Agent").advice
    assert diagnosis.exit_code == 1


@pytest.mark.parametrize("status", [406, 429, 503])
def test_an_arxiv_that_cannot_answer_is_no_changed_one(status: int, tmp_path: Path) -> None:
    ward = Ward(tmp_path, Fault.status(status, times=None))
    diagnosis = ward.look(live=True)
    assert set(at_arxiv(diagnosis).values()) == {State.UNANSWERED}
    assert f"HTTP {status}" in found(diagnosis, "User-Agent").found
    assert diagnosis.exit_code == 3
    assert diagnosis.requests <= 8


# The command.


def test_the_command_prints_a_line_a_check_or_json(tmp_path: Path) -> None:
    create(tmp_path)
    done = digest("doctor", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "warning    contact: empty -> write your e-mail address" in done.stdout
    told = json.loads(digest("doctor", "--json", folder=tmp_path).stdout)
    assert told["exit_code"] == 0
    assert {"name", "state", "found", "advice", "assumes"} == set(told["checks"][0])


def test_the_command_works_where_there_is_no_workspace(tmp_path: Path) -> None:
    done = digest("doctor", folder=tmp_path)
    assert done.returncode == 1
    assert "failed     configuration: " in done.stdout and "digest init" in done.stdout


def test_the_known_paper_has_every_field() -> None:
    real = conformance.KNOWN
    assert real.paper.comment and real.paper.doi and real.paper.journal_ref
    assert len(real.abstract) == 64
