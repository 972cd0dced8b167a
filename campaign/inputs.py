"""What strangers and people write, and what reads it: the targets of the fuzzing.

A target takes any bytes. It may raise DigestError and nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import httpx
from composing import compose

from digest.config import Config, load
from digest.config.defaults import shipped
from digest.fetcher.oai.records import parse_headers, parse_records
from digest.fetcher.query.atom import error_message, parse_page
from digest.matcher import Matcher
from digest.model import STYLES, Paper
from digest.simulator import Corpus, Simulator
from digest.writer.format.older import read_older
from digest.writer.format.read import read_back
from digest.writer.format.render import Renderer

_NOW = datetime(2026, 3, 9, 6, tzinfo=UTC)
_DAY = date(2026, 3, 5)
_SETTINGS, _KEYWORDS = Path("/w/config/digest.toml"), Path("/w/config/keywords.toml")
_TOPIC = '[[topic]]\n[[topic.group]]\nkeywords = ["sparse", "with"]\n'


@dataclass(frozen=True, slots=True)
class Target:
    """Something that reads, whole inputs to change, and pieces that make a difference in them."""

    name: str
    read: Callable[[bytes], object]
    seeds: Callable[[], tuple[bytes, ...]]
    pieces: tuple[bytes, ...]


def _read_settings(data: bytes) -> object:
    text = data.decode("utf-8", "replace")
    return load(Path("/w"), {}, {_SETTINGS: text, _KEYWORDS: _TOPIC})


def _read_topics(data: bytes) -> Config:
    text = data.decode("utf-8", "replace")
    return load(Path("/w"), {}, {_SETTINGS: "", _KEYWORDS: text})


def _read_atom(data: bytes) -> object:
    error_message(data)
    return parse_page(data)


def _read_records(data: bytes) -> object:
    return parse_records(data)


def _read_digest(data: bytes) -> object:
    read_older(data, "a digest")
    return read_back(data, "a digest")


def _match(data: bytes) -> None:
    """Keywords to the first empty line, then an abstract; through to a digest and back."""
    words, _, abstract = data.decode("utf-8", "replace").partition("\n\n")
    topics = _read_topics(
        f"[[topic]]\n[[topic.group]]\nkeywords = {json.dumps(words.splitlines())}\n".encode()
    ).topics
    paper = Paper(
        id="2603.00001",
        version=1,
        url="http://arxiv.org/abs/2603.00001v1",
        title=abstract[:80].strip() or "A title",
        abstract=abstract.strip(),
        authors=("A. Author",),
        categories=("cs.CL",),
        published=datetime(2026, 3, 4, 9, tzinfo=UTC),
        updated=datetime(2026, 3, 4, 9, tzinfo=UTC),
    )
    renderer = Renderer(shipped("templates/digest.md.j2"))
    for style in STYLES.values():
        matcher = Matcher(topics, style)
        matcher.examine(paper)
        if found := matcher.match(paper):
            made = compose(_DAY, [(paper, found)], style)
            if read_back(renderer.render(made)).day != _DAY:
                raise AssertionError("the digest reads back as another day's")


@cache
def _arxiv() -> Simulator:
    corpus = Corpus.generate(seed=3, first=date(2026, 2, 23), last=_DAY, per_day=4)
    return Simulator(corpus, now=lambda: _NOW)


def _asked(path: str, **parameters: str) -> bytes:
    url = httpx.URL(f"http://127.0.0.1:1/{path}", params=parameters)
    return _arxiv().handle(httpx.Request("GET", url)).content


def _atom_seeds() -> tuple[bytes, ...]:
    query = "submittedDate:[202602230000 TO 202603060000]"
    return (
        _asked("api/query", search_query=query, max_results="3", sortBy="submittedDate"),
        _asked("api/query", id_list="x"),
    )


def _oai_seeds(verb: str) -> tuple[bytes, ...]:
    return (
        _asked("oai", verb=verb, metadataPrefix="arXivRaw", **{"from": f"{_DAY}"}),
        _asked("oai", verb="Nonsense"),
    )


def _digest_seeds() -> tuple[bytes, ...]:
    papers = _arxiv_papers()
    renderer = Renderer(shipped("templates/digest.md.j2"))
    topics = _read_topics(_TOPIC.encode()).topics
    made = []
    for style in STYLES.values():
        matcher = Matcher(topics, style)
        kept = [(paper, found) for paper in papers if (found := matcher.match(paper))]
        made.append(renderer.render(compose(_DAY, kept, style)))
    return tuple(made)


def _arxiv_papers() -> list[Paper]:
    corpus = Corpus.generate(seed=3, first=_DAY, last=_DAY, per_day=6)
    return corpus.papers(_DAY)


_XML = (
    *(b"<", b">", b"/>", b"</entry>", b"<entry>", b"&lt;", b"&#0;", b"&#x1b;", b"&x;", b"<!--"),
    *(b"<![CDATA[", b"]]>", b"<!DOCTYPE feed [<!ENTITY x 'y'>]>", b"<?xml?>", b" xmlns='a'"),
    *(b"-1", b"99999999999999999999", b"0000-00-00T00:00:00Z", b"9999-12-31T23:59:59-14:00"),
    *(b"v0", b"v99999", b"/abs/", b"\xff", b"\x00", b"\xef\xbb\xbf", b"\xe2\x80\xae"),
)
_MARKDOWN = (
    *(b"## ", b"# ", b"* [", b"](#", b"](http://arxiv.org/abs/", b"![key](", b"https://img."),
    *(b"\n", b"\n\n", b"\r\n", b">Authors: ", b"> [", b"```", b"<!--", b"\\", b"\xff", b"-FF8C00)"),
    *(
        b"0000-00-00",
        b"2026-02-30",
        b"<a id=",
        b"&#35;",
        b"%ZZ",
        b"%E2%28",
        b"\x0c",
        b"\xe2\x80\xa8",
    ),
)
_TOML = (
    *(b"[", b"]", b"[[", b"]]", b"=", b'"', b"'''", b'"""', b"\\u0000", b"\\uD800", b"{", b"}"),
    *(b"#", b"\n", b"inf", b"nan", b"-1", b"1e999", b"0x_", b"1979-05-27T07:32:00Z", b"true", b","),
    *(b"999999999999999999999999", b"[arxiv]", b"[digest]", b"a.b.c = 1", b'""', b"\xff", b"\x00"),
)
_WORDS = (
    *(b"\n", b"\n\n", b" ", b"-", b"_", b".*", b"(", b"\\b", b"LLM", b"llms", b"$", b"$$", b"`"),
    *(
        b"https://a.example/",
        b"a@b.example",
        b"\xc3\x9f",
        b"\xc4\xb0",
        b"e\xcc\x81",
        b"\xf0\x9f\x98\x80",
    ),
    *(b"\x00", b"\x1b[2J", b"# ", b"](", b"<script>", b"\xe2\x80\xae", b"ing", b"quantiz"),
)

TARGETS = (
    Target("Atom", _read_atom, _atom_seeds, _XML),
    Target("OAI records", _read_records, lambda: _oai_seeds("ListRecords"), _XML),
    Target("OAI headers", parse_headers, lambda: _oai_seeds("ListIdentifiers"), _XML),
    Target("digest", _read_digest, _digest_seeds, _MARKDOWN),
    Target("digest.toml", _read_settings, lambda: (shipped("config/digest.toml").encode(),), _TOML),
    Target(
        "keywords.toml", _read_topics, lambda: (shipped("config/keywords.toml").encode(),), _TOML
    ),
    Target(
        "keywords in a text",
        _match,
        lambda: (b"sparse\nLLM\ndecode\n\nA sparse LLM decodes $x$ at https://a.example/LLM.",),
        _WORDS,
    ),
)
