"""Write the JSON Schemas of the configuration files: `make schema`."""

from __future__ import annotations

from pathlib import Path

from digest.config.schema import schemas

for name, text in schemas().items():
    Path(__file__).parents[1].joinpath(name).write_text(text, encoding="utf-8", newline="\n")
    print(name)
