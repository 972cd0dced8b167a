"""The entries of a RIS file. Needs the extra `export`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

import rispy

_BEGIN = re.compile(r"^TY  -", re.MULTILINE)

#: Fields by their names in BibTeX; of several the first that is there.
_NAMES = {
    "title": ("title", "primary_title"),
    "abstract": ("abstract", "notes_abstract"),
    "doi": ("doi",),
    "url": ("urls",),
    "number": ("number",),
    "note": ("notes", "note"),
}


def entries(text: str) -> Iterator[Mapping[str, str] | None]:
    """The fields of each entry by the names that BibTeX has for them; None for a broken one.

    One at a time, since a broken one would take the next one with it.
    """
    starts = [found.start() for found in _BEGIN.finditer(text)]
    for start, end in pairwise([*starts, len(text)]):
        yield _entry(text[start:end])


def _entry(text: str) -> Mapping[str, str] | None:
    try:
        (found, *_) = rispy.loads(f"{text}\nER  - \n")
    except (ValueError, LookupError, TypeError):
        return None
    return {
        name: _text(next((found[one] for one in theirs if found.get(one)), ""))
        for name, theirs in _NAMES.items()
    }


def _text(value: object) -> str:
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value).strip()
