"""Whose certificates are believed, and what is wrong with what the environment names."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from postbox import CERTIFICATE

from digest.fetcher.certificates import trust
from digest.model.errors import ConfigError


def count(environ: dict[str, str]) -> int:
    return len(trust(environ).get_ca_certs())


def test_without_variables_they_are_those_of_certifi() -> None:
    assert count({}) > 50
    assert count({"SSL_CERT_FILE": "", "SSL_CERT_DIR": "", "REQUESTS_CA_BUNDLE": ""}) > 50


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"])
def test_a_file_takes_their_place(variable: str) -> None:
    assert count({variable: str(CERTIFICATE)}) == 1


@pytest.mark.parametrize("variable", ["SSL_CERT_DIR", "REQUESTS_CA_BUNDLE"])
def test_a_prepared_folder_takes_their_place(variable: str, tmp_path: Path) -> None:
    name = subprocess.run(
        ("/usr/bin/env", "openssl", "x509", "-hash", "-noout", "-in", str(CERTIFICATE)),
        check=True, capture_output=True, text=True,
    ).stdout.strip()  # fmt: skip
    shutil.copy(CERTIFICATE, tmp_path / f"{name}.0")
    assert count({variable: str(tmp_path)}) == 0  # OpenSSL reads them when they are needed


def test_openssls_variables_come_before_those_of_requests(tmp_path: Path) -> None:
    missing = str(tmp_path / "missing")
    assert count({"SSL_CERT_FILE": str(CERTIFICATE), "REQUESTS_CA_BUNDLE": missing}) == 1


@pytest.mark.parametrize(
    ("variable", "place", "said"),
    [
        ("SSL_CERT_FILE", "missing.pem", "no such file"),
        ("SSL_CERT_FILE", "empty.pem", "no certificate in PEM form"),
        ("SSL_CERT_FILE", "broken.pem", "no certificate in PEM form"),
        ("SSL_CERT_FILE", "folder", "it is a folder"),
        ("SSL_CERT_DIR", "missing", "no such folder"),
        ("SSL_CERT_DIR", "empty.pem", "no such folder"),
        ("SSL_CERT_DIR", "folder", "openssl rehash"),
        ("REQUESTS_CA_BUNDLE", "missing.pem", "no such file"),
        ("REQUESTS_CA_BUNDLE", "broken.pem", "no certificate in PEM form"),
        ("REQUESTS_CA_BUNDLE", "folder", "openssl rehash"),
    ],
)
def test_what_is_wrong_is_named_with_its_variable(
    variable: str, place: str, said: str, tmp_path: Path
) -> None:
    (tmp_path / "empty.pem").write_text("")
    (tmp_path / "broken.pem").write_text("-----BEGIN CERTIFICATE-----\nAAAA\n")
    (tmp_path / "folder").mkdir()
    with pytest.raises(ConfigError) as caught:
        trust({variable: str(tmp_path / place)})
    assert caught.value.message.startswith(f"{variable}: {tmp_path / place}: ")
    assert said in caught.value.message
    assert variable in caught.value.hint
