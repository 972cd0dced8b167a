"""How arXivRaw words its texts, and how the query API does: TeX, lines, names."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.fetcher.oai.texts import abstract, line, names
from digest.simulator.oai_tex import tex


@pytest.mark.parametrize(
    ("raw", "worded"),
    [
        (r"Fr\'ed\'eric", "Frédéric"),
        (r"M\"{o}ller, M{\"o}ller, M\" oller", "Möller, Möller, Möller"),
        (r"\v{C}ech \v Cech \c{c}a \c ca \H{o} \u{a} \k{e} \r{a}", "Čech Čech ça ça ő ă ę å"),
        (r"\'{\i}, \'\i, \i", "í, í, ı"),
        (r"\.Izmir, Bah\.ir", "İzmir, Bahir"),
        (r"Nguy\~{\^e}n, Nguy\~\^en", "Nguyễn, Nguyễn"),
        (r"Stra{\ss}e, Stra\ss e, Stra\ss{}e", "Straße, Straße, Straße"),
        (r"\AA ngstr\"om, {\L}\'od\'z, \O, {\o}re", "Ångström, Łódź, Ø, øre"),
        # Greek, as the query API has it, with the blank behind it or without.
        (r"$\pi = 1/2$ and $\kappa := \beta/\alpha$", "$π= 1/2$ and $κ:= β/α$"),
        (r"$\mathbf{\theta} \in \Gamma\subset R$", "$\\mathbfθ \\in Γ\\subset R$"),
        (r"$\alpha_1 + \beta$", "$α_1 + β$"),
        # What has no character, and what only begins like a letter's name.
        (r"$\varepsilon$ $\tilde{O}(n)$ $\vec{x}$", "$\\varepsilon$ $\\tilde{O}(n)$ $\\vec{x}$"),
        (r"$\phi$, {\varphi} and \varsigma", "$ϕ$, φ and ς"),
        (r"$\Lambdax \pitch \overline \log \cdot \c{}$", None),
        (r"\'x \'1 \'", None),
        ("100\\% of {braces}", None),
    ],
)
def test_tex_becomes_characters(raw: str, worded: str | None) -> None:
    assert line(raw) == (raw if worded is None else worded)


def test_a_title_is_one_line() -> None:
    assert line("  On tidal\n  clocks\tand\r\nmoons ") == "On tidal clocks and moons"


@pytest.mark.parametrize(
    ("raw", "worded"),
    [
        ("  We count\nthe tides\nof March.\n", "We count the tides of March."),
        ("One.\n  Two, wrapped\nhere.\n  (*) Three.", "One.\n  Two, wrapped here.\n  (*) Three."),
        ("One.\n\nTwo.\n \n  Three.", "One.\n  Two.\n  Three."),
        ("One  wide  blank\r\nline", "One  wide  blank line"),
        ("", ""),
        (" \n \n ", ""),
    ],
)
def test_the_lines_of_an_abstract_are_put_together_and_its_paragraphs_stay(
    raw: str, worded: str
) -> None:
    assert abstract(raw) == worded


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Mara Quill", ["Mara Quill"]),
        ("Mara Quill and Ode Fenn", ["Mara Quill", "Ode Fenn"]),
        ("M. Quill, O. Fenn and\n  A. Sand", ["M. Quill", "O. Fenn", "A. Sand"]),
        ("M. Quill, O. Fenn, and A. Sand", ["M. Quill", "O. Fenn", "A. Sand"]),
        ("Anders Sand and and Andy Land & Ode Fenn", ["Anders Sand", "Andy Land", "Ode Fenn"]),
        ("M.Q. Quill, J.-L. Fenn", ["M. Q. Quill", "J. -L. Fenn"]),
        ("M. Quill (Tide U., Shore and Sea Lab), O. Fenn", ["M. Quill", "O. Fenn"]),
        ("M. Quill (1), O. Fenn (1 and 2) ((1) Tide U. (Shore), (2) Fen)", ["M. Quill", "O. Fenn"]),
        ("M. Quill (never closed, O. Fenn", ["M. Quill"]),
        ("M. Quill) and O. Fenn", ["M. Quill", "O. Fenn"]),
        ("M. Quill, for the Tide Collaboration", ["M. Quill", "Tide Collaboration"]),
        ("Tide Collaboration: M. Quill, et al", ["Tide Collaboration", "M. Quill"]),
        ("M. Quill, et al.", ["M. Quill"]),
        (
            "M. Quill Jr., O. Fenn, Jr., A. Sand, III",
            ["M. Quill Jr.", "O. Fenn Jr.", "A. Sand III"],
        ),
        ("M.~Quill, Ode~Fenn", ["M. Quill", "Ode Fenn"]),
        (r"Fr\'ed\'eric Ca\~na", ["Frédéric Caña"]),
        ("Fora Mori, Rolanda Forth", ["Fora Mori", "Rolanda Forth"]),
        ("", []),
        (" , ", []),
    ],
)
def test_authors_are_taken_apart(raw: str, expected: list[str]) -> None:
    assert list(names(raw)) == expected


@settings(max_examples=60)
@given(st.text())
def test_any_text_can_be_worded(text: str) -> None:
    assert abstract(abstract(text)) == abstract(abstract(abstract(text)))
    assert "\n" not in line(text)
    assert all(name == name.strip() != "" for name in names(text))


LATIN = "éèêëñçüöäáíóúßøØłŁæÆœåÅčšžŠřőăęÀÖÜčĆńışğ aeiouXYZ.-"


@settings(max_examples=60)
@given(st.text(LATIN))
def test_what_was_put_into_tex_comes_out_of_it(text: str) -> None:
    assert line(tex(text)) == " ".join(text.split())


@pytest.mark.parametrize(
    "text", ["{" * 100_000, "\\'" * 50_000, " " * 200_000 + "x", "(" * 100_000, ", " * 100_000]
)
def test_a_long_hostile_text_is_worded_without_ado(text: str) -> None:
    line(text), abstract(text), names(text)
