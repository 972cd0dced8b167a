"""TeX that is text becomes what TeX would show; everything else stays as it is."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from digest.model.mathematics import math
from digest.model.tex import Kind, Look, pieces, readable
from digest.writer.format.badges import plain
from digest.writer.format.read import read_back


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("$5 and $10", "$5 and $10"),
        ("$35,000 in total for $k$ tasks", "$35,000 in total for k tasks"),
        (r"$\mathbb R$, \mathbb R, $\mathbf x$, $\mathcal N$", "ℝ, ℝ, 𝐱, 𝒩"),
        (r"$\boldsymbol\theta$", "𝜽"),
        (r"$a \not= b$ and $a\neq b$", "a ≠ b and a≠b"),
        (r"$\sim 10$", "∼ 10"),
        (r"\textbf{M}ulti \emph{(i)} \texttt{x} {\bf x}", "Multi (i) x x"),
        (r"see \url{https://a.example/b}.", "see https://a.example/b."),
        (r"our \href{https://a.example}{\textbf{code}}", "our code"),
        ("``x'' and `y'", "“x” and ‘y’"),
        ("pages 3--5 --- or --more", "pages 3–5 — or --more"),
        (r"17.4\% of A\&B, Fig.~3", "17.4% of A&B, Fig. 3"),
        (
            r"Poincar\'e, Erd\H{o}s, {\'E}cole, na\"{\i}ve, Fran\c{c}ois",
            "Poincaré, Erdős, École, naïve, François",
        ),
        (r"\O rsted and M\o ller, \aa, Stra\ss e", "Ørsted and Møller, å, Straße"),
        (r"$x_i \in \mathbb{R}^{2n}$, $10^{-3}$, $W^\top$", "xᵢ ∈ ℝ²ⁿ, 10⁻³, Wᵀ"),
        (r"$\frac{a+1}{b}$, $\sqrt{x+1}$, $\hat{x}$", "(a+1)/b, √(x+1), x̂"),
        (
            r"\alpha particles at 10^{-3} \times 5, $\mathcal{O}(n \log n)$",
            "α particles at 10⁻³ × 5, 𝒪(n log n)",
        ),
        (r"\begin{itemize}\item one \item two\end{itemize} after", "• one • two after"),
        ("One.\n  Two\nthree.", "One. Two three."),
        (r"{B}ayesian {0,1} \{a\}", "Bayesian {0,1} {a}"),
        (r"\mytool{x} of C:\Users, \u00e9", r"\mytool{x} of C:\Users, \u00e9"),
        (r"as in \cite{ab}\footnote{Or not.}", "as in [ab] (Or not.)"),
        ("~70 times 5~ms", "~70 times 5\xa0ms".replace("\xa0", " ")),
        (r"a \LaTeX{} file\textregistered, 30\,\textdegree{}C", "a LaTeX file®, 30 °C"),
    ],
)
def test_a_text_reads_as_tex_would_show_it(source: str, shown: str) -> None:
    assert readable(source) == shown


@pytest.mark.parametrize(
    ("source", "formulas"),
    [
        ("$5 and $10", []),
        ("saves $100K of transformer compute versus $200K", []),
        ("US$5 and US$10 for $k$", ["$k$"]),
        ("$5$-$10$ and $x$5", ["$5$", "$10$", "$x$"]),
        (r"$\sim$10 and $ \alpha $ and $2\times $", [r"$\sim$", r"$ \alpha $", r"$2\times $"]),
        (r"$$x$$ and $a$$b$ \(c\) \[d\] \(e", ["$$x$$", "$a$", "$b$", r"\(c\)", r"\[d\]"]),
        (r"cost \$5, $x$", ["$x$"]),
        ("from $1.5B to $2B, or $n$", ["$n$"]),
    ],
)
def test_money_is_not_math(source: str, formulas: list[str]) -> None:
    assert [source[start:end] for start, end in math(source)] == formulas


@pytest.mark.parametrize(
    ("source", "text", "address"),
    [
        ("Code: https://github.com/a/b.", "https://github.com/a/b", "https://github.com/a/b"),
        ("(see https://a.example/c_(d))", "https://a.example/c_(d)", "https://a.example/c_(d)"),
        (r"https://github.com/a\_b, x", "https://github.com/a_b", "https://github.com/a_b"),
        ("at github.com/a/b: x", "github.com/a/b", "https://github.com/a/b"),
        ("10.1234/abc.def.", "10.1234/abc.def", "https://doi.org/10.1234/abc.def"),
        ("of arXiv:2101.00001v2.", "arXiv:2101.00001v2", "https://arxiv.org/abs/2101.00001v2"),
        (r"\url{https://a.example/b%20c}.", "https://a.example/b%20c", "https://a.example/b%20c"),
        (r"\href{https://a.example}{here}.", "here", "https://a.example"),
        (r"\href{a.example/b}{here}", "here", "https://a.example/b"),
    ],
)
def test_an_address_is_a_link_without_the_full_stop_behind_it(
    source: str, text: str, address: str
) -> None:
    assert [(p.text, p.look.address) for p in pieces(source) if p.look.address] == [(text, address)]


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "//a.example", "#a", "a"]
)
def test_only_pages_of_the_web_are_linked_to(address: str) -> None:
    assert not any(p.look.address for p in pieces(rf"\href{{{address}}}{{x}} \url{{{address}}}"))


def test_fonts_are_looks_and_can_lie_in_each_other() -> None:
    found = pieces(r"\textbf{a \emph{b}} {\it c} `d` \texttt{e f}")
    assert [(p.text, p.look) for p in found if p.text.strip()] == [
        ("a ", Look(bold=True)),
        ("b", Look(bold=True, italic=True)),
        ("c", Look(italic=True)),
        ("d", Look(code=True)),
        ("e f", Look(code=True)),
    ]


texts = st.text(st.sampled_from(r"\{}$^_~`'-[]()abi .@%&/:1" + "\n"), max_size=60) | st.lists(
    st.sampled_from(
        [
            r"\textbf{",
            r"\emph",
            r"\href{",
            r"\begin{itemize}",
            r"\item",
            r"\'",
            r"\frac{1}",
            "$",
            "}",
            "https://a.example/b",
            r"\foo",
            " x ",
            "{",
            "``",
            "''",
            r"\end{equation}",
            r"\verb|",
            "^{",
        ]
    ),
    max_size=12,
).map("".join)


@given(texts)
def test_pieces_follow_each_other_in_the_source(source: str) -> None:
    found = pieces(source)
    places = [(piece.start, piece.end) for piece in found]
    assert places == sorted(places)
    assert all(0 <= start <= end <= len(source) for start, end in places)
    assert all(one[1] <= other[0] for one, other in pairwise(places))
    readable(source)


@given(st.text(st.characters(exclude_characters="\\{}~`'-$^_\n\r", exclude_categories=["Cs"])))
def test_a_text_without_tex_stays(source: str) -> None:
    assert "".join(piece.text for piece in pieces(source)) == source


def test_a_text_without_commands_does_not_wait_for_the_library() -> None:
    program = (
        "import sys; from digest.model.tex import readable; readable('a--b $x$ ``c'' https://d.example');"
        "print('pylatexenc' in sys.modules)"
    ).replace("''", "\\'\\'")
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"


RECORDED = os.environ.get("DIGEST_RECORDED")
SOURCE_FILES = os.environ.get("DIGEST_SOURCE_FILES")
_COMMAND = re.compile(r"\\[A-Za-z]+|\\[^A-Za-z\s]|\{\\|``|''")


@pytest.mark.skipif(
    not (RECORDED and SOURCE_FILES), reason="DIGEST_RECORDED or DIGEST_SOURCE_FILES is not set"
)
def test_of_real_texts_less_than_one_in_a_hundred_keeps_a_command() -> None:
    real = set(_real_texts())
    left = [
        source
        for source in real
        if any(
            p.kind is Kind.TEXT and not p.look.code and _COMMAND.search(p.text)
            for p in pieces(source)
        )
    ]
    formulas = [one for source in real for one in pieces(source) if one.kind is Kind.FORMULA]

    assert len(real) > 2000
    assert len(left) < len(real) / 100
    assert len(formulas) >= 1500
    money = [one.text for one in formulas if re.match(r"\$\s*[0-9][0-9,.]*\s*[a-z ]{3}", one.text)]
    assert money == []


def _real_texts() -> list[str]:
    found = []
    for path in sorted(Path(SOURCE_FILES or "").glob("*.md")):
        for entry in read_back(path.read_bytes()).entries:
            found += [entry.title, plain(entry.abstract)]
    parser = etree.XMLParser(recover=True)
    for path in sorted(Path(RECORDED or "").rglob("*.xml")):
        tree = etree.fromstring(path.read_bytes(), parser)
        if tree is not None:
            found += [
                "".join(map(str, element.itertext())).strip()
                for element in tree.iter("{*}title", "{*}summary", "{*}abstract", "{*}description")
            ]
    return [text for text in found if len(text) > 20]
