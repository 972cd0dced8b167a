r"""Digests of older makes: the source format in the variants in which such files are found.

    links      `> http://arxiv.org/abs/2511.21669v1`, or the address alone, without brackets
    contents   no table of contents
    badges     the word as it is: `badge/low-bit-F08080`, `badge/KV cache-F08080`
    abstracts  hard-wrapped; where a paragraph begins, a line begins with two spaces
    lines      ended by CR LF; any number of blank lines between the parts and at the end

A file without these variants reads as `read_back` reads it, but for line ends within paragraphs,
which are taken for hard wrapping: arXiv's abstracts have none.
"""

from __future__ import annotations

import re

from digest.model import Digest, PaperId
from digest.writer.format.badges import ADDRESS
from digest.writer.format.escape import unescape
from digest.writer.format.lines import Lines
from digest.writer.format.read import read_digest

_LINK = re.compile(r"(?:> ?)?(?=(?:\[[^\]]*\]\()?(https?://[^\s()\[\]]+))(?:\[[^\]]*\]\(\1\)|\1)")
_EXPECTED_LINK = "the link to the paper, '> [url](url)' or '> url'"

_WRAPPED = re.compile(r"[ \t]*\n(?!  )")
_SPACED_BADGE = re.compile(rf"!\[key{ADDRESS}[^()\n]*+(?<=-[0-9A-Fa-f]{{6}})\)")


def read_older(data: bytes, name: str = "") -> Digest:
    """The digest that a file holds; every link leads to a paper of arXiv.

    A file with fewer papers than its contents name has been cut off. `name` is what messages call
    the file. Raises FormatError.
    """
    lines = _OlderLines(data, name)
    digest = read_digest(lines)
    lines.all_found(len(digest.entries))
    return digest


class _OlderLines(Lines):
    """Lines that may deviate from the source format as those of older makes do."""

    def __init__(self, data: bytes, name: str) -> None:
        lines = data.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")
        super().__init__(lines.rstrip(b" \t\r\n") + b"\n", name)
        self._listed = 0

    def contents(self) -> int:
        """Pass the table of contents if there is one."""
        if self.starts("# "):
            self._listed = super().contents()
        return self._listed

    def all_found(self, papers: int) -> None:
        """Make sure that so many papers are all that the contents name."""
        if papers < self._listed:
            raise self._failure(f"the {self._listed} papers of its contents", str(papers))

    def link(self) -> str:
        """The address of a paper in the next line."""
        return self._value(_LINK, _EXPECTED_LINK, _arxiv_link, "link to a paper of arXiv")

    def blank(self) -> None:
        """Pass blank lines, however many there are."""
        while not self.at_end() and not self._line().strip(" \t"):
            self._next += 1

    def abstract(self) -> str:
        """The lines up to the next blank one as if they had not been wrapped."""
        if self.at_end() or self.starts("## ") or self.at_target():
            return ""
        text = _WRAPPED.sub(" ", super().abstract())
        return _SPACED_BADGE.sub(lambda badge: badge[0].replace(" ", "%20"), text)


def _arxiv_link(text: str) -> str:
    PaperId.parse(unescape(text))
    return text
