"""A workflow for GitHub Actions, in the git repository that the workspace is part of."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path

from digest.config import Config
from digest.model.distribution import NAME
from digest.model.errors import UsageError
from digest.runs.install.files import SEAL, OwnFiles
from digest.runs.install.job import WAIT_SECONDS, name_of
from digest.runs.install.times import Time, cron_fields, together

_FORM = Path(__file__).with_name("workflow.yml")
_FILE = Path(".github", "workflows", "digest.yml")
_PLACE = re.compile("<([A-Z]+)>")
#: What belongs to the site only.
_SITE = re.compile("^<SITE>\n(.*?)^</SITE>\n", re.DOTALL | re.MULTILINE)

_ADVICE = """\
To start it:
  git add {file}
  git commit -m "Make digests every day"
  git push
A first run by hand: on GitHub, under Actions, `digest`, `Run workflow`."""


def workflow(
    workspace: Path, config: Config, times: Iterable[Time], origin: Callable[[], str]
) -> OwnFiles:
    """The workflow, by times in UTC.

    `origin` gives the address that pip installs this program from. Raises UsageError.
    """
    repository = _repository(workspace)
    # The runner has the repository only, and in another place.
    for path in (config.digest.output, config.digest.template):
        if not path.resolve().is_relative_to(repository):
            raise UsageError(
                f"install github-actions: {path} lies outside of the repository {repository}",
                hint="Choose a place within it, as a path that starts at the workspace.",
            )
    inside = workspace.relative_to(repository)
    folder = _quoted(inside)
    form = _SITE.sub(r"\1" if config.site.enabled else "", _FORM.read_text(encoding="utf-8"))
    values = {
        "SEAL": SEAL,
        "NAME": name_of(inside),
        "TIMES": "\n".join(f'    - cron: "{cron_fields(each)}"' for each in together(times)),
        "WORKSPACE": folder,
        "OUTPUT": _quoted(config.digest.output.resolve().relative_to(repository)),
        "PACKAGE": _package(repository, config, origin),
        "WAIT": str(WAIT_SECONDS),
    }
    text = _PLACE.sub(lambda match: values[match[1]], form)
    return OwnFiles(
        ((repository / _FILE, text),),
        _ADVICE.format(file=_FILE.as_posix()),
        whose=f"\n      WORKSPACE: {folder}\n",
    )


def _repository(workspace: Path) -> Path:
    for folder in (workspace, *workspace.parents):
        if (folder / ".git").exists():
            return folder
    raise UsageError(
        f"install github-actions: {workspace} is not part of a git repository",
        hint="The workflow belongs to a repository on GitHub; `git init` makes one.",
    )


def _quoted(path: Path) -> str:
    """A path as YAML text."""
    text = path.as_posix()
    if "${{" in text:
        raise UsageError(
            f"install github-actions: {text}: to GitHub, ${{{{ begins an expression",
            hint="Give the folder another name.",
        )
    # JSON's texts are texts of YAML, too.
    return json.dumps(text, ensure_ascii=False)


def _package(repository: Path, config: Config, origin: Callable[[], str]) -> str:
    """What pip installs: this program, with the extras that a run of the workspace needs."""
    wanted = {"feed": config.feed.enabled, "site": config.site.enabled}
    names = ",".join(name for name, enabled in wanted.items() if enabled)
    extras = f"[{names}]" if names else ""
    return f".{extras}" if _is_source(repository) else f"{NAME}{extras} @ {origin()}"


def _is_source(repository: Path) -> bool:
    """Whether the repository is a clone of this program, which can be installed from itself."""
    try:
        project = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    table = project.get("project")
    return isinstance(table, dict) and table.get("name") == NAME
