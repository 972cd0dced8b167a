"""What arXiv sends is a stranger's, and so is whatever answers in its place: see SECURITY.md."""

from __future__ import annotations

import gzip
import os
import stat
from collections.abc import Callable, Iterator
from datetime import date
from html import escape
from pathlib import Path
from time import process_time
from unicodedata import category

import httpx
import pytest
from asking import connection, query_api
from desk import URL, Desk, Silence, morning
from hypothesis import given
from hypothesis import strategies as st

from digest.app import App
from digest.app.world import World
from digest.cli import exit_code
from digest.cli.terminal import clean
from digest.fetcher.oai.records import parse_headers, parse_records
from digest.fetcher.query.api import Question
from digest.fetcher.query.atom import parse_page
from digest.files import written_beside
from digest.model import Digest
from digest.model.errors import FetchError, Refused, TemplateError, Unavailable
from digest.model.reports import DayReport
from digest.simulator import Corpus
from digest.writer.format.render import Renderer

DAY = date(2026, 3, 10)
CORPUS = Corpus.generate(seed=5, first=date(2026, 2, 2), last=date(2026, 3, 12), per_day=8)
ALL = '[[topic]]\n[[topic.group]]\nkeywords = ["We", "with", "that"]\n'

ATOM = 'xmlns="http://www.w3.org/2005/Atom"'
TOTAL = '<o:totalResults xmlns:o="http://a9.com/-/spec/opensearch/1.1/">1</o:totalResults>'
ENTRY = (
    "<entry><id>http://arxiv.org/abs/2603.00001v1</id><title>T</title><summary>S</summary>"
    "<updated>2026-03-09T12:00:00Z</updated><published>2026-03-09T12:00:00Z</published>"
    '<author><name>A</name></author><category term="cs.CL"/></entry>'
)


def feed(*entries: str, total: str = TOTAL) -> bytes:
    return f"<feed {ATOM}>{total}{''.join(entries)}</feed>".encode()


# XML.

_LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
DOCUMENTS = {
    "billion laughs": f'<!DOCTYPE feed [<!ENTITY a0 "ha">{_LAUGHS}]><feed {ATOM}>&a9;</feed>',
    "laughs in an attribute": f'<!DOCTYPE feed [<!ENTITY a0 "ha">{_LAUGHS}]>'
    f'<feed {ATOM} x="&a9;"/>',
    "quadratic blowup": f'<!DOCTYPE feed [<!ENTITY a "{"x" * 100_000}">]>'
    f"<feed {ATOM}>{'&a;' * 50_000}</feed>",
    "external document type": f'<!DOCTYPE feed SYSTEM "file:///etc/passwd"><feed {ATOM}/>',
    "external entity": '<!DOCTYPE feed [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    f"<feed {ATOM}>{TOTAL}<title>&x;</title></feed>",
    "parameter entity": '<!DOCTYPE feed [<!ENTITY % p SYSTEM "http://127.0.0.1:1/x"> %p;]>'
    f"<feed {ATOM}/>",
    "depth": f"<feed {ATOM}>" + "<a>" * 200_000,
    "elements": f"<feed {ATOM}>" + "<a/>" * 2_000_001,
    "long text": f"<feed {ATOM}><title>{'x' * 11_000_000}</title></feed>",
}


@pytest.mark.parametrize("parse", [parse_page, parse_records, parse_headers])
@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_made_to_do_harm_is_refused_at_once(
    name: str, parse: Callable[[bytes], object]
) -> None:
    start = process_time()
    with pytest.raises(FetchError) as error:
        parse(DOCUMENTS[name].encode())
    assert "root:" not in error.value.message
    assert process_time() - start < 1


# Sizes.


def test_an_answer_without_end_is_cut_off(tmp_path: Path) -> None:
    sent = 0

    def body() -> Iterator[bytes]:
        nonlocal sent
        while True:
            sent += 2**20
            yield bytes(2**20)

    with pytest.raises(Unavailable, match="larger than any page"):
        send(httpx.Response(200, content=body()), tmp_path)
    assert sent < 70 * 2**20


def test_an_answer_packed_twice_is_not_unpacked(tmp_path: Path) -> None:
    packed = gzip.compress(bytes(2**20), 1)

    def body() -> Iterator[bytes]:
        yield packed[:10]
        yield packed[10:]

    once = {"Content-Encoding": "gzip"}
    assert len(send(httpx.Response(200, headers=once, content=body()), tmp_path)) == 2**20
    twice = {"Content-Encoding": "gzip, gzip"}
    bomb = httpx.ByteStream(gzip.compress(packed))
    with pytest.raises(Unavailable, match="unexpected Content-Encoding"):
        send(httpx.Response(200, headers=twice, stream=bomb), tmp_path)


def send(response: httpx.Response, folder: Path) -> bytes:
    return connection(httpx.MockTransport(lambda _: response), folder).send({})


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (">T<", f">{'t' * 50_001}<", "its <title> is too long"),
        (">S<", f">{'s' * 50_001}<", "its <summary> is too long"),
        (">A<", f">{'a' * 500_001}<", "its <name> is too long"),
        ("<author>", "<author><name>B</name></author>" * 10_000 + "<author>", "too many authors"),
        ("v1<", "v123456789012345678901<", "is not an arXiv id"),
        ("http://arxiv.org/abs/2603", "javascript:alert(2603", "is not an arXiv id"),
        (
            "http://arxiv.org/abs/2603.00001",
            "http://arxiv.org/abs/../../etc/passwd",
            "not an arXiv",
        ),
        ("http://arxiv.org/abs/2603.00001", "arXiv:2603.00001", "is no link to arXiv"),
        ("http://arxiv.org/", "http://arxiv.org.evil.example/", "is not an arXiv id"),
        (">2026-03-09T12:00:00Z<", f">{'9' * 100_000}<", "is no date"),
    ],
)
def test_an_entry_beyond_measure_is_no_paper(old: str, new: str, reason: str) -> None:
    page = parse_page(feed(ENTRY.replace("2603.00001", "2603.00002"), ENTRY.replace(old, new, 1)))
    assert [paper.id for paper in page.papers] == ["2603.00002"]
    (rejected,) = page.rejected
    assert reason in rejected.reason
    assert len(rejected.id) <= 200
    assert len(rejected.reason) <= 200


@pytest.mark.parametrize("total", ["9" * 9, "9" * 5000])
def test_a_total_that_would_take_pages_for_ever_is_refused(total: str) -> None:
    with pytest.raises(Refused, match="no number of papers"):
        parse_page(feed(ENTRY, total=TOTAL.replace(">1<", f">{total}<")))


def test_what_a_server_says_of_an_error_is_one_line_of_bounded_length(tmp_path: Path) -> None:
    said = escape("ERR\n# fake\n" * 100_000)
    body = feed(f"<entry><id>http://arxiv.org/api/errors</id><summary>{said}</summary></entry>")
    transport = httpx.MockTransport(lambda _: httpx.Response(400, content=body))
    with pytest.raises(Refused) as error:
        query_api(transport, tmp_path).ask(lambda _, __: Question())
    assert len(error.value.message) < 1100
    assert "\n" not in error.value.message


# The terminal.

#: What XML can carry of it; the simulator's answers are given it.
ESCAPES = "\x9b31m\x9d0;owned\x9c \u202ekcab\u2066 \x7f \x85"


@given(st.text())
def test_no_control_character_gets_to_the_terminal(text: str) -> None:
    shown = clean(text)
    assert {one for one in shown if category(one) in ("Cc", "Cs")} <= {"\n", "\t"}
    assert not set(shown) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class Hostile(httpx.BaseTransport):
    """The simulator behind somebody who puts escape sequences into every text; counts hosts."""

    def __init__(self, desk: Desk) -> None:
        self._arxiv = desk.arxiv.transport()
        self.hosts: set[str] = set()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.hosts.add(request.url.netloc.decode())
        response = self._arxiv.handle_request(request)
        text = response.read().decode()
        for tag in ("title", "name", "summary"):
            text = text.replace(f"<{tag}>", f"<{tag}>{ESCAPES} with that ")
        return httpx.Response(response.status_code, content=text.encode())


def hostile_run(desk: Desk, progress: Silence) -> Hostile:
    transport = Hostile(desk)
    desk.now = morning(DAY)
    world = World(desk.clock, lambda _: None, lambda: 0.5, desk.folder / "cache", transport)
    assert App(desk.config, world).run(None, None, progress).exit_code == 0
    return transport


def test_titles_with_escape_sequences_harm_no_terminal_and_name_no_file(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(tmp_path / "desk", CORPUS, topics=ALL)
    before = {path for path in desk.folder.rglob("*") if path.is_file()}
    hosts = hostile_run(desk, Silence()).hosts
    assert hosts == {httpx.URL(URL).netloc.decode()}
    made = {path for path in desk.folder.rglob("*") if path.is_file()} - before
    names = {path.relative_to(desk.folder).as_posix() for path in made}
    archive = {f".archive.sqlite3{end}" for end in ("", ".lock", "-wal", "-shm")}
    expected = {f"output/{name}" for name in (f"{DAY}.md", "index.md", *archive)}
    assert {name for name in names if not name.startswith("cache/")} <= expected
    assert f"output/{DAY}.md" in names

    monkeypatch.setenv("DIGEST_ARXIV__API_URL", URL)
    (desk.folder / "config/keywords.toml").write_text(ALL.replace('"We", ', ""), encoding="utf-8")
    paper = CORPUS.papers(DAY)[0].id
    (tmp_path / "bad.md").write_text(f"# 2026-03-10\n{ESCAPES}\x1b[31m\n", encoding="utf-8")
    shown = ""
    for command in (
        ("status",),
        ("log",),
        ("rebuild", "--diff"),
        ("keywords", "explain", paper),
        ("keywords", "preview"),
        ("check", str(tmp_path / "bad.md")),
        ("import", str(tmp_path / "bad.md")),
    ):
        for options in ((), ("--json",)):
            exit_code(["-C", str(desk.folder), *command, *options])
            output = "".join(capfd.readouterr())
            assert {one for one in output if category(one) == "Cc"} <= {"\n", "\t"}, command
            assert not {"\u202e", "\u2066"} & set(output), command
            shown += output
    assert "\\x9b31m" in shown
    assert "\\u009b31m" in shown


# Templates.


@pytest.mark.parametrize(
    "template",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ papers.__class__.__base__.__subclasses__() }}",
        "{{ self.__init__.__globals__ }}",
        "{{ cycler.__init__.__globals__.os.popen('id') }}",
        "{{ ''|attr('__class__') }}",
        "{{ '{0.__class__}'.format(day) }}{{ day.__len__ }}",
        "{% include '/etc/passwd' %}",
        "{% include '../config/digest.toml' %}",
        "{% import 'os' as os %}",
        "{{ open('/etc/passwd').read() }}",
        "{% for n in range(1000000000) %}x{% endfor %}",
        "{% include 'templates/digest.md.j2' %}",
    ],
)
def test_a_template_stays_in_its_sandbox(template: str) -> None:
    with pytest.raises(TemplateError, match="cannot use the template"):
        Renderer(template).render(Digest(DAY, ()))


# Files.


class Watch(Silence):
    """Looks at every file in the middle of a run, too."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self.modes: set[int] = set()
        self.names: set[str] = set()

    def look(self) -> None:
        for path in self._folder.rglob("*"):
            self.modes.add(stat.S_IMODE(path.stat().st_mode) & ~(0o700 if path.is_dir() else 0o600))
            self.names.add(path.name)

    def requested(self, what: str, papers: int) -> None:  # noqa: ARG002
        self.look()

    def day_done(self, report: DayReport) -> None:  # noqa: ARG002
        self.look()


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX's")
def test_files_are_made_with_the_umask_and_no_more(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        desk, watch = Desk(tmp_path / "desk", CORPUS, topics=ALL), Watch(tmp_path / "desk")
        hostile_run(desk, watch)
        for command in (
            ("archive", "backup", str(desk.folder / "backup.sqlite3")),
            ("archive", "export", str(desk.folder / "papers.jsonl")),
            ("status", "--prometheus", str(desk.folder / "digest.prom")),
            ("rebuild",),
        ):
            assert exit_code(["-C", str(desk.folder), *command]) == 0, command
        watch.look()
    finally:
        os.umask(before)
    assert watch.modes == {0}
    ends = ("", ".lock", ".holder", "-wal", "-shm")
    assert {f".archive.sqlite3{end}" for end in ends} <= watch.names
    assert {f"{DAY}.md", "backup.sqlite3", "papers.jsonl", "digest.prom"} <= watch.names


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX's")
def test_a_private_file_is_private_while_it_is_written_anew(tmp_path: Path) -> None:
    private = tmp_path / "private"
    private.touch(0o600)
    with written_beside(private) as part:
        with part.open("w") as file:
            file.write("new")
        assert stat.S_IMODE(part.stat().st_mode) == 0o600
    assert (stat.S_IMODE(private.stat().st_mode), private.read_text()) == (0o600, "new")
