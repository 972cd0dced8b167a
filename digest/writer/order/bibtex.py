"""The entries of a BibTeX file. Needs the extra `export`."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping

from bibtexparser.model import Entry
from bibtexparser.splitter import Splitter

# It tells each broken entry on standard error; here they are counted.
logging.getLogger("bibtexparser").setLevel(logging.CRITICAL + 1)


def entries(text: str) -> Iterator[Mapping[str, str] | None]:
    """The fields of each entry by their names in small letters; None for a broken one.

    Values are as they are written, in TeX. A key or a field that is there twice is no harm.
    """
    for block in Splitter(text).split().blocks:
        entry = block if isinstance(block, Entry) else getattr(block, "ignore_error_block", None)
        if isinstance(entry, Entry):
            yield {field.key.lower(): _bare(str(field.value)) for field in reversed(entry.fields)}
        elif getattr(block, "error", None):
            yield None


def _bare(value: str) -> str:
    """Without the braces or the quotation marks around it."""
    return value[1:-1] if value[:1] + value[-1:] in ("{}", '""') else value
