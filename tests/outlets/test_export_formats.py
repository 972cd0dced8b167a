"""Exports, read back by other libraries than those that wrote them, whatever is in the papers."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from asking import invented
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pybtex.database import Entry, Person, parse_string
from pylatexenc import latex2text, latexwalker
from RISparser import read as read_ris
from strange_papers import ATTACKS, PEOPLE, picked

from digest.archive.table import text_of
from digest.model import Badge, Paper
from digest.model.tex import pieces, readable
from digest.outlets.exports import Format, Picked, formatter
from digest.outlets.exports.keys import key
from digest.outlets.exports.latex import latex
from digest.outlets.exports.names import name_of, names
from digest.outlets.exports.tables import COLUMNS, columns
from digest.outlets.exports.texts import line

MOMENT = datetime(2025, 11, 26, 18, 59, 21, tzinfo=UTC)
DAY = date(2025, 11, 28)

#: LaTeX but for its ligatures: `--` in a title is two hyphens to who compares texts.
_WALKING = latexwalker.get_default_latex_context_db().filter_context(
    exclude_categories=["latex-ethuebung", "nonascii-specials"]
)
_SHOWING = latex2text.get_default_latex_context_db().filter_context(
    exclude_categories=["nonascii-specials"]
)
_SHOWING.add_context_category(
    "otherwise or not known to pylatexenc",
    macros=[
        latex2text.MacroTextSpec("texttt", "%s"),
        latex2text.MacroTextSpec("textless", "<"),
        latex2text.MacroTextSpec("textgreater", ">"),
        latex2text.MacroTextSpec("textbar", "|"),
        latex2text.MacroTextSpec("textasciicircum", "^"),
        latex2text.MacroTextSpec("textbraceleft", "{"),
        latex2text.MacroTextSpec("textbraceright", "}"),
    ],
    prepend=True,
)


def shown(tex: str) -> str:
    """What LaTeX shows of a text, its formulas as they are typed."""
    converter = latex2text.LatexNodes2Text(
        latex_context=_SHOWING, math_mode="verbatim", strict_latex_spaces=True
    )
    walker = latexwalker.LatexWalker(tex, latex_context=_WALKING, tolerant_parsing=False)
    nodes, _, length = walker.get_latex_nodes()
    assert length == len(tex)
    return str(converter.nodelist_to_text(nodes))


def visible(text: str) -> str:
    """A text as one line without the marks at which LaTeX stops."""
    return line(
        re.sub("[\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]", "", text)
    )


def meant(text: str) -> str:
    """What TeX would show of a text on one line, but for its formulas, which stay."""
    return line("".join(piece.text for piece in pieces(visible(text))))


def told(text: str) -> str:
    """What LaTeX shows of an export, on one line."""
    return line(shown(text))


def one(paper: Paper, topics: tuple[str, ...] = ("efficient-llm",)) -> list[Picked]:
    return [Picked(paper, DAY, DAY, DAY, topics, ("A ", Badge("sparse", "F08080"), " thing"))]


def full_name(person: Person) -> str:
    """A name as BibTeX understands it, in the order in which it is shown."""
    parts = (
        *person.first_names,
        *person.middle_names,
        *person.prelast_names,
        *person.last_names,
        *person.lineage_names,
    )
    return shown(" ".join(parts))


def read_bibtex(text: str) -> dict[str, Entry]:
    return dict(parse_string(text, "bibtex").entries.items())


@settings(max_examples=40)
@given(picked)
def test_bibtex_reads_back_as_it_was(papers: list[Picked]) -> None:
    found = read_bibtex(formatter(Format.BIBTEX)(papers))

    assert list(found) == [key(each.paper) for each in papers]
    for entry, each in zip(found.values(), papers, strict=True):
        paper = each.paper
        assert told(entry.fields["title"]) == meant(paper.title)
        assert list(map(full_name, entry.persons.get("author", []))) == [
            str(name) for name in names(tuple(map(visible, paper.authors)))
        ]
        assert entry.fields["eprint"] == paper.id
        assert entry.fields["archivePrefix"] == "arXiv"
        assert entry.fields["year"] == str(paper.published.year)
        assert told(entry.fields.get("abstract", "")) == meant(paper.abstract)
        assert told(entry.fields.get("note", "")) == meant(paper.journal_ref or "")
        assert told(entry.fields.get("primaryClass", "")) == meant("".join(paper.categories[:1]))


@pytest.mark.parametrize(
    ("text", "tex"),
    [
        (r"71\% of A\&B", r"71\% of A\&B"),
        (r"Erd\H{o}s and {\'E}cole", r"Erd{\H o}s and {\'E}cole"),
        (r"\$1~M\_x", "\\$1\xa0M\\_x"),
        (r"\textbf{M}ulti \emph{x} `y`", r"\textbf{M}ulti \emph{x} \texttt{y}"),
        (r"at $x^2$ for $5 \foo", r"at $x^2$ for \$5 {\textbackslash}foo"),
    ],
)
def test_tex_that_is_tex_is_not_escaped_again(text: str, tex: str) -> None:
    assert latex(text) == tex
    assert told(latex(text)) == meant(text)


@pytest.mark.parametrize(
    ("authors", "expected"),
    [
        (("Team GLM", ":", "Aohan Zeng"), [("Team GLM", ""), ("Zeng", "Aohan")]),
        (("BigScience Workshop", "Meta AI"), [("BigScience Workshop", ""), ("Meta AI", "")]),
        (("John Smith (MIT)", "Zhou Ai"), [("Smith", "John"), ("Ai", "Zhou")]),
        ((r"P\'al Erd\H{o}s",), [("Erdős", "Pál")]),
    ],
)
def test_bodies_are_whole_and_affiliations_are_not_names(
    authors: tuple[str, ...], expected: list[tuple[str, str]]
) -> None:
    assert [(name.family, name.given) for name in names(authors)] == expected


def test_an_author_of_whom_nothing_is_seen_is_none() -> None:
    paper = invented("2511.21669", MOMENT)
    papers = one(replace(paper, authors=("\u200e", "Mara Quill\u200f", "Fenn \u200b")))
    (entry,) = read_bibtex(formatter(Format.BIBTEX)(papers)).values()
    assert list(map(full_name, entry.persons["author"])) == ["Mara Quill", "Fenn"]


@settings(max_examples=40)
@given(picked)
def test_ris_reads_back_as_it_was(papers: list[Picked]) -> None:
    text = formatter(Format.RIS)(papers)
    found = list(read_ris(text.split("\n")))

    assert [entry["id"] for entry in found] == [key(each.paper) for each in papers]
    for entry, each in zip(found, papers, strict=True):
        paper = each.paper
        assert entry.get("title", "") == line(readable(paper.title))
        assert entry.get("abstract", "") == line(readable(paper.abstract))
        assert entry.get("doi", "") == line(paper.doi or "")
        assert entry["year"] == str(paper.published.year)
        authors = names(paper.authors)
        assert entry.get("authors", []) == [
            ", ".join(filter(None, (name.family, name.given, name.suffix))) for name in authors
        ]


@settings(max_examples=40)
@given(picked)
def test_csl_json_reads_back_as_it_was(papers: list[Picked]) -> None:
    found = json.loads(formatter(Format.CSL_JSON)(papers))

    assert [entry["id"] for entry in found] == [key(each.paper) for each in papers]
    for entry, each in zip(found, papers, strict=True):
        paper = each.paper
        assert entry.get("title", "") == line(readable(paper.title))
        assert entry.get("abstract", "") == line(readable(paper.abstract))
        assert [
            author.get("literal")
            or " ".join(author[part] for part in ("given", "family", "suffix") if part in author)
            for author in entry.get("author", [])
        ] == [str(name) for name in names(paper.authors)]
        (parts,) = entry["issued"]["date-parts"]
        assert date(*parts) == paper.published.date()


@settings(max_examples=40)
@given(picked)
def test_json_lines_read_back_as_they_were(papers: list[Picked]) -> None:
    rows = [json.loads(row) for row in formatter(Format.JSONL)(papers).split("\n")[:-1]]

    assert len(rows) == len(papers)
    for row, each in zip(rows, papers, strict=True):
        assert tuple(row) == COLUMNS
        wanted = columns(each)
        for name in ("id", "title", "abstract", "comment", "doi", "url"):
            assert row[name] == wanted[name]
        assert tuple(row["authors"]) == each.paper.authors
        assert tuple(row["badges"]) == each.badges
        assert (row["day"], row["announced"]) == (str(each.day), str(each.announced))


@settings(max_examples=40)
@given(picked)
def test_csv_reads_back_as_it_was_and_no_cell_is_a_formula(papers: list[Picked]) -> None:
    text = formatter(Format.CSV)(papers)
    assert text.startswith("\ufeff")
    header, *rows = csv.reader(io.StringIO(text[1:], newline=""))

    assert tuple(header) == COLUMNS
    assert len(rows) == len(papers)
    for row, each in zip(rows, papers, strict=True):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)
        plain = dict(zip(header, map(unguarded, row), strict=True))
        assert plain["title"] == each.paper.title
        assert plain["abstract"] == each.paper.abstract
        assert plain["comment"] == (each.paper.comment or "")
        assert plain["updated"] == text_of(each.paper.updated)
        assert plain["authors"] == "; ".join(each.paper.authors)


def unguarded(cell: str) -> str:
    """A cell without the apostrophe that keeps it from being a formula."""
    return cell[1:] if re.match(r"'+[=+\-@\t\r]", cell) else cell


@given(st.text(max_size=30) | st.sampled_from([*ATTACKS, *PEOPLE]))
@example("''=1")
def test_latex_has_balanced_braces_and_is_one_line(text: str) -> None:
    depth = 0
    for sign in latex(text):
        depth += (sign == "{") - (sign == "}")
        assert depth >= 0
    assert depth == 0
    assert "\n" not in latex(text)


def test_every_letter_of_the_latin_alphabets_is_shown_as_it_is() -> None:
    letters = [chr(code) for code in range(0xA1, 0x2000) if chr(code).isalpha()]
    spelled = [letter for letter in letters if latex(letter) != letter]
    assert len(spelled) > 150
    assert list(map(shown, map(latex, spelled))) == spelled


@pytest.mark.parametrize(
    ("text", "tex"),
    [
        ("Müller, Żółć, ű", r"M{\"u}ller, {\.Z}{\'o}{\l}{\'c}, {\H u}"),
        ("ș ħ 王 – α", "ș ħ 王 – α"),  # TeX itself has no command for these
        ("\u202egnp.exe\u202c a\xadb", "gnp.exe ab"),
        ("50% of a_b & c#1 ~ ^", r"50\% of a\_b \& c\#1 {\textasciitilde} {\textasciicircum}"),
        (r"$O(n^2)$ in $\mathbb{R}^d$", r"$O(n^2)$ in $\mathbb{R}^d$"),
        (r"\(x \leq 1\)", r"\(x \leq 1\)"),
        ("costs $5", r"costs \$5"),
        (r"$a{b$", r"\$a{\textbraceleft}b\$"),
        (r"$\input{x}$", r"\${\textbackslash}input{\textbraceleft}x{\textbraceright}\$"),
        (
            r"$\def\x{}$",
            r"\${\textbackslash}def{\textbackslash}x{\textbraceleft}{\textbraceright}\$",
        ),
        ("$x % y$", r"\$x \% y\$"),
        ("$^^5cinput$", r"\${\textasciicircum}{\textasciicircum}5cinput\$"),
    ],
)
def test_a_text_in_latex(text: str, tex: str) -> None:
    assert latex(text) == tex


@pytest.mark.parametrize(
    ("author", "family", "given", "suffix"),
    [
        ("Mara Quill", "Quill", "Mara", ""),
        ("Jan van der Berg", "van der Berg", "Jan", ""),
        ("Mara B. Quill Jr.", "Quill", "Mara B.", "Jr."),
        ("Plato", "Plato", "", ""),
        ("de la Cruz", "de la Cruz", "", ""),
        ("The ATLAS Collaboration", "The ATLAS Collaboration", "", ""),
        ("Quill and Fenn", "Quill and Fenn", "", ""),
        ("Fenn, Ode", "Fenn, Ode", "", ""),
    ],
)
def test_the_parts_of_a_name(author: str, family: str, given: str, suffix: str) -> None:
    name = name_of(author)
    assert (name.family, name.given, name.suffix) == (family, given, suffix)


def test_a_key_is_of_its_paper_alone_and_tells_it() -> None:
    paper = invented("2511.21669", MOMENT, title="On the tidal clocks of Łódź")
    assert key(paper) == "quill2025tidal-2511.21669"
    twin = invented("2511.21670", MOMENT, title="On the tidal clocks of Łódź")
    assert key(twin) != key(paper)
    together = formatter(Format.BIBTEX)([*one(paper), *one(twin)])
    alone = formatter(Format.BIBTEX)(one(twin))
    assert list(read_bibtex(together)) == [key(paper), *read_bibtex(alone)]
    old = invented("hep-th/9901001", MOMENT, title="5")
    assert key(old) == "quill2025-hep-th-9901001"


def test_a_title_keeps_its_capitals_in_every_style_of_bibtex() -> None:
    text = formatter(Format.BIBTEX)(one(invented("2511.21669", MOMENT, title="LIME for vLLM")))
    assert "title = {{LIME for vLLM}}" in text
    assert parse_string(text, "bibtex").entries["quill2025lime-2511.21669"].fields["title"] == (
        "{LIME for vLLM}"
    )


def test_a_citation_is_made_of_csl_json() -> None:
    """By another program's processor of citation styles."""
    from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle
    from citeproc.formatter import plain
    from citeproc.source.json import CiteProcJSON

    paper = invented("2511.21669", MOMENT, title="Tides <b>and</b> & clocks")
    source = CiteProcJSON(json.loads(formatter(Format.CSL_JSON)(one(paper))))
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    bibliography = CitationStylesBibliography(style, source, plain)
    bibliography.register(Citation([CitationItem(key(paper).lower())]))
    (cited,) = map(str, bibliography.bibliography())
    assert "Quill, M." in cited
    assert "2025" in cited
    assert "https://arxiv.org/abs/2511.21669" in cited


def test_names_without_letters_are_left_out() -> None:
    assert names(("", " ", "\x00", "Mara Quill")) == [name_of("Mara Quill")]


@pytest.mark.parametrize("form", Format)
def test_nothing_is_a_file_of_its_format(form: Format) -> None:
    text = formatter(form)([])
    assert {"csl-json": "[]\n", "csv": "\ufeff" + ",".join(COLUMNS) + "\r\n"}.get(form, "") == text
