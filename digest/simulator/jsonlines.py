"""A corpus as a file: JSON Lines in UTF-8, one work a line.

    {"id": "2511.20009", "announced": "2025-11-26", "versions": [
        {"version": 1, "updated": "2025-11-25T10:00:00Z", "title": …, "abstract": …,
         "authors": [...], "categories": ["cs.LG", …], "published": "2025-11-25T10:00:00Z",
         "url": "http://arxiv.org/abs/2511.20009v1", "comment": null, "doi": null,
         "journal_ref": null}]}
    {"id": "2511.20010", "absent": true}

(a work is on one line in the file). `absent` marks an id that was never made public.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from digest.model import Paper


def write(
    path: Path, works: Iterable[tuple[date, tuple[Paper, ...]]], absent: Iterable[str]
) -> None:
    """Write works, each with its announcement day, and the absent ids."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for day, versions in works:
            record = {
                "id": versions[0].id,
                "announced": day.isoformat(),
                "versions": [_plain(paper) for paper in versions],
            }
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
        for base in absent:
            file.write(json.dumps({"id": base, "absent": True}) + "\n")


def read(path: Path) -> tuple[list[Paper], dict[str, date], list[str]]:
    """All papers, the announcement days by base id, and the absent ids.

    Raises ValueError, naming file and line, for a line that is not a work.
    """
    papers: list[Paper] = []
    announced: dict[str, date] = {}
    absent: list[str] = []
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            try:
                record = json.loads(line)
                if record.get("absent"):
                    absent.append(record["id"])
                    continue
                announced[record["id"]] = date.fromisoformat(record["announced"])
                papers += [_paper(record["id"], plain) for plain in record["versions"]]
            except (KeyError, TypeError, ValueError, AttributeError) as cause:
                raise ValueError(f"{path}:{number}: not a work of a corpus: {cause!r}") from cause
    return papers, announced, absent


def _plain(paper: Paper) -> dict[str, Any]:
    plain = asdict(paper)
    del plain["id"]
    for key in ("published", "updated"):
        plain[key] = plain[key].strftime("%Y-%m-%dT%H:%M:%SZ")
    return plain


def _paper(base: str, plain: dict[str, Any]) -> Paper:
    times = {
        key: datetime.fromisoformat(plain[key]).astimezone(UTC) for key in ("published", "updated")
    }
    lists = {key: tuple(plain[key]) for key in ("authors", "categories")}
    return Paper(id=base, **(plain | times | lists))
