"""The least that a day can cost: fetch the same answers with one client, parse them, stop.

`python fetch_and_parse.py ADDRESS REQUESTS`: REQUESTS is a JSON file of [method, path, content].
It imports nothing of ours.
"""

import json
import sys
from pathlib import Path

import httpx
from lxml import etree

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def main() -> None:
    """Fetch and parse, one request after the other."""
    _, address, requests = sys.argv
    with httpx.Client() as client:
        for method, path, content in json.loads(Path(requests).read_text(encoding="utf-8")):
            body = content.encode() or None
            response = client.request(
                method, address + path, content=body, headers=FORM if body else None
            )
            etree.fromstring(response.raise_for_status().content)


if __name__ == "__main__":
    main()
