r"""Formulas that may stay as they are in a file for LaTeX.

TeX runs whatever stands in a file, also in mathematics: `\input` reads files, `\def` changes what
follows. So only the commands below stay, which draw; a formula with another one is shown as text.
"""

from __future__ import annotations

import re

_COMMAND = re.compile(r"\\([A-Za-z]+|.)", re.DOTALL)
_LONGEST = 400

_LETTERS = """
alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi
varpi rho varrho sigma varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi
Sigma Upsilon Phi Psi Omega ell hbar imath jmath Re Im aleph partial nabla infty emptyset
"""
_SIGNS = """
pm mp times div ast star circ bullet cdot cap cup vee wedge oplus ominus otimes odot dagger ddagger
setminus le leq ge geq ll gg ne neq equiv sim simeq approx cong propto prec succ preceq succeq
subset subseteq supset supseteq in ni notin mid parallel perp models vdash to gets mapsto rightarrow
leftarrow leftrightarrow Rightarrow Leftarrow Leftrightarrow longrightarrow uparrow downarrow
forall exists neg lnot land lor sum prod coprod int oint bigcup bigcap bigoplus bigotimes angle
triangle prime ldots cdots vdots ddots dots langle rangle lfloor rfloor lceil rceil vert Vert lbrace
rbrace colon gtrsim lesssim square Box
"""
_WORDS = """
arccos arcsin arctan arg cos cosh cot coth det dim exp gcd hom inf ker lg lim liminf limsup ln log
max min mod bmod pmod Pr sec sin sinh sup tan tanh
"""
_FORMS = """
frac tfrac dfrac binom sqrt root over hat widehat bar overline underline tilde widetilde vec dot
ddot check breve acute grave mathring mathrm mathbf mathit mathsf mathtt mathcal mathbb mathfrak
mathscr boldsymbol bm rm bf it cal text textrm textbf textit textsf operatorname left right big Big
bigg Bigg quad qquad displaystyle textstyle limits nolimits not stackrel overset underset
underbrace overbrace
"""
_DRAWS = frozenset(f"{_LETTERS} {_SIGNS} {_WORDS} {_FORMS}".split()) | frozenset(",;:! {}|_&%#$")


def is_safe(formula: str) -> bool:
    """Whether a formula with its delimiters may stay."""
    bare = formula.strip("$")
    if formula[0] == "\\":
        bare = formula[2:-2]
    return (
        bool(bare.strip())
        and len(formula) <= _LONGEST
        and bare.isascii()
        and not re.search(r"(?<!\\)[%#&$~]|\^\^", bare)
        and all(command in _DRAWS for command in _COMMAND.findall(bare))
        and _is_balanced(bare)
    )


def _is_balanced(formula: str) -> bool:
    """As BibTeX counts: a backslash does not hide a brace."""
    depth = 0
    for sign in formula:
        depth += (sign == "{") - (sign == "}")
        if depth < 0:
            return False
    return depth == 0
