r"""A text of arXiv as LaTeX that shows what the text means.

TeX that is text is read (see `digest.model.tex`) and then written again, so that `71\%` and
`Erd\H{o}s` are not escaped twice. Commands that are not known show as they are.
Signs that TeX would act on are spelled as commands that show them; braces, too, since BibTeX counts
them even behind a backslash. Accented Latin letters become TeX's own commands, `{\"o}`, by which
BibTeX sorts and abbreviates. All else stays UTF-8, but for marks that show nothing and only turn
the direction of writing or allow a break: they are left out, since LaTeX stops at them.

Formulas stay as they came if they are safe: with balanced braces and with commands of mathematics
only. `$\input{/etc/passwd}$` in a title is shown, not run.
"""

from __future__ import annotations

import codecs
import re
from functools import cache
from typing import Any

import latexcodec  # noqa: F401 (makes the encoding known)

from digest.model.tex import Kind, Piece, pieces
from digest.outlets.exports.formulas import is_safe
from digest.outlets.exports.texts import line

_SPELLED = {
    "\\": r"{\textbackslash}",
    "{": r"{\textbraceleft}",
    "}": r"{\textbraceright}",
    "~": r"{\textasciitilde}",
    "^": r"{\textasciicircum}",
    "<": r"{\textless}",
    ">": r"{\textgreater}",
    "|": r"{\textbar}",
    "\u2009": r"\,",
    **{sign: f"\\{sign}" for sign in "#$%&_"},
}
#: Accents and letters of TeX itself; `{\v c}`, but nothing that needs a package.
_OF_TEX = re.compile(r"\\(?:[^A-Za-z]|[A-Za-z]{1,2})(?: ?(?:[A-Za-z]|\\[ij]))?")
_INVISIBLE = re.compile("[\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_ENCODING = "ulatex+ascii"


def latex(text: str) -> str:
    """A text as one line of LaTeX, its braces balanced."""
    return "".join(map(_piece, pieces(line(without_marks(text)))))


def spelled(text: str) -> str:
    """A text that is not TeX, such as a name that was read, as LaTeX that shows it."""
    return _spelled(line(without_marks(text)))


def _piece(piece: Piece) -> str:
    if piece.kind is Kind.FORMULA:
        return piece.text if is_safe(piece.text) else _spelled(piece.text)
    if piece.kind is not Kind.TEXT:
        return _spelled(piece.text.replace("\n", " "))
    shown = _spelled(piece.text)
    for is_so, command in (
        (piece.look.bold, "textbf"),
        (piece.look.italic, "emph"),
        (piece.look.code, "texttt"),
    ):
        shown = f"\\{command}{{{shown}}}" if is_so else shown
    return shown


def without_marks(text: str) -> str:
    """A text without the marks that show nothing."""
    return _INVISIBLE.sub("", text)


def _spelled(text: str) -> str:
    return "".join(_SPELLED.get(sign) or _letter(sign) for sign in text)


@cache
def _letter(sign: str) -> str:
    if sign.isascii() or not sign.isalpha():
        return sign
    try:
        found: Any = codecs.encode(sign, _ENCODING)
    except ValueError:  # LaTeX has no command for it
        return sign
    return f"{{{found}}}" if _OF_TEX.fullmatch(found) else sign
