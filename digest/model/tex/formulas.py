r"""A formula as a line of Unicode, where MathML cannot go: `$x_i \in \mathbb{R}^2$` is xᵢ ∈ ℝ²."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from digest.model.tex.alphabets import STYLES, styled
from digest.model.tex.commands import FUNCTIONS, SILENT, SPACES, symbol
from digest.model.tex.groups import Groups, Place

#: The longest that is tried, and how deep groups may lie within each other.
_LONGEST = 2000
_DEEPEST = 12

_TOKEN = re.compile(r"\\[A-Za-z]+\*?|\\.|[\^_{}~&'%$]|\s+", re.DOTALL)
_PLAIN_WORDS = """
    text mathrm textrm textnormal mbox operatorname mathop mathit textup textit it hbox
    mathnormal textsf texttt textsc emph ensuremath underbrace overbrace underline mathbin
    mathrel mathord mathclose mathopen mathpunct phantom smash boxed overrightarrow
"""
_PLAIN = frozenset(_PLAIN_WORDS.split())
_MARKS = {
    "hat": "\u0302",
    "widehat": "\u0302",
    "bar": "\u0304",
    "overline": "\u0305",
    "tilde": "\u0303",
    "widetilde": "\u0303",
    "dot": "\u0307",
    "ddot": "\u0308",
    "vec": "\u20d7",
    "check": "\u030c",
    "breve": "\u0306",
    "acute": "\u0301",
    "grave": "\u0300",
    "mathring": "\u030a",
    "not": "\u0338",
}
_FRACTIONS = frozenset({"frac", "dfrac", "tfrac", "nicefrac", "sfrac", "cfrac"})
_SIMPLE = re.compile(r"[^\W_]*(?:[⁰-₟²³¹\u0300-\u036f][^\W_]*)*")
_WORD = re.compile(r"[A-Za-z0-9\u0391-\u03c9]+")
_LENGTHS = frozenset(("mkern", "kern", "hskip", "mskip", "hspace", "vspace", "raisebox"))
_LENGTH = re.compile(r"\{[^{}]*\}|\s*-?[0-9.]*\s*(?:mu|pt|em|ex|cm|mm|in)")
_DELIMITERS = ("$$", r"\[", "$", r"\(")
#: What is a superscript already.
_RAISED = frozenset("′″°†‡*∗")


class _UnknownError(Exception):
    """The formula is not one, or has what a line cannot show."""


@lru_cache(maxsize=4096)
def plain_formula(source: str) -> str | None:
    """A formula without its delimiters as Unicode on one line; None if that cannot be done.

    Unknown commands stay as they are.
    """
    if len(source) > _LONGEST:
        return None
    try:
        return " ".join(_Line(source).read((0, len(source)), 0).split())
    except _UnknownError:
        return None


def inside(source: str) -> tuple[str, bool]:
    """A formula without its delimiters, and whether it stands in a line of its own."""
    opening = next(one for one in _DELIMITERS if source.startswith(one))
    return source[len(opening) : -len(opening)].strip(), opening in ("$$", r"\[")


class _Line:
    """Reads one formula."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._groups = Groups(source)

    def read(self, place: Place, depth: int) -> str:
        """What a part of the formula shows."""
        if depth > _DEEPEST:
            raise _UnknownError
        at, end = place
        shown = ""
        while at < end:
            token = _TOKEN.match(self._source, at, end)
            if not token:
                shown += "−" if self._source[at] == "-" else self._source[at]
                at += 1
                continue
            more, at = self._token(token, end, shown, depth)
            shown += more
        return shown

    def _token(self, token: re.Match[str], end: int, shown: str, depth: int) -> tuple[str, int]:
        """What a token with its arguments adds, and where the formula goes on behind it."""
        sign, at = token[0], token.end()
        if sign[0] == "\\":
            return self._command(sign[1:].rstrip("*"), at, end, shown, depth)
        if sign in ("^", "_"):
            script, at = self._argument(at, end, depth)
            return _script(script, sign), at
        if sign == "{":
            closing = self._groups.partner(at - 1)
            if closing is None or closing >= end:
                raise _UnknownError
            return self._group((at, closing), depth), closing + 1
        if sign == "}":
            raise _UnknownError
        return {"'": "′", "~": " ", "&": " ", "$": ""}.get(
            sign, " " if sign.isspace() else sign
        ), at

    def _group(self, place: Place, depth: int) -> str:
        """What a group shows; it may begin with the style of its letters, `{\\bf x}`."""
        start, end = place
        token = _TOKEN.match(self._source, start, end)
        if token and token[0][0] == "\\" and token[0][1:] in ("bf", "cal", "frak"):
            return styled(self.read((token.end(), end), depth + 1).strip(), STYLES[token[0][1:]])
        return self.read(place, depth + 1)

    def _command(self, name: str, at: int, end: int, shown: str, depth: int) -> tuple[str, int]:
        if name in STYLES:
            inner, at = self._argument(at, end, depth)
            return styled(inner, STYLES[name]), at
        if name in _FRACTIONS:
            over, at = self._argument(at, end, depth)
            under, at = self._argument(at, end, depth)
            return f"{_bracketed(over)}/{_bracketed(under)}", at
        if name == "sqrt":
            option = self._groups.option(at, end)
            index = self.read(option[0], depth + 1) if option else ""
            inner, at = self._argument(option[1] if option else at, end, depth)
            return f"{_script(index, '^')}√{_bracketed(inner)}", at
        if name in ("underset", "overset", "stackrel"):
            other, at = self._argument(at, end, depth)
            inner, at = self._argument(at, end, depth)
            return inner + _script(other, "_" if name == "underset" else "^"), at
        if name in _MARKS:
            inner, at = self._argument(at, end, depth)
            marked = inner + _MARKS[name] if len(inner) == 1 else inner
            return unicodedata.normalize("NFC", marked), at
        if name in _PLAIN:
            return self._argument(at, end, depth)
        return self._symbol(name, at, end, shown, depth)

    def _symbol(self, name: str, at: int, end: int, shown: str, depth: int) -> tuple[str, int]:
        if name in SILENT:
            dot = name in ("left", "right", "middle") and self._source.startswith(".", at)
            return "", at + dot
        if name in SPACES:
            return SPACES[name], at
        if name in _LENGTHS:
            length = _LENGTH.match(self._source, at, end)
            return " ", length.end() if length else at
        found = symbol(name)
        if found is None:
            return self._unknown(name, at, end, depth)
        if name in FUNCTIONS:
            return (" " if shown[-1:].isalnum() else "") + found, at
        # The space that ends a command is not shown, unless the author set one before it, too.
        if name.isalpha() and shown and not shown[-1].isspace():
            while at < end and self._source[at] == " ":
                at += 1
        return found, at

    def _unknown(self, name: str, at: int, end: int, depth: int) -> tuple[str, int]:
        """A command of an author's own stays, with the braces of its arguments."""
        if name in ("begin", "end"):
            raise _UnknownError
        shown = f"\\{name}"
        while self._source.startswith("{", at) and (group := self._groups.group(at, end)):
            shown += f"{{{self.read(group[0], depth + 1)}}}"
            at = group[1]
        return shown, at

    def _argument(self, at: int, end: int, depth: int) -> tuple[str, int]:
        argument = self._groups.argument(at, end)
        if argument is None:
            raise _UnknownError
        (start, stop), at = argument
        if self._source[start:stop].startswith("\\") and self._source[start - 1] != "{":
            token = _TOKEN.match(self._source, start, end)
            if token:  # a command as an argument, with its own arguments
                return self._token(token, end, "", depth + 1)
        return self._group((start, stop), depth), at


def _bracketed(text: str) -> str:
    """A part of a fraction or under a root, in brackets unless it is one thing."""
    return text if _SIMPLE.fullmatch(text) or len(text) == 1 else f"({text.strip()})"


def _script(text: str, sign: str) -> str:
    """A superscript or subscript: in the letters of Unicode, or behind the sign."""
    text = text.strip()
    if not text:
        return ""
    if sign == "^" and all(one in _RAISED or one == "∘" for one in text):
        return text.replace("∘", "°")
    letters = _scripts()[sign]
    if all(one in letters for one in text):
        return "".join(letters[one] for one in text)
    return f"{sign}{text}" if len(text) == 1 or _WORD.fullmatch(text) else f"{sign}({text})"


@cache
def _scripts() -> dict[str, dict[str, str]]:
    """By sign the letters that Unicode has as superscripts and subscripts."""
    found: dict[str, dict[str, str]] = {"^": {"⊤": "ᵀ", "−": "⁻"}, "_": {"−": "₋"}}
    blocks = (range(0xAA, 0xBB), range(0x1D2C, 0x1D6B), range(0x2070, 0x209D), (0x2C7C,))
    for code in (code for block in blocks for code in block):
        kind, _, letter = unicodedata.decomposition(chr(code)).partition(" ")
        if kind in ("<super>", "<sub>"):
            found["^" if kind == "<super>" else "_"][chr(int(letter, 16))] = chr(code)
    return found
