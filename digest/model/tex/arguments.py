r"""Commands of text with arguments: fonts, links, lists, notes."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from digest.model.tex.formulas import plain_formula
from digest.model.tex.groups import Groups, Place
from digest.model.tex.links import clean, is_web
from digest.model.tex.pieces import Kind, Look, Piece

_BOLD = frozenset(("textbf", "bf", "bfseries", "strong"))
_ITALIC = frozenset(("emph", "textit", "textsl", "it", "em", "itshape", "sl"))
_CODE = frozenset(("texttt", "tt", "ttfamily", "code"))
#: What changes the rest of a group.
DECLARATIONS = frozenset(("bf", "bfseries", "it", "em", "itshape", "sl", "tt", "ttfamily"))
_FONTS = (_BOLD | _ITALIC | _CODE) - DECLARATIONS
#: Commands that show their argument as it is.
_SHOWN_WORDS = """
    text mbox hbox textrm textsc textsf textnormal textup textmd underline uline ul mathrm
    ensuremath centerline uppercase lowercase hl sout
"""
_SHOWN = frozenset(_SHOWN_WORDS.split())
#: Those with a colour before it.
_COLORED = frozenset(("textcolor", "colorbox"))
_LAID_OUT_WORDS = """
    itemize enumerate description compactitem compactenum abstract center quote quotation
    flushleft document
"""
_LAID_OUT = frozenset(_LAID_OUT_WORDS.split())
_EQUATIONS = frozenset(
    ("equation", "align", "gather", "eqnarray", "multline", "displaymath", "math")
)
_ENVIRONMENT = re.compile(r"\{([A-Za-z]+)\*?\}")
_END = re.compile(r"\\end(\{[A-Za-z]+\*?\})")
_VERBATIM = re.compile(r"\\verb\*?([^A-Za-z*\s])([^\n]{0,200}?)\1")
_CITES = re.compile(r"(?:no)?cite[A-Za-z]*")
_REFERENCES = frozenset(("ref", "eqref", "autoref", "cref", "Cref", "pageref"))
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}(?:/|\Z)")

#: The pieces of a command, and where it is over.
Found = tuple[list[Piece], int]


@dataclass(frozen=True, slots=True)
class Call:
    """A command that begins at `start`; its arguments lie between `at` and `end`."""

    name: str
    start: int
    at: int
    end: int
    look: Look
    depth: int


class Reading(Protocol):
    """What reads the arguments of commands."""

    source: str
    groups: Groups

    def part(self, place: Place, look: Look, depth: int) -> Iterator[Piece]:
        """The pieces of a part of the source."""


def in_font(look: Look, name: str) -> Look:
    """The look of what a command of a font applies to."""
    return replace(
        look,
        bold=look.bold or name in _BOLD,
        italic=look.italic or name in _ITALIC,
        code=look.code or name in _CODE,
    )


def led(look: Look, address: str) -> Look:
    """A look with an address, which it keeps if it has one."""
    return replace(look, address=address) if address and not look.address else look


def behind_spaces(source: str, at: int, end: int) -> int:
    """Behind the spaces that end a command."""
    while at < end and source[at] in " \t":
        at += 1
    return at


class Arguments:
    """Reads the commands of one text with their arguments."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._source = reading.source
        self._groups = reading.groups
        self._ends: dict[str, list[int]] | None = None

    def read(self, call: Call) -> Found | None:
        """A command that is known, with its arguments."""
        match call.name:
            case "begin" | "end":
                return self._environment(call)
            case "item":
                return self._item(call)
            case "url" | "href" | "path":
                return self._link(call)
            case "verb":
                return self._verbatim(call)
            case "footnote" | "label":
                return self._note(call)
            case "textsuperscript" | "textsubscript":
                return self._script(call)
        if _CITES.fullmatch(call.name) or call.name in _REFERENCES:
            return self._note(call)
        return self._set(call)

    def _part(self, place: Place, look: Look, depth: int) -> list[Piece]:
        return list(self._reading.part(place, look, depth + 1))

    def _set(self, call: Call) -> Found | None:
        """An argument that is shown, perhaps in another font."""
        at = call.at
        if call.name in _COLORED:
            color = self._groups.group(at, call.end)
            at = color[1] if color else at
        elif call.name not in _SHOWN and call.name not in _FONTS:
            return None
        argument = self._groups.group(at, call.end)
        if argument is None:
            return None
        return self._part(argument[0], in_font(call.look, call.name), call.depth), argument[1]

    def _item(self, call: Call) -> Found:
        item = Piece(call.start, call.at, "\n• ", Kind.ITEM)
        option = self._groups.option(call.at, call.end)
        if option is None:
            return [item], behind_spaces(self._source, call.at, call.end)
        return [item, *self._part(option[0], replace(call.look, bold=True), call.depth)], option[1]

    def _environment(self, call: Call) -> Found | None:
        found = _ENVIRONMENT.match(self._source, call.at, call.end)
        if not found:
            return None
        if found[1] in _EQUATIONS and call.name == "begin":
            closing = self._end(found[0], found.end())
            if closing is not None and closing < call.end:
                stop = closing + len(f"\\end{found[0]}")
                inner = self._source[found.end() : closing].strip()
                return [Piece(call.start, stop, f"$${inner}$$", Kind.FORMULA)], stop
        if found[1] in _LAID_OUT:
            stop = behind_spaces(self._source, found.end(), call.end)
            return [Piece(call.start, stop, "\n", Kind.PARAGRAPH)], stop
        return None

    def _end(self, name: str, at: int) -> int | None:
        """Where an environment that was begun before a place ends."""
        if self._ends is None:
            self._ends = {}
            for found in _END.finditer(self._source):
                self._ends.setdefault(found[1], []).append(found.start())
        ends = self._ends.get(name, [])
        number = bisect_right(ends, at - 1)
        return ends[number] if number < len(ends) else None

    def _link(self, call: Call) -> Found | None:
        """A link with its text; one that does not lead to a page of the web is its text alone."""
        address = self._groups.group(call.at, call.end)
        if address is None:
            return None
        (start, stop), behind = address
        raw = clean(self._source[start:stop].strip())
        look = led(call.look, _web_address(raw))
        text = self._groups.group(behind, call.end) if call.name == "href" else None
        if text is None:
            return [Piece(start, stop, raw, look=look)], behind
        # An address in the text of the link is a part of the text.
        shown = [
            replace(piece, look=replace(piece.look, address=look.address))
            for piece in self._part(text[0], look, call.depth)
        ]
        return shown, text[1]

    def _verbatim(self, call: Call) -> Found | None:
        found = _VERBATIM.match(self._source, call.start, call.end)
        if not found:
            return None
        code = replace(call.look, code=True)
        return [Piece(call.start, found.end(), found[2], look=code)], found.end()

    def _script(self, call: Call) -> Found | None:
        group = self._groups.group(call.at, call.end)
        if group is None:
            return None
        sign = "^" if call.name == "textsuperscript" else "_"
        shown = plain_formula(sign + self._source[call.at : group[1]])
        return ([Piece(call.start, group[1], shown, look=call.look)], group[1]) if shown else None

    def _note(self, call: Call) -> Found | None:
        """A note or a reference, in brackets."""
        option = self._groups.option(call.at, call.end)
        argument = self._groups.group(option[1] if option else call.at, call.end)
        if argument is None:
            return None
        (start, stop), behind = argument
        if call.name == "label":
            return [], behind
        if call.name == "footnote":
            opening = Piece(call.start, start, " (", look=call.look)
            closing = Piece(stop, behind, ")", look=call.look)
            return [opening, *self._part((start, stop), call.look, call.depth), closing], behind
        text = self._source[start:stop]
        shown = text if call.name in _REFERENCES else f"[{text}]"
        return [Piece(call.start, behind, shown, look=call.look)], behind


def _web_address(text: str) -> str:
    """The address of the web that a text is, with or without its scheme; empty if it is none."""
    if is_web(text):
        return text
    return f"https://{text}" if _HOST.match(text) and is_web(f"https://{text}") else ""
