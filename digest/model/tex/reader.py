"""Reads a text of arXiv from its beginning to its end."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace

from digest.model.mathematics import math
from digest.model.tex.arguments import DECLARATIONS, Arguments, Call, behind_spaces, in_font, led
from digest.model.tex.commands import ACCENTS, SILENT, SPACES, accented, symbol
from digest.model.tex.formulas import plain_formula
from digest.model.tex.groups import Groups, Place
from digest.model.tex.links import Link, links
from digest.model.tex.pieces import Kind, Look, Piece

#: How deep commands may lie within each other.
_DEEPEST = 12
#: The longest formula outside of dollars, in characters.
_LONGEST = 200

_TWO = frozenset(("frac", "dfrac", "tfrac", "nicefrac", "sfrac", "underset", "overset", "stackrel"))
_FORMULAS_WORDS = """
    sqrt mathbb mathbf mathcal mathfrak mathscr mathsf mathtt mathit mathds mathbbm boldsymbol
    bm hat bar tilde vec dot ddot overline widehat widetilde operatorname not mathring check
    breve
"""
_FORMULAS = _TWO | frozenset(_FORMULAS_WORDS.split())
#: What stands where a text is not just text.
SPECIAL = re.compile(r"[\\{}~`\n\r]|''|--|[\^_]\{")
_TOKEN = re.compile(
    r"""
      \\(?P<command>[A-Za-z]+)\*?
    | \\(?P<sign>.)
    | (?P<brace>[{}])
    | (?P<space>[ \t]*(?:\r\n|[\r\n])(?P<indented>[ \t\r\n]+)?)
    | `(?P<code>[^`'\s](?:[^`'\n]{0,78}[^`'\s])?)`(?!`)
    | `(?P<quoted>[^`'\n]{1,80})'(?!')
    | (?P<script>[\^_])(?=\{)
    | (?P<quote>``?|'')
    | (?P<dash>---?(?!-))
    | ~
    """,
    re.VERBOSE | re.DOTALL,
)
#: Letters that have a command of their own within words.
_LETTERS_OF_WORDS = "ıȷøØæÆœŒåÅßłŁđĐðÐþÞ"
_LETTER = re.compile(r"[ ]*(\\[ij](?![A-Za-z])|[^\W\d_])|[ ]*\{[ ]*(\\[ij]|[^\W\d_]{0,2})[ ]*\}")


class Reader:
    """Reads one text."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.groups = Groups(source)
        self._arguments = Arguments(self)
        #: Formulas and links, which are taken whole, by the place where they begin.
        self._whole: dict[int, Piece | Link] = {
            start: Piece(start, end, source[start:end], Kind.FORMULA) for start, end in math(source)
        }
        taken = [(found.start, found.end) for found in self._whole.values()]
        for link in links(source, taken):
            self._whole[link.start] = link
        self._starts = sorted(self._whole)

    def read(self) -> Iterator[Piece]:
        """The pieces of the whole text."""
        return self.part((0, len(self.source)), Look(), 0)

    def part(self, place: Place, look: Look, depth: int) -> Iterator[Piece]:
        """The pieces of a part of the source."""
        at, end = place
        while at < end:
            whole = self._whole.get(at)
            if whole and whole.end <= end:
                yield self._taken(whole, look)
                at = whole.end
                continue
            token = _TOKEN.match(self.source, at, end)
            if token:
                found, at, look = self._token(token, end, look, depth)
                yield from found
                continue
            start, at = at, self._next(at, end)
            yield Piece(start, at, self.source[start:at], look=look)

    def _next(self, at: int, end: int) -> int:
        """Where the text that begins at a place is no longer just text."""
        number = bisect_right(self._starts, at)
        stop = min(end, self._starts[number]) if number < len(self._starts) else end
        special = SPECIAL.search(self.source, at + 1, stop)
        return special.start() if special else stop

    def _taken(self, whole: Piece | Link, look: Look) -> Piece:
        if isinstance(whole, Piece):
            return replace(whole, look=look)
        return Piece(whole.start, whole.end, whole.text, look=led(look, whole.address))

    def _token(
        self, token: re.Match[str], end: int, look: Look, depth: int
    ) -> tuple[list[Piece], int, Look]:
        """What a token with its arguments shows, where the text goes on, and how."""
        start, at = token.span()
        if token["command"]:
            return self._command(Call(token["command"], start, at, end, look, depth))
        if token["sign"]:
            text, at = self._sign(token["sign"], at, end)
            return [self._text(start, at, text, look)], at, look
        if token["brace"]:
            return self._brace(start, end, look, depth)
        if token["space"] is not None:
            return [self._space(token, start, at, look)], at, look
        if token["code"]:
            return [Piece(start, at, token["code"], look=replace(look, code=True))], at, look
        if token["quoted"]:
            inner = self.part((start + 1, at - 1), look, depth + 1)
            return (
                [
                    self._text(start, start + 1, "‘", look),
                    *inner,
                    self._text(at - 1, at, "’", look),
                ],
                at,
                look,
            )
        if token["script"]:
            text, at = self._script(start, at, end)
            return [self._text(start, at, text, look)], at, look
        return [Piece(start, at, self._typographic(token), look=look)], at, look

    def _text(self, start: int, end: int, text: str | None, look: Look) -> Piece:
        """A piece with another text than the source, or with the source if there is none."""
        return Piece(start, end, self.source[start:end] if text is None else text, look=look)

    def _space(self, token: re.Match[str], start: int, at: int, look: Look) -> Piece:
        """White space with a line end: arXiv begins a paragraph with a line that is set in."""
        if token["indented"]:
            return Piece(start, at, "\n", Kind.PARAGRAPH)
        return Piece(start, at, " ", look=look)

    def _script(self, start: int, at: int, end: int) -> tuple[str | None, int]:
        """A superscript or subscript outside of dollars: `10^{-3}`."""
        group = self.groups.group(at, end)
        return (self._plain(start, group[1]) if group else None) or (None, at)

    def _typographic(self, token: re.Match[str]) -> str:
        """Quotes, dashes and ties."""
        sign = token[0]
        before = self.source[token.start() - 1 : token.start()] if token.start() else " "
        behind = self.source[token.end() : token.end() + 1] or " "
        if sign == "~":
            is_tie = not before.isspace() and not behind.isspace()
            return "\xa0" if is_tie and not (before.isdigit() and behind.isdigit()) else "~"
        if sign[0] == "-":
            return self._dash(sign, before, behind)
        return {"''": "”", "``": "“"}.get(sign, sign)

    def _dash(self, sign: str, before: str, behind: str) -> str:
        """A dash, which is not one in an arrow, a comment or the name of an `--option`."""
        is_option = before in " \t\n([`'\"" and not behind.isspace() and not behind.isdigit()
        if is_option or before in "<!-" or behind in "->":
            return sign
        return "–" if sign == "--" else "—"

    def _sign(self, sign: str, at: int, end: int) -> tuple[str | None, int]:
        """What a backslash and a sign show, which may take a letter with them."""
        if sign in ACCENTS and not sign.isalpha():
            letter = _LETTER.match(self.source, at, end)
            if letter and (sign not in "-=." or letter[0][0] != " "):
                return accented(sign, letter[1] or letter[2] or ""), letter.end()
        if sign in SPACES:
            return SPACES[sign], at
        return symbol(sign), at

    def _brace(self, start: int, end: int, look: Look, depth: int) -> tuple[list[Piece], int, Look]:
        """A brace, which shows unless its group begins with a command that is known."""
        closing = self.groups.partner(start)
        if closing is None or closing >= end or depth >= _DEEPEST:
            return [self._text(start, start + 1, None, look)], start + 1, look
        first = _TOKEN.match(self.source, start + 1, closing)
        if first and first["command"] in DECLARATIONS:
            inner = in_font(look, first["command"])
            begin = behind_spaces(self.source, first.end(), closing)
            return list(self.part((begin, closing), inner, depth + 1)), closing + 1, look
        inner_pieces = list(self.part((start + 1, closing), look, depth + 1))
        text = self.source[start + 1 : closing]
        is_known = text.startswith("\\") and "".join(each.text for each in inner_pieces) != text
        if is_known or self._protects(start, closing):
            return inner_pieces, closing + 1, look
        return (
            [
                self._text(start, start + 1, None, look),
                *inner_pieces,
                self._text(closing, closing + 1, None, look),
            ],
            closing + 1,
            look,
        )

    def _protects(self, start: int, closing: int) -> bool:
        """Whether braces only keep the capitals of a word from BibTeX: `{B}ayesian`."""
        word = self.source[start + 1 : closing]
        before = self.source[start - 1 : start]
        goes_on = self.source[closing + 1 : closing + 2].isalpha() or before.isalpha()
        return goes_on and word.isalpha() and word[0].isupper() and before not in ("^", "_")

    def _command(self, call: Call) -> tuple[list[Piece], int, Look]:
        """What a command with its arguments shows, where the text goes on, and how."""
        found = self._arguments.read(call) if call.depth < _DEEPEST else None
        if found is not None:
            return *found, call.look
        if call.name in DECLARATIONS:
            return [], behind_spaces(self.source, call.at, call.end), call.look
        text, stop = self._symbol(call.name, call.at, call.end)
        if text is None and call.name in _FORMULAS:
            text, stop = self._formula(call)
        shown = [self._text(call.start, stop, text, call.look)]
        while text is None and self.source.startswith("{", stop) and call.depth < _DEEPEST:
            closing = self.groups.partner(stop)
            if closing is None or closing >= call.end:
                break
            # What an unknown command does to its arguments is not known, so they keep their braces.
            shown += [
                self._text(stop, stop + 1, None, call.look),
                *self.part((stop + 1, closing), call.look, call.depth + 1),
                self._text(closing, closing + 1, None, call.look),
            ]
            stop = closing + 1
        return shown, stop, call.look

    def _symbol(self, name: str, at: int, end: int) -> tuple[str | None, int]:
        """What a command without arguments shows, or one that is an accent."""
        if name in SILENT:
            return "", behind_spaces(self.source, at, end)
        if name in SPACES:
            return SPACES[name], behind_spaces(self.source, at, end)
        if name in ACCENTS:
            letter = _LETTER.match(self.source, at, end)
            if letter:
                return accented(name, letter[1] or letter[2] or ""), letter.end()
        found = symbol(name)
        if found is None:
            return None, at
        # `\o{}` ends a command, `\ae ther` goes on with the word, `\alpha particles` does not.
        if self.source.startswith("{}", at):
            return found, at + 2
        if found.isalpha() and found[0] in _LETTERS_OF_WORDS and self.source.startswith(" ", at):
            return found, at + 1
        return found, at

    def _formula(self, call: Call) -> tuple[str | None, int]:
        """A command of mathematics outside of dollars with its arguments."""
        option = self.groups.option(call.at, call.end)
        stop = option[1] if option else call.at
        for _ in range(2 if call.name in _TWO else 1):
            argument = self.groups.argument(stop, call.end)
            if argument is None:
                return None, call.at
            stop = argument[1]
        return self._plain(call.start, stop) or (None, call.at)

    def _plain(self, start: int, end: int) -> tuple[str, int] | None:
        """A short part of the source read as a formula."""
        shown = plain_formula(self.source[start:end]) if end - start <= _LONGEST else None
        return None if shown is None else (shown, end)
