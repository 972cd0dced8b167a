"""Citation keys: `fenn2025sparse-2511.21669`, from the first author, the year, a word and the id.

The id makes a key a function of its paper alone: the same in every export, and no other paper's.
Letters for those that would be equal could not do that, since they depend on what else is exported
with it; a file that grows by one export a day would come to have one key twice.
"""

from __future__ import annotations

import re
import unicodedata

from digest.model import Paper
from digest.model.tex import readable
from digest.outlets.exports.names import names

_WORD = re.compile(r"[a-z]+")
_LEAST = 4
_LONGEST = 20
_PASSED_OVER = frozenset(
    {
        *("about", "across", "after", "against", "among", "beyond", "from", "into", "more", "over"),
        *("than", "that", "their", "these", "this", "those", "through", "toward", "towards"),
        *("under", "upon", "using", "what", "when", "where", "which", "with", "within", "without"),
    }
)


def key(paper: Paper) -> str:
    """The key of a paper: ASCII letters, digits, dots and hyphens."""
    authors = names(paper.authors)
    author = "".join(_words(authors[0].family)) if authors else ""
    words = (word for word in _words(readable(paper.title)) if word not in _PASSED_OVER)
    word = next((word for word in words if len(word) >= _LEAST), "")
    name = f"{author[:_LONGEST]}{paper.published.year}{word[:_LONGEST]}"
    return f"{name}-{paper.id.replace('/', '-')}"


def _words(text: str) -> list[str]:
    """The words of a text in small ASCII letters, without accents."""
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss").replace("ł", "l"))
    bare = "".join(sign for sign in plain.lower() if not unicodedata.combining(sign))
    return _WORD.findall(bare)
