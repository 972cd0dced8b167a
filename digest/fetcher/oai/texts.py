r"""The texts of arXivRaw, worded as the query API words them.

What differs, seen by comparing recorded answers of both:

- arXivRaw has TeX for accents, special letters and Greek (`\'e`, `{\ss}`, `\pi`), the query API
  the characters themselves, in formulas too; a blank after the name of a letter goes with it
  (`\pi = 1/2` is `π= 1/2`). arXiv has `\phi` as ϕ and `\varphi` as φ; other variants
  (`\varepsilon`) and all other TeX stay as they are.
- Lines of arXivRaw may be wrapped. In an abstract a line break is followed by two blanks if it is
  a new paragraph, and only then the query API has one; in all other texts it has none.
- Authors are one string, with affiliations in brackets; the query API has a list of names, in which
  a full stop is followed by a blank (`R.P. Fender` is `R. P. Fender`, `H.-H. Klauss` is
  `H. -H. Klauss`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

#: What TeX's accents are in Unicode: characters that combine with the letter before.
_ACCENTS = dict(
    zip(
        "'`^\"~=.uvHckrbd",
        "\u0301\u0300\u0302\u0308\u0303\u0304\u0307\u0306\u030c\u030b\u0327\u0328\u030a\u0331\u0323",
        strict=True,
    )
)

_LATIN_NAMES = "ss o O l L ae AE oe OE aa AA i j dh DH th TH dj DJ ng NG"

#: Letters that TeX names, but for the Greek ones.
_LETTERS = dict(zip(_LATIN_NAMES.split(), "ßøØłŁæÆœŒåÅıȷðÐþÞđĐŋŊ", strict=True))

_GREEK_NAMES = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau"
    " upsilon phi varphi varsigma chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi"
    " Psi Omega"
)
_GREEK = dict(zip(_GREEK_NAMES.split(), "αβγδεζηθικλμνξπρστυϕφςχψωΓΔΘΛΞΠΣΥΦΨΩ", strict=True))

_NAMED = _LETTERS | _GREEK
_NAME = "|".join(sorted(_NAMED, key=len, reverse=True))
_LETTER = re.compile(rf"\{{\\({_NAME})\s*\}}|\\({_NAME})(?![A-Za-z])(?:\{{\}}|[ \t])?")

#: An accent and its letter: `\'e`, `\'{e}`, `\v{c}`, `\v c`, `\'\i`.
_BASE = r"(\\[ij](?![A-Za-z])|[^\W\d_])"
_ACCENTED = rf"\\(?:(['`^\"~=.])|([uvHckrbd])(?![A-Za-z]))\s*(?:\{{\s*{_BASE}\s*\}}|{_BASE})"
_IN_BRACES = re.compile(rf"\{{{_ACCENTED}\}}")
_BARE = re.compile(_ACCENTED)

#: Accents stand on accents in Vietnamese, never more than two.
_MOST_ACCENTS = 2

_BETWEEN_NAMES = re.compile(r"[,;&]|:(?=\s)|(?<=\s)and(?=\s)")
_ON_BEHALF = re.compile(r"(?:for|on behalf of) (?:the )?", re.IGNORECASE)
_OTHERS = re.compile(r"et\.? al\.?|others", re.IGNORECASE)
_SUFFIX = re.compile(r"(?:Jr|Sr|Junior|Senior)\.?|I{2,3}|IV")
_CLOSE_DOT = re.compile(r"\.(?=-?[^\W\d_])")


def line(text: str) -> str:
    """A title, a comment or a reference: on one line, with characters in place of TeX."""
    return " ".join(_characters(text).split())


def abstract(text: str) -> str:
    """An abstract: its paragraphs stay, their lines are put together."""
    return "".join(_unwrapped(_characters(text).strip())).strip()


def names(text: str) -> tuple[str, ...]:
    """The names of authors, in their order, without affiliations and without `et al.`."""
    plain = line(_without_brackets(text)).replace("~", " ")
    found: list[str] = []
    for part in _BETWEEN_NAMES.split(plain):
        name = _CLOSE_DOT.sub(". ", part.strip())
        if behalf := _ON_BEHALF.match(name):
            name = name[behalf.end() :]
        if _SUFFIX.fullmatch(name) and found:
            found[-1] += f" {name}"
        elif name and not _OTHERS.fullmatch(name):
            found.append(name)
    return tuple(found)


def _characters(text: str) -> str:
    for _ in range(_MOST_ACCENTS):
        text = _BARE.sub(_accented, _IN_BRACES.sub(_accented, text))
    return _LETTER.sub(lambda found: _NAMED[found[1] or found[2]], text)


def _accented(found: re.Match[str]) -> str:
    """The one character for an accent and its letter; what was found if there is none."""
    symbol, name, braced, bare = found.groups()
    base = (braced or bare).removeprefix("\\")
    if (symbol, base) == (".", "i"):  # it has its dot
        return base
    composed = unicodedata.normalize("NFC", base + _ACCENTS[symbol or name])
    return composed if len(composed) == 1 else found[0]


def _unwrapped(text: str) -> Iterator[str]:
    is_new_paragraph = False
    for row in text.splitlines():
        content = row.strip()
        if content:
            yield ("\n  " if is_new_paragraph or row[0].isspace() else " ") + content
        is_new_paragraph = not content


def _without_brackets(text: str) -> str:
    """The text outside of round brackets; one that is never closed hides all behind it."""
    return "".join(_outside(text))


def _outside(text: str) -> Iterator[str]:
    depth = 0
    for character in text:
        if character == "(":
            depth += 1
        elif character == ")":
            depth = max(0, depth - 1)
            yield " "
        elif not depth:
            yield character
