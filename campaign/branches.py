"""Fuzzing by branches: atheris looks for inputs that take new ways through the program.

`python -m campaign.branches TARGET MINUTES SEED`. Only Python code of this project is watched.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["digest"]):  # so before all other imports of it
    from campaign.fuzz import LONGEST, MOST_MEGABYTES, megabytes
    from campaign.inputs import TARGETS, Target
    from digest.model.errors import DigestError


def main(target: Target, minutes: float, number: int) -> None:
    """Fuzz for so long; ends the process, with another code than 0 if something was found."""

    def read(data: bytes) -> None:
        try:
            target.read(data)
        except DigestError:
            return

    folder = Path(tempfile.mkdtemp(prefix="branches-"))
    corpus = folder / "corpus"
    corpus.mkdir()
    for index, whole in enumerate(target.seeds()):
        (corpus / str(index)).write_bytes(whole)
        read(whole)
    words = folder / "words"
    words.write_text("".join(f'"{_escaped(piece)}"\n' for piece in target.pieces))
    options = (
        *(f"-max_total_time={60 * minutes:.0f}", f"-seed={number}", f"-timeout={LONGEST:.0f}"),
        *(f"-rss_limit_mb={megabytes() + MOST_MEGABYTES}", f"-dict={words}"),
        *(f"-artifact_prefix={folder}/", "-print_final_stats=1", "-max_len=20000", str(corpus)),
    )
    atheris.Setup([sys.argv[0], *options], read)
    atheris.Fuzz()


def _escaped(piece: bytes) -> str:
    return "".join(f"\\x{byte:02x}" for byte in piece)


if __name__ == "__main__":
    named = next(target for target in TARGETS if target.name == sys.argv[1])
    main(named, float(sys.argv[2]), int(sys.argv[3]))
