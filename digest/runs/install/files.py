"""Files among those of others; only a file of our own is overwritten.

The first line that names `digest install` ends in a seal, a hash of all the rest. A file whose
seal matches was written here and not edited since. Any other file belongs to a person.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from digest.files import replace
from digest.model.errors import UsageError, WriteError

#: Stands for the seal in a text that is not sealed yet.
SEAL = "0" * 16

_SEAL = re.compile(r"^(\W*Made by `digest install [a-z-]+`, seal )([0-9a-f]{16})", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class OwnFiles:
    """An entry that consists of files; `files` are paths and texts with SEAL in their first lines.

    `whose` is in every file of the same workspace.
    """

    files: Sequence[tuple[Path, str]]
    advice: str
    whose: str = ""

    @property
    def text(self) -> str:
        """The files one after another, each under its path if there are several."""
        if len(self.files) == 1:
            return sealed(self.files[0][1]).removesuffix("\n")
        parts = (f"# {path}\n{sealed(text)}" for path, text in self.files)
        return "\n".join(parts).removesuffix("\n")

    def write(self) -> Sequence[str]:
        """Write what is not there yet; nothing if one file is not ours to write."""
        for path, _ in self.files:
            self._check(path)
        return [
            f"{'written' if replace(path, sealed(text).encode()) else 'unchanged'}: {path}"
            for path, text in self.files
        ]

    def _check(self, path: Path) -> None:
        try:
            there = path.read_bytes().decode() if path.exists() else None
        except UnicodeDecodeError:
            there = ""
        except OSError as error:
            raise WriteError(f"install: cannot read: {path}: {error.strerror}") from error
        if there is not None and not (is_sealed(there) and self.whose in there):
            raise UsageError(
                f"install: {path}: exists, and was not written (or was edited since) by `digest "
                "install`",
                hint="Nothing was written. Move the file away, or change it yourself: without "
                "--write the entry is only printed.",
            )


def sealed(text: str) -> str:
    """A text with its seal. Changing any of it breaks the seal."""
    return _SEAL.sub(lambda match: match[1] + _hash(text), text, count=1)


def is_sealed(text: str) -> bool:
    """Whether a text is as `sealed` gave it."""
    match = _SEAL.search(text)
    return (
        match is not None and sealed(text[: match.start(2)] + SEAL + text[match.end(2) :]) == text
    )


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
