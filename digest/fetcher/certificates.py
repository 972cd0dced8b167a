"""Whose certificates are believed: those that the environment names, else certifi's.

`SSL_CERT_FILE` (a file) and `SSL_CERT_DIR` (folders, as `openssl rehash` prepares them) are
OpenSSL's variables, `REQUESTS_CA_BUNDLE` (either) is that of Python's requests; the first ones
come first. OpenSSL says nothing of a file that does not exist or holds nothing; here it is said.
"""

from __future__ import annotations

import os
import re
import ssl
from collections.abc import Mapping
from pathlib import Path

from digest.model.errors import ConfigError, Problem

_HASHED = re.compile(r"[0-9a-f]{8}\.\d+")


def trust(environ: Mapping[str, str]) -> ssl.SSLContext:
    """What connections are checked with: every certificate, and that it is the host's.

    Raises ConfigError, naming the variable, if it names nothing that can be used.
    """
    file, folders = _named(environ)
    if not (file or folders):
        import certifi

        return ssl.create_default_context(cafile=certifi.where())
    variable, path = file or ("", None)
    try:
        context = ssl.create_default_context(
            cafile=path, capath=os.pathsep.join(path for _, path in folders) or None
        )
    except ssl.SSLError:
        raise _problem(variable, f"{path}: there is no certificate in PEM form in it") from None
    except OSError as error:
        raise _problem(variable, f"{path}: {error.strerror or error}") from None
    if not (file or any(map(_is_hashed, folders))):
        variable, path = folders[0]
        raise _problem(
            variable,
            f"{path}: no certificate in it has the name that OpenSSL looks for",
            f"run `openssl rehash {path}`",
        )
    return context


def _named(
    environ: Mapping[str, str],
) -> tuple[tuple[str, str] | None, list[tuple[str, str]]]:
    """The file and the folders that the environment names, each with its variable.

    Raises ConfigError if one does not exist or is of the other kind.
    """
    file = _set("SSL_CERT_FILE", environ)
    folders = [
        ("SSL_CERT_DIR", folder)
        for folder in environ.get("SSL_CERT_DIR", "").split(os.pathsep)
        if folder
    ]
    if not (file or folders):
        file = _set("REQUESTS_CA_BUNDLE", environ)
        if file and Path(file[1]).is_dir():
            return None, [file]
    if file and not Path(file[1]).is_file():
        what = "it is a folder" if Path(file[1]).is_dir() else "no such file"
        raise _problem(file[0], f"{file[1]}: {what}", "a file of certificates in PEM form")
    for variable, folder in folders:
        if not Path(folder).is_dir():
            raise _problem(variable, f"{folder}: no such folder", "a folder of certificates")
    return file, folders


def _set(variable: str, environ: Mapping[str, str]) -> tuple[str, str] | None:
    path = environ.get(variable, "")
    return (variable, path) if path else None


def _is_hashed(folder: tuple[str, str]) -> bool:
    """Whether OpenSSL finds anything in a folder."""
    try:
        return any(_HASHED.fullmatch(path.name) for path in Path(folder[1]).iterdir())
    except OSError:
        return False


def _problem(variable: str, what: str, allowed: str = "") -> ConfigError:
    """The error for a variable that names no certificates."""
    return ConfigError(
        [Problem(variable, None, "", what, allowed)],
        hint=f"correct the environment variable {variable}, or unset it",
    )
