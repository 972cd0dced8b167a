"""The distribution's metadata against what the program and its documents say of it."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import entry_points

import pytest
from places import ROOT

from digest.model.distribution import NAME, install_command, installed_version, libraries

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = {
    name: wanted for name, wanted in PROJECT["optional-dependencies"].items() if name != "dev"
}
TEXTS = [ROOT / "README.md", *(ROOT / "docs").glob("*.md"), ROOT / "config/digest.toml"]


def test_the_name_and_the_version_are_those_of_the_project() -> None:
    assert (NAME, installed_version()) == (PROJECT["name"], PROJECT["version"])


@pytest.mark.parametrize("extra", EXTRAS)
def test_the_libraries_of_an_extra_are_read_from_the_metadata(extra: str) -> None:
    assert libraries(extra) == [re.split("[<>=]", wanted)[0] for wanted in EXTRAS[extra]]
    assert install_command(extra).startswith("python -m pip install ")


def test_the_program_starts_by_its_own_name_and_by_its_distributions() -> None:
    scripts = entry_points(group="console_scripts")
    assert {scripts[name].value for name in ("digest", NAME)} == {"digest.cli:main"}


def test_every_command_that_installs_libraries_names_those_of_an_extra() -> None:
    commands = {install_command(extra) for extra in EXTRAS}
    found = {
        line
        for path in TEXTS
        for line in re.findall(
            r"python -m pip install [a-z][\w -]*\w", path.read_text(encoding="utf-8")
        )
    }
    assert found
    assert found - {"python -m pip install pyarrow distributed"} <= commands


def test_no_text_names_a_package_that_no_index_has() -> None:
    texts = [*TEXTS, *(ROOT / "digest").rglob("*.py"), *(ROOT / "digest").rglob("*.yml")]
    for path in texts:
        assert not re.search(
            r"pip install ['\"]?arxiv-(?:daily-)?digest", path.read_text(encoding="utf-8")
        ), path
