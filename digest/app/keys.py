"""The keys of servers: from the environment, or from a file that only its owner can read."""

from __future__ import annotations

from pathlib import Path

from pydantic import SecretStr

from digest.outlets.post.secret_files import secret_text


def key_of(key: SecretStr, file: Path | None, name: str) -> str:
    """The key, "" if there is none. `name` is the setting of the file. Raises ConfigError."""
    text = key.get_secret_value()
    return secret_text(file, name).strip() if file and not text else text
