"""A year matched the plain way, on one core: read every row, replace keyword by keyword.

`python -m bench.replaced_year ARCHIVE KEYWORDS`: KEYWORDS is a JSON list of groups, each of them a
colour and its keywords.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from digest.archive import Archive

_WORKS = 1_500  # a day's


def main() -> None:
    """Read and replace, and keep nothing."""
    groups = json.loads(sys.argv[2])
    with Archive(Path(sys.argv[1])) as archive:
        for works in archive.papers.works(_WORKS):
            for _, _, abstract, _ in archive.papers.texts(works):
                text = abstract
                for color, keywords in groups:
                    for word in keywords:
                        badge = f"![key](https://img.shields.io/badge/{word}-{color})"
                        text = text.replace(word, badge)


if __name__ == "__main__":
    main()
