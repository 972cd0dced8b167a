"""The digest files on disk against what the ledger says of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
from pathlib import Path

from digest.archive.soundness import Finding, WrittenDigest
from digest.model.reports import DayState


def strange_files(
    digests: Callable[[], Mapping[str, WrittenDigest]], folder: Path
) -> list[Finding]:
    """The digests whose files in `folder` are not what was written, ascending.

    `digests` reads the ledger. A run may go on meanwhile: a file that is written after its record
    was read is looked at again.
    """
    records = digests()
    strange = _compare(records, records, folder)
    while strange:
        fresh = digests()
        changed = [day for day in strange if fresh.get(day) != records.get(day)]
        if not changed:
            break
        records = fresh
        strange = {day: what for day, what in strange.items() if day not in changed}
        strange |= _compare(records, changed, folder)
    return [Finding(f"digest {day}", what) for day, what in sorted(strange.items())]


def _compare(
    records: Mapping[str, WrittenDigest], days: Iterable[str], folder: Path
) -> dict[str, str]:
    found = {day: _difference(folder / f"{day}.md", records[day]) for day in days}
    return {day: what for day, what in found.items() if what}


def _difference(path: Path, record: WrittenDigest) -> str:
    """What is wrong with a digest's file; nothing if it is the one that was written."""
    file = "the imported file" if record.state == DayState.IMPORTED else "its file"
    try:
        found = sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return f"{file} is missing: {path}"
    except OSError as error:
        return f"{file} cannot be read: {path}: {error.strerror}"
    # A run that was killed wrote the one or the other.
    if found in (record.sha256, record.intended):
        return ""
    return f"{file} was changed by hand since: {path}"
