"""What TeX's commands stand for, by the tables of pylatexenc.

Importing it takes longer than a whole start, so that is done when a text first has a command.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

#: What pylatexenc does not know, drops, or has another idea of.
_SYMBOLS = {
    "LaTeX": "LaTeX",
    "TeX": "TeX",
    "S": "§",
    "P": "¶",
    "|": "‖",
    "lvert": "|",
    "rvert": "|",
    "lVert": "‖",
    "rVert": "‖",
    "colon": ":",
    "textasteriskcentered": "*",
    "textbullet": "•",
    "lt": "<",
    "gt": ">",
    "coloneqq": "≔",
    "coloneq": "≔",
    "eqqcolon": "≕",
    "eqdef": "≝",
    "hbar": "ℏ",
    "dots": "…",
    "ldots": "…",
    "cdots": "⋯",
    "dotsc": "…",
    "dotsb": "⋯",
    "textless": "<",
    "textgreater": ">",
    "textbar": "|",
    "textbackslash": "\\",
    "slash": "/",
    "textbraceleft": "{",
    "textbraceright": "}",
    "texttildelow": "~",
    "textasciitilde": "~",
    "textasciicircum": "^",
    "degree": "°",
    "textdegree": "°",
    "celsius": "°C",
    "euro": "€",
    "textmu": "µ",
    "micro": "µ",
    "checkmark": "✓",
    "xmark": "✗",
    "cmark": "✓",
    "star": "⋆",
    "prime": "′",
    "circ": "∘",
    "ast": "∗",
    "tm": "™",
    "texttrademark": "™",
    "up": "↑",
    "AA": "Å",
    "iff": "⟺",
    "implies": "⟹",
    "impliedby": "⟸",
    "mid": "∣",
    "backslash": "\\",
    "lbrace": "{",
    "rbrace": "}",
    "lbrack": "[",
    "rbrack": "]",
    "top": "⊤",
    "And": "&",
    "ge": "≥",
    "geq": "≥",
    "le": "≤",
    "leq": "≤",
    "ne": "≠",
    "neq": "≠",
    "to": "→",
    "gets": "←",
    "sim": "∼",
    "thicksim": "∼",
    "langle": "⟨",
    "rangle": "⟩",
    "vert": "|",
    "Vert": "‖",
    "bmod": "mod",
    "textquotesingle": "'",
    "triangleq": "≜",
    "upmu": "µ",
    "Re": "ℜ",
    "%": "%",
    "Im": "ℑ",
    "ell": "ℓ",
    "varnothing": "∅",
    "emptyset": "∅",
    "gtrsim": "≳",
    "lesssim": "≲",
}
#: Names of functions, which show as they are called.
_FUNCTIONS_WORDS = """
    arccos arcsin arctan arg argmax argmin bmod cos cosh cot coth csc deg det dim exp gcd hom inf
    ker lg lim liminf limsup ln log max min mod Pr sec sin sinh sup tan tanh
    """
FUNCTIONS = frozenset(_FUNCTIONS_WORDS.split())
#: Commands that only tell TeX how to set what comes.
_SILENT_WORDS = """
    xspace protect noindent centering par newline linebreak smallskip medskip bigskip displaystyle
    textstyle scriptstyle limits nolimits left right middle big Big bigg Bigg bigl bigr Bigl Bigr
    biggl biggr Biggl Biggr small footnotesize scriptsize normalsize large Large tiny rm sc sf
    upshape normalfont mathstrut strut relax hfill vfill newpage clearpage allowbreak nobreak break
    nonumber notag selectfont mdseries sloppy unboldmath boldmath bgroup egroup leavevmode
    ignorespaces
    """
SILENT = frozenset(_SILENT_WORDS.split())
SPACES = {
    ",": "\u2009",
    ":": " ",
    ";": " ",
    ">": " ",
    " ": " ",
    "\n": " ",
    "!": "",
    "/": "",
    "-": "",
    "@": "",
    "quad": " ",
    "qquad": " ",
    "thinspace": "\u2009",
    "enspace": " ",
    "space": " ",
    "enskip": " ",
    "medspace": " ",
    "thickspace": " ",
    "negthinspace": "",
    "\\": " ",
    "nobreakspace": "\xa0",
}
ACCENTS = frozenset("'`^\"~=.bcdHkruvt")
_CATEGORIES = ("latex-base", "advanced-symbols")


@lru_cache(maxsize=4096)
def symbol(name: str) -> str | None:
    """What a command without arguments shows; None if it is not known or has arguments."""
    if name in _SYMBOLS:
        return _SYMBOLS[name]
    if name in FUNCTIONS:
        return name
    found = _specifications().get(name)
    return found if isinstance(found, str) and "%" not in found else None


@lru_cache(maxsize=4096)
def accented(accent: str, letter: str) -> str:
    """A letter under an accent: `'` and `e` give é."""
    from pylatexenc.latex2text import LatexNodes2Text

    return str(LatexNodes2Text().latex_to_text(f"\\{accent}{{{letter}}}"))


@cache
def _specifications() -> dict[str, Any]:
    from pylatexenc.latex2text import get_default_latex_context_db

    database = get_default_latex_context_db()
    return {
        found.macroname: found.simplify_repl
        for category in reversed(_CATEGORIES)
        for found in database.iter_macro_specs([category])
    }
