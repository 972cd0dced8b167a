r"""Plain text as LaTeX that shows exactly this text.

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

from digest.outlets.exports.formulas import formulas
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
    **{sign: f"\\{sign}" for sign in "#$%&_"},
}
#: Accents and letters of TeX itself; `{\v c}`, but nothing that needs a package.
_OF_TEX = re.compile(r"\\(?:[^A-Za-z]|[A-Za-z]{1,2})(?: ?(?:[A-Za-z]|\\[ij]))?")
_INVISIBLE = re.compile("[\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_ENCODING = "ulatex+ascii"


def latex(text: str) -> str:
    """A text as one line of LaTeX, its braces balanced."""
    shown = line(without_marks(text))
    pieces, end = [], 0
    for start, stop in formulas(shown):
        pieces += [_spelled(shown[end:start]), shown[start:stop]]
        end = stop
    return "".join([*pieces, _spelled(shown[end:])])


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
