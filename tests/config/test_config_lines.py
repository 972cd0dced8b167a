"""Every key is found on its line, however a TOML file is laid out."""

from __future__ import annotations

import json
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from places import ROOT

from digest.config.lines import Location, key_lines

LAYOUTS: dict[str, dict[Location, int]] = {
    "": {},
    "# only a comment": {},
    "a = 1": {("a",): 1},
    "\r\n\r\na = 1\r\nb = 2": {("a",): 3, ("b",): 4},
    "[t]\na = 1\n[u]\nb = 2": {("t",): 1, ("t", "a"): 2, ("u",): 3, ("u", "b"): 4},
    "[t.u]\na = 1": {("t", "u"): 1, ("t", "u", "a"): 2},
    "a.b = 1\n\na . c = 2": {("a", "b"): 1, ("a", "c"): 3},
    "'a.b' = 1\n\"c\\u0021 = #\" = 2": {("a.b",): 1, ("c! = #",): 2},
    '[ "t" . u ] # [x]\na = 1': {("t", "u"): 1, ("t", "u", "a"): 2},
    "[[t]]\na = 1\n[[t]]\na = 1": {
        ("t",): 1,
        ("t", 0): 1,
        ("t", 0, "a"): 2,
        ("t", 1): 3,
        ("t", 1, "a"): 4,
    },
    "[[t]]\n[[t.g]]\na = 1\n[[t.g]]\n[[t]]\n[[t.g]]\n[t.x]\nb = 1": {
        ("t",): 1,
        ("t", 0): 1,
        ("t", 0, "g"): 2,
        ("t", 0, "g", 0): 2,
        ("t", 0, "g", 0, "a"): 3,
        ("t", 0, "g", 1): 4,
        ("t", 1): 5,
        ("t", 1, "g"): 6,
        ("t", 1, "g", 0): 6,
        ("t", 1, "x"): 7,
        ("t", 1, "x", "b"): 8,
    },
    "a = [ # [\n  1, # 9,\n\n  2\n  ,\n  3 ]\nb = 1": {
        ("a",): 1,
        ("a", 0): 2,
        ("a", 1): 4,
        ("a", 2): 6,
        ("b",): 7,
    },
    "a = [\n  [],\n  [\n    '',\n  ],\n]": {
        ("a",): 1,
        ("a", 0): 2,
        ("a", 1): 3,
        ("a", 1, 0): 4,
    },
    "a = { b = 1, c = [\n 2,\n 3 ], 'd' = {} }\ne = 1": {
        ("a",): 1,
        ("a", "b"): 1,
        ("a", "c"): 1,
        ("a", "c", 0): 2,
        ("a", "c", 1): 3,
        ("a", "d"): 3,
        ("e",): 4,
    },
    'a = """\nb = 1\n[c]\n\\""" # """\nd = """"x"""""\ne = 1': {("a",): 1, ("d",): 5, ("e",): 6},
    "a = '''\nb = 1\n\\'''\nc = '\\'\nd = ''''x'''''": {("a",): 1, ("c",): 4, ("d",): 5},
    "a = 1979-05-27 07:32:00 # x = 1\nb = -inf\nc = [1979-05-27 07:32:00\n]": {
        ("a",): 1,
        ("b",): 2,
        ("c",): 3,
        ("c", 0): 3,
    },
}


@pytest.mark.parametrize(("text", "lines"), LAYOUTS.items())
def test_each_key_is_found_on_its_line(text: str, lines: dict[Location, int]) -> None:
    tomllib.loads(text)
    assert key_lines(text) == lines


@pytest.mark.parametrize("name", ["digest.toml", "keywords.toml"])
def test_a_line_of_the_shipped_files_holds_the_key_it_is_named_for(name: str) -> None:
    text = (ROOT / "config" / name).read_text(encoding="utf-8")
    lines = text.splitlines()
    found = key_lines(text)
    assert len(found) > 15
    for location, line in found.items():
        *_, word = (step for step in location if isinstance(step, str))
        value = _at(tomllib.loads(text), location)
        shown = value if isinstance(location[-1], int) and isinstance(value, str) else word
        assert shown in lines[line - 1]


def _at(data: object, location: Location) -> object:
    for step in location:
        data = data[step]  # type: ignore[index]
    return data


TEXTS = st.text(max_size=8).filter(lambda text: not any("\ud800" <= c <= "\udfff" for c in text))
BLANKS = st.sampled_from(["", " ", "\n", " # ] } '''\n", "\n\n\t"])
SPACES = st.sampled_from(["", " ", "\t"])


def quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


@st.composite
def values(draw: st.DrawFn, depth: int = 2) -> tuple[str, dict[Location, int]]:
    """A value as TOML writes it, and the line of each element, counted from its own start."""
    kind = draw(st.sampled_from(["scalar", "string", "lines", "list"]))
    if kind == "scalar":
        return draw(st.sampled_from(["1", "-1.5e3", "true", "nan", "2025-11-28 06:30:00Z"])), {}
    if kind == "string":
        return quoted(draw(TEXTS)), {}
    if kind == "lines" or depth == 0:
        return "'''" + draw(st.sampled_from(["", "\na = 1\n", "[x]", "\n\n#"])) + "'''", {}
    text = "[" + draw(BLANKS)
    lines: dict[Location, int] = {}
    for index in range(draw(st.integers(0, 3))):
        if index:
            text += draw(BLANKS) + "," + draw(BLANKS)
        here = text.count("\n")
        inner, below = draw(values(depth - 1))
        lines[(index,)] = here
        lines |= {(index, *location): here + line for location, line in below.items()}
        text += inner
    return text + draw(BLANKS) + "]", lines


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, dict[Location, int]]:
    """A TOML document and the line of each of its keys, known from how it was put together."""
    text = draw(BLANKS)
    expected: dict[Location, int] = {}
    keys = iter(draw(st.lists(TEXTS, max_size=8, unique=True)))
    tables = 0
    prefix: Location = ()
    for key in keys:
        if draw(st.booleans()):
            prefix = ("all the tables", tables)
            if not tables:
                expected[prefix[:1]] = text.count("\n") + 1
            expected[prefix] = text.count("\n") + 1
            text += f"[[{draw(SPACES)}'all the tables'{draw(SPACES)}]]\n" + draw(BLANKS) + "\n"
            tables += 1
        line = text.count("\n") + 1
        value, below = draw(values())
        expected[*prefix, key] = line
        expected |= {(*prefix, key, *location): line + n for location, n in below.items()}
        text += f"{quoted(key)}{draw(SPACES)}={draw(SPACES)}{value}{draw(SPACES)}\n" + draw(BLANKS)
        text += "\n"
    return text, expected


@given(documents())
def test_lines_of_any_document_are_those_it_was_written_on(
    document: tuple[str, dict[Location, int]],
) -> None:
    text, lines = document
    tomllib.loads(text)
    assert key_lines(text) == lines
