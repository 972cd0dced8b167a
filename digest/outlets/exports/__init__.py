"""Papers of digests in the forms that other programs take: one module a format, all of them pure.

Titles, abstracts and names come from strangers. In every format they are text: nothing in them
ends a field, begins another one, or is a command to TeX or to a spreadsheet.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum

from digest.model.distribution import install_command
from digest.model.errors import UsageError
from digest.outlets.exports.picked import Picked

__all__ = ["Format", "Picked", "formatter"]


class Format(StrEnum):
    """What an export can be."""

    BIBTEX = "bibtex"
    RIS = "ris"
    CSL_JSON = "csl-json"
    JSONL = "jsonl"
    CSV = "csv"


def formatter(form: Format) -> Callable[[Sequence[Picked]], str]:
    """What makes the text of papers in a format.

    Raises UsageError if the format needs what is not installed.
    """
    try:
        match form:
            case Format.BIBTEX:
                from digest.outlets.exports.bibtex import bibtex as found
            case Format.RIS:
                from digest.outlets.exports.ris import ris as found
            case Format.CSL_JSON:
                from digest.outlets.exports.csl import csl_json as found
            case Format.JSONL:
                from digest.outlets.exports.tables import json_lines as found
            case Format.CSV:
                from digest.outlets.exports.tables import csv_table as found
    except ImportError as error:
        raise UsageError(
            f"cannot export to {form}: {error}",
            hint=f"{install_command('export')}; or choose csl-json, jsonl or csv",
        ) from error
    return found
