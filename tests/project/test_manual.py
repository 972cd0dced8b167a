"""README and docs against the program: what they name exists, and what exists is named."""

from __future__ import annotations

import ast
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from command import members
from places import ROOT

from digest.cli import commands
from digest.config import DIGEST_FILE, KEYWORDS_FILE, load
from digest.config.cron import cron_problem
from digest.config.settings import Sections
from digest.config.topics import (
    AuthorTable,
    GroupTable,
    KeywordsFile,
    KeywordTable,
    TopicTable,
)

PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
#: What users read: the README and the pages beside the decisions.
MANUAL = [path for path in PAGES if path.parent.name != "decisions"]
TEXTS_OF = {path: path.read_text(encoding="utf-8") for path in MANUAL}
README = TEXTS_OF[ROOT / "README.md"]
COMMANDS = TEXTS_OF[ROOT / "docs" / "commands.md"]
WHOLE = "\n".join(TEXTS_OF.values())

#: Command lines in code: `digest …` between backticks, or a line of a block that starts with it.
INLINE = re.compile(r"`(?:[A-Z_]+=\S+ )?(digest [^`]+)`")
IN_BLOCK = re.compile(r"^(?:\$ )?(digest .+)$", re.MULTILINE)
CRON = re.compile(r"^(\S+ \S+ \S+ \S+ \S+) +(/\S+/)(digest .+?) >>\S+ 2>&1$", re.MULTILINE)

#: What stands for a value in a usage line, and a value it can have.
VALUES = {
    "D": "2026-11-20",
    "P": "8000",
    "FROM": "2026-11-20",
    "TO": "2026-11-20",
    "DIR": ".",
    "papers": ".",
}


#: Options of Docker, of examples and of the campaign.
OTHERS = {
    *("--read-only", "--rm", "--user", "--name", "--restart", "--tmpfs", "--env-file"),
    *("--first", "--last", "--minutes", "--seed", "--only", "--tries"),
}


def leaves(group: click.Group, above: str = "") -> dict[str, click.Command]:
    """Every command that does something, by the words that name it: `keywords add`."""
    found: dict[str, click.Command] = {}
    for name, command in members(group).items():
        if isinstance(command, click.Group):
            found |= leaves(command, f"{above}{name} ")
        else:
            found[above + name] = command
    return found


LEAVES = leaves(commands)


def named_in(line: str) -> str:
    """The words of a command line that name the command; empty if it names none."""
    words = line.split()[1:3]
    return next((name for name in (" ".join(words), *words[:1]) if name in LEAVES), "")


SYNOPSES = {
    named_in(line): line
    for line in re.findall(r"^\| `(digest [a-z][^`]*)` \|", COMMANDS, re.MULTILINE)
}
#: What stands in a row for options that many commands have in common.
REST = ("…", re.findall(r"^Where a row has `…`.*: `(.*)`\.$", COMMANDS, re.MULTILINE)[0])


def blocks() -> Iterator[tuple[str, str]]:
    """The language and the text of every code block."""
    for text in TEXTS_OF.values():
        yield from re.findall(r"^```(\w*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def prose(page: str) -> str:
    """A page without its code blocks."""
    return re.sub(r"^```.*?^```$", "", page, flags=re.MULTILINE | re.DOTALL)


def shown_commands() -> list[str]:
    """Every command line that the manual shows as it is typed, each once."""
    mentions = {*SYNOPSES.values(), *(f"digest {name}" for name in (*members(commands), *LEAVES))}
    lines = [line for line in INLINE.findall(prose(WHOLE)) if line not in mentions]
    for language, text in blocks():
        if language in ("sh", "console"):
            lines += IN_BLOCK.findall(text.replace("\\\n", " "))
    lines += [match[2] for match in CRON.findall(WHOLE)]
    return [line for line in dict.fromkeys(lines) if "COMMAND" not in line and "KIND" not in line]


def parse(line: str) -> None:
    """Parse a command line as the program does, without running it; unknown words raise."""
    words = [example(word) for word in shlex.split(line.partition(" >>")[0], comments=True)[1:]]
    group: click.Group = commands
    while True:
        end = next((n for n, word in enumerate(words) if word in members(group)), None)
        try:
            group.make_context("digest", words if end is None else words[: end + 1])
        except click.exceptions.Exit:  # --help and --version end it
            return
        if end is None:
            raise click.UsageError(f"{line} names no command")
        command, words = members(group)[words[end]], words[end + 1 :]
        if not isinstance(command, click.Group):
            command.make_context("digest", words)
            return
        group = command


def example(word: str) -> str:
    """A word that the program takes here and now for one that stands in the manual."""
    if word.endswith((".md", ".toml", "marks.json")):
        return str(ROOT / "README.md")
    return str(ROOT) if word.startswith("/home/you") else VALUES.get(word, word)


def exit_codes() -> list[str]:
    """The first column of the table of exit codes."""
    return re.findall(r"^\| (\d+) \|", COMMANDS, re.MULTILINE)


def messages() -> list[str]:
    """The first column of the table of troubles."""
    section = COMMANDS.partition("\n## Messages\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`.*?) \|", section, re.MULTILINE)
    return [message for row in rows for message in re.findall(r"`([^`]+)`", row)]


def options(command: click.Command) -> set[str]:
    """The options of a command but `--help`, which all of them have."""
    found = [each.opts for each in command.params if isinstance(each, click.Option)]
    return {name for names in found for name in names if name.startswith("--")}


def source_texts() -> Iterator[str]:
    """Every text of the program; what it fills in is `…`."""
    for module in (ROOT / "digest").rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value
            elif isinstance(node, ast.JoinedStr):
                parts = [
                    part.value if isinstance(part, ast.Constant) else "…" for part in node.values
                ]
                yield "".join(map(str, parts))


TEXTS = frozenset(source_texts())


def anchors(page: str) -> set[str]:
    """The anchors that GitHub gives the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}


def test_every_command_has_a_row_and_every_row_is_a_command() -> None:
    assert set(SYNOPSES) == set(LEAVES)


@pytest.mark.parametrize("name", SYNOPSES)
def test_a_row_names_all_the_options_of_its_command(name: str) -> None:
    named = set(re.findall(r"--[a-z-]+", SYNOPSES[name].replace(*REST)))
    assert named == options(LEAVES[name])


@pytest.mark.parametrize("line", shown_commands())
def test_a_command_line_that_is_shown_can_be_typed(line: str) -> None:
    parse(line)


@pytest.mark.parametrize(
    "line",
    ["digest rum", "digest run --dat 3", "digest keywords ad x", "digest check", "digest -Q"],
)
def test_a_command_line_that_is_wrong_would_be_found(line: str) -> None:
    with pytest.raises(click.UsageError):
        parse(line)


def test_there_are_command_lines_to_look_at() -> None:
    assert len(shown_commands()) > 60
    assert len(CRON.findall(WHOLE)) == 1
    assert len(messages()) > 20


def test_every_option_that_is_named_exists() -> None:
    known = {"--help", "--version"}.union(*map(options, LEAVES.values()))
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", WHOLE)) <= known | OTHERS


def test_the_crontab_line_is_a_cron_expression() -> None:
    ((expression, _, _),) = CRON.findall(WHOLE)
    assert cron_problem(expression) is None


def test_every_configuration_key_that_is_named_exists() -> None:
    sections = Sections.model_fields
    keys = {
        key
        for field in sections.values()
        if (table := field.annotation) is not None
        for key in table.model_fields
    }
    for table in (TopicTable, GroupTable, AuthorTable, KeywordTable):
        keys |= table.model_fields.keys()
    assert set(re.findall(r"`([a-z]+(?:_[a-z]+)+)`", README)) <= keys
    assert {name.lower() for name in re.findall(r"DIGEST_[A-Z]+__([A-Z_]+)", README)} <= keys
    assert set(re.findall(r"`\[([a-z]+)\]`", README)) <= set(sections)


def test_every_configuration_that_is_shown_can_be_used(tmp_path: Path) -> None:
    shown = [text for language, text in blocks() if language == "toml"]
    keywords = [text for text in shown if "[[topic]]" in text]
    for text in keywords:
        assert KeywordsFile.model_validate(tomllib.loads(text)).topics()
    for text in set(shown) - set(keywords):
        files = {tmp_path / DIGEST_FILE: text, tmp_path / KEYWORDS_FILE: keywords[0]}
        for name in tomllib.loads(text).get("digest", {}).get("library", ()):
            if not name.startswith("zotero:"):
                (tmp_path / name).touch()
        assert load(tmp_path, {}, files)


@pytest.mark.parametrize("code", exit_codes())
def test_the_exit_codes_are_those_of_the_help_text(code: str) -> None:
    assert re.search(rf"^  {code} ", commands.epilog or "", re.MULTILINE)


@pytest.mark.parametrize("message", messages())
def test_a_message_that_is_explained_is_one_of_the_program(message: str) -> None:
    wanted = [part for part in message.split("…") if part.strip()]
    assert any(all(part in text for part in wanted) for text in TEXTS)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_within_the_repository_leads_somewhere(page: Path) -> None:
    text = prose(page.read_text(encoding="utf-8"))
    for target in re.findall(r"\]\((?!https?://)([^)]+)\)", text):
        path, _, anchor = target.partition("#")
        other = (page.parent / path).resolve() if path else page
        assert other.exists(), target
        if anchor and other.suffix == ".md":
            assert anchor in anchors(other.read_text(encoding="utf-8")), target


def test_every_picture_is_shown() -> None:
    shown = set(re.findall(r"^!\[[^]]+\]\((?:docs/)?pictures/([^)]+)\)$", WHOLE, re.MULTILINE))
    assert shown == {path.name for path in (ROOT / "docs" / "pictures").iterdir()}


def test_the_front_page_is_short() -> None:
    assert len(README.splitlines()) <= 150


def test_the_index_leads_to_every_page() -> None:
    index = TEXTS_OF[ROOT / "docs" / "index.md"]
    for page in (ROOT / "docs").glob("*.md"):
        assert page.name == "index.md" or f"]({page.name})" in index
