"""What the two configuration files may say, and what is said about them when they are wrong."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from digest.config import DIGEST_FILE, KEYWORDS_FILE, load
from digest.config.defaults import shipped
from digest.config.settings import SECRETS, Sections
from digest.model import Group, Topic, plain_keywords
from digest.model.errors import ConfigError, Problem

THREE_LINES = '[[topic]]\n[[topic.group]]\nkeywords = ["diffusion"]\n'


def workspace(
    folder: Path, settings: str | bytes = "", keywords: str | bytes = THREE_LINES
) -> Path:
    (folder / "config").mkdir()
    for file, text in ((DIGEST_FILE, settings), (KEYWORDS_FILE, keywords)):
        (folder / file).write_bytes(text.encode() if isinstance(text, str) else text)
    return folder


def problems(folder: Path, environ: Mapping[str, str] | None = None) -> tuple[Problem, ...]:
    with pytest.raises(ConfigError) as caught:
        load(folder, environ or {})
    assert caught.value.exit_code == 2
    assert caught.value.hint
    return caught.value.problems


def briefly(found: tuple[Problem, ...]) -> list[str]:
    """Each problem as `file:line: key: what`, without folders and without what is allowed."""
    return [str(replace(problem, where=Path(problem.where).name, allowed="")) for problem in found]


def test_shipped_files_hold_the_documented_defaults(tmp_path: Path) -> None:
    plain = load(workspace(tmp_path, "", shipped("config/keywords.toml")), {})
    (tmp_path / DIGEST_FILE).write_text(shipped("config/digest.toml"), encoding="utf-8")
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/digest.md.j2").touch()
    assert load(tmp_path, {}) == plain


def test_shipped_settings_show_every_key_with_a_comment_above_it() -> None:
    text = shipped("config/digest.toml")
    for above, line in pairwise(text.splitlines()):
        if re.match(r"\w+ = ", line):
            assert above.startswith("#"), line
    shown = {(section, key) for section, keys in tomllib.loads(text).items() for key in keys}
    known = {
        (section, key)
        for section, field in Sections.model_fields.items()
        for key in field.annotation.model_fields  # type: ignore[union-attr]
    }
    assert shown == known - SECRETS


def test_shipped_keywords_are_two_groups_in_the_order_that_decides(tmp_path: Path) -> None:
    (topic,) = load(workspace(tmp_path, "", shipped("config/keywords.toml")), {}).topics
    technique, background = topic.groups
    assert (technique.color, background.color) == ("F08080", "FF8C00")
    assert technique.keywords[:3] == plain_keywords("sparse", "pruning", "sparsity")
    texts = [keyword.text for keyword in technique.keywords]
    assert texts.index("overlap") < texts.index("overlapping")
    assert (len(technique.keywords), len(background.keywords)) == (20, 6)
    assert topic.exclude == ("spiking", "BEV")


def test_three_lines_of_keywords_are_a_configuration(tmp_path: Path) -> None:
    config = load(workspace(tmp_path), {})
    assert config.topics == (
        Topic("topic 1", (Group("group 1", "F08080", plain_keywords("diffusion")),)),
    )
    assert config.arxiv.scope == "all"
    assert config.arxiv.delay_seconds == 3
    assert config.digest.weekdays == {0, 1, 2, 3, 4}


def test_paths_start_at_the_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace(tmp_path, f'[digest]\narchive = "a.sqlite3"\noutput = "{tmp_path}/elsewhere"')
    monkeypatch.chdir(tmp_path)
    settings = load(Path(), {}).digest
    assert settings.archive == tmp_path / "a.sqlite3"
    assert settings.output == tmp_path / "elsewhere"
    assert settings.template == tmp_path / "templates" / "digest.md.j2"


def test_configuration_cannot_be_changed_after_reading(tmp_path: Path) -> None:
    config = load(workspace(tmp_path), {})
    with pytest.raises(ValueError, match="frozen"):
        config.arxiv.page_size = 1


def test_byte_order_mark_and_windows_line_ends_are_accepted(tmp_path: Path) -> None:
    settings = b"\xef\xbb\xbf[arxiv]\r\npage_size = 7\r\n"
    assert load(workspace(tmp_path, settings), {}).arxiv.page_size == 7


@pytest.mark.parametrize(
    "scope", ['"all"', '"topics"', '["cs.*", "stat.ML", "hep-th", "cond-mat.mes-hall"]']
)
def test_scopes(tmp_path: Path, scope: str) -> None:
    config = load(workspace(tmp_path, f"[arxiv]\nscope = {scope}"), {})
    expected = tuple(re.findall(r'[^",\[\] ]+', scope)) if scope[0] == "[" else scope.strip('"')
    assert config.arxiv.scope == expected


SETTINGS = {
    "[arxvi]\n": ["digest.toml:1: arxvi: unknown key, did you mean 'arxiv'?"],
    "page_size = 5\n": ["digest.toml:1: page_size: unknown key"],
    "arxiv = 3\n": ["digest.toml:1: arxiv: got 3"],
    "[arxiv]\n\npagesize = 5\n": [
        "digest.toml:3: arxiv.pagesize: unknown key, did you mean 'page_size'?"
    ],
    '[arxiv]\npage_size = "100"\n': ["digest.toml:2: arxiv.page_size: got '100'"],
    "[arxiv]\npage_size = true\n": ["digest.toml:2: arxiv.page_size: got true"],
    "[arxiv]\npage_size = 1.0\n": ["digest.toml:2: arxiv.page_size: got 1.0"],
    "[arxiv]\npage_size = 0\n": ["digest.toml:2: arxiv.page_size: 0 is too small"],
    "[arxiv]\npage_size = 2001\n": ["digest.toml:2: arxiv.page_size: 2001 is too large"],
    "[arxiv]\nattempts = 0\n": ["digest.toml:2: arxiv.attempts: 0 is too small"],
    "[arxiv]\ntimeout_seconds = nan\n": ["digest.toml:2: arxiv.timeout_seconds: got nan"],
    "[arxiv]\ntimeout_seconds = {}\n": ["digest.toml:2: arxiv.timeout_seconds: got a table"],
    "[arxiv]\ndelay_seconds = 2.9\n": [
        "digest.toml:2: arxiv.delay_seconds: 2.9 is too small: arXiv asks for three seconds "
        "between requests"
    ],
    "[arxiv]\ndelay_seconds = -1\napi_url = 'http://localhost/q'\n": [
        "digest.toml:2: arxiv.delay_seconds: -1 is too small"
    ],
    "[arxiv]\ndelay_seconds = 0\napi_url = 'http://127.0.0.1.example.org/'\n": [
        "digest.toml:2: arxiv.delay_seconds: 0 is too small: arXiv asks for three seconds "
        "between requests"
    ],
    "[arxiv]\napi_url = 'ftp://export.arxiv.org'\n": [
        "digest.toml:2: arxiv.api_url: 'ftp://export.arxiv.org' is not the address of an API"
    ],
    "[arxiv]\napi_url = 'http://[::1'\n": [
        "digest.toml:2: arxiv.api_url: 'http://[::1' is not the address of an API"
    ],
    "[arxiv]\napi_url = ''\n": ["digest.toml:2: arxiv.api_url: '' is not the address of an API"],
    "[arxiv]\ncontact = 'me and you'\n": [
        "digest.toml:2: arxiv.contact: 'me and you' cannot be sent in a header"
    ],
    "[arxiv]\nscope = 'everything'\n": ["digest.toml:2: arxiv.scope: got 'everything'"],
    "[arxiv]\nscope = []\n": ["digest.toml:2: arxiv.scope: got an empty list"],
    "[arxiv]\nscope = ['cs', 'cs.cl', 'cs.*', 'physics.Flu-dyn', 'x y', 3]\n": [
        "digest.toml:2: arxiv.scope: 'cs' holds no papers itself: write 'cs.*'; "
        "'cs.cl' is not an arXiv category: did you mean 'cs.CL'?; "
        "'physics.Flu-dyn' is not an arXiv category: did you mean 'physics.flu-dyn'?; "
        "'x y' is not an arXiv category; got 3"
    ],
    "[arxiv]\nscope = ['nonsense', 'hepth', 'stats', 'css.cl', 'CS.LG', "
    "'hep-th.*', 'hep-th.CL', 'cs.XX']\n": [
        "digest.toml:2: arxiv.scope: 'nonsense' is not an arXiv category; "
        "'hepth' is not an arXiv category: did you mean 'hep-th'?; "
        "'stats' is not an arXiv category: did you mean 'stat.*'?; "
        "'css.cl' is not an arXiv category: did you mean 'cs.CL'?; "
        "'CS.LG' is not an arXiv category: did you mean 'cs.LG'?; "
        "'hep-th.*' holds no papers: hep-th has no parts, write 'hep-th'; "
        "'hep-th.CL' holds no papers: hep-th has no parts, write 'hep-th'"
    ],
    "[arxiv]\nscope = ['all']\n": [
        "digest.toml:2: arxiv.scope: 'all' stands alone, without brackets: scope = \"all\""
    ],
    "[arxiv]\nscope = ['cs.*', 'topics']\n": [
        "digest.toml:2: arxiv.scope: 'topics' stands alone, without brackets: scope = \"topics\""
    ],
    "[digest]\ndays = ['mon', 'Tuesday', 3]\n": [
        "digest.toml:2: digest.days[2]: got 'Tuesday'",
        "digest.toml:2: digest.days[3]: got 3",
    ],
    "[digest]\ndays = ['mon', 'mon']\n": [
        "digest.toml:2: digest.days[2]: 'mon' already exists, as number 1"
    ],
    "[digest]\ndays = ['mon', 'mon', 'mo']\n": [
        "digest.toml:2: digest.days[2]: 'mon' already exists, as number 1",
        "digest.toml:2: digest.days[3]: got 'mo'",
    ],
    "[digest]\ndays = ['mo', 'fri', 'fri']\n": [
        "digest.toml:2: digest.days[1]: got 'mo'",
        "digest.toml:2: digest.days[3]: 'fri' already exists, as number 2",
    ],
    "[digest]\ndays = []\n": ["digest.toml:2: digest.days: is empty"],
    "[digest]\nstyle = {}\n": ["digest.toml:2: digest.style: got a table"],
    "[arxiv]\ndeferred = [2026-11-26, 0, 2026-11-26T00:00:00, '2026-11-31']\n": [
        "digest.toml:2: arxiv.deferred[2]: got 0",
        "digest.toml:2: arxiv.deferred[3]: got 2026-11-26 00:00:00",
        "digest.toml:2: arxiv.deferred[4]: got '2026-11-31'",
    ],
    "[digest]\nindex = 'no'\n": ["digest.toml:2: digest.index: got 'no'"],
    "[digest]\nindex = 1\n": ["digest.toml:2: digest.index: got 1"],
    "[digest]\nstyle = 'fancy'\n": ["digest.toml:2: digest.style: got 'fancy'"],
    "[digest]\ncatch_up_days = 3661\n": ["digest.toml:2: digest.catch_up_days: 3661 is too large"],
    "[digest]\npatience_hours = 721\n": ["digest.toml:2: digest.patience_hours: 721 is too large"],
    "[digest]\noutput = ''\n": ["digest.toml:2: digest.output: '' is not a valid path"],
    '[digest]\ntemplate = "a\\u0000b"\n': [
        "digest.toml:2: digest.template: 'a\\x00b' is not a valid path"
    ],
    "[schedule]\ncron = 'every day'\n": [
        "digest.toml:2: schedule.cron: 'every day' is not a valid cron expression: it has 2 "
        "fields and "
        "not five"
    ],
    "[schedule]\ncron = '99 6 * * *'\n": [
        "digest.toml:2: schedule.cron: '99 6 * * *' is not a valid cron expression: '99' is not "
        "a valid minute "
        "(0 to 59)"
    ],
    "[schedule]\ncron = '0 6 31-30 * mon'\n": [
        "digest.toml:2: schedule.cron: '0 6 31-30 * mon' is not a valid cron expression: "
        "'31-30' is not "
        "a valid day of the month (1 to 31)"
    ],
    "[schedule]\ncron = '0 6 * dec-foo *'\n": [
        "digest.toml:2: schedule.cron: '0 6 * dec-foo *' is not a valid cron expression: "
        "'dec-foo' is not "
        "a valid month (1 to 12, or jan to dec)"
    ],
    "[schedule]\ncron = '0 6 * * 8'\n": [
        "digest.toml:2: schedule.cron: '0 6 * * 8' is not a valid cron expression: '8' is not a "
        "valid weekday "
        "(0 to 7, Sunday is both, or sun to sat)"
    ],
    "[schedule]\ntimezone = 'Mars/Olympus'\n": [
        "digest.toml:2: schedule.timezone: 'Mars/Olympus' is not a known time zone"
    ],
    "[schedule]\ntimezone = '../UTC'\n": [
        "digest.toml:2: schedule.timezone: '../UTC' is not a known time zone"
    ],
    "[schedule]\ntimezone = 'America'\n": [
        "digest.toml:2: schedule.timezone: 'America' is not a known time zone"
    ],
    "[arxiv]\npage_size 5\n": ["digest.toml:2: syntax: a key needs = and a value, column 11"],
    "[arxiv]\ncontact = '''": [
        "digest.toml:2: syntax: a text has no closing quotation mark, at the end of the file"
    ],
    "[arxiv]\nattempts = 1\nattempts = 2": [
        "digest.toml:3: syntax: this name already exists, at the end of the file"
    ],
    "[arxiv]\n[digest]\n[arxiv]\n": ["digest.toml:3: syntax: [arxiv] already exists, column 7"],
    "[arxiv]\nscope = all\n": [
        "digest.toml:2: syntax: this is not a value: write text between quotation marks, column 9"
    ],
    '[arxiv]\ncontact = "me\nattempts = 1\n': [
        "digest.toml:2: syntax: a text has no closing quotation mark, column 14"
    ],
    "[digest]\ndays = ['mon' 'fri']\n": [
        "digest.toml:2: syntax: a list is not closed, or a comma is missing, column 15"
    ],
    '[digest]\noutput = "C:\\digests"\n': [
        "digest.toml:2: syntax: a backslash: put the text between single quotation marks, column 15"
    ],
    "[arxiv]\nattempts = 6 # six\n! and more\n": [
        "digest.toml:3: syntax: this is neither a key nor a [table], column 1"
    ],
    "[arxiv]\nattempts = 6 or 7\n": [
        "digest.toml:2: syntax: the line has more than a key and its value, column 14"
    ],
    f"x = {'[' * 5000}": ["digest.toml: syntax: is nested too deeply"],
}


@pytest.mark.parametrize(("text", "expected"), SETTINGS.items())
def test_mistake_in_the_settings_is_named(tmp_path: Path, text: str, expected: list[str]) -> None:
    assert briefly(problems(workspace(tmp_path, text))) == expected


GROUP = '[[topic]]\nname = "t"\n[[topic.group]]\n'
KEYWORDS = {
    "": ["keywords.toml: topic: is missing"],
    "topic = []\n": ["keywords.toml:1: topic: is empty"],
    "topic = 'LLM'\n": ["keywords.toml:1: topic: got 'LLM'"],
    "[[topics]]\n": [
        "keywords.toml:1: topics: unknown key, did you mean 'topic'?",
        "keywords.toml: topic: is missing",
    ],
    "\n[[topic]]\nname = 't'\n": ["keywords.toml:2: topic[1].group: is missing"],
    "[[topic]]\ngroup = []\n": ["keywords.toml:2: topic[1].group: is empty"],
    GROUP: ["keywords.toml:3: topic[1].group[1].keywords: is missing"],
    GROUP + "keywords = []\n": ["keywords.toml:4: topic[1].group[1].keywords: is empty"],
    GROUP + "keywords = 'LLM'\n": ["keywords.toml:4: topic[1].group[1].keywords: got 'LLM'"],
    GROUP + "keywords = [\n  'a',\n  ' ',\n  3,\n]\n": [
        "keywords.toml:6: topic[1].group[1].keywords[2]: is empty",
        "keywords.toml:7: topic[1].group[1].keywords[3]: got 3",
    ],
    GROUP + 'keywords = ["a\\nb"]\n': [
        "keywords.toml:4: topic[1].group[1].keywords[1]: 'a\\nb' holds a control character"
    ],
    GROUP + "keywords = [\n  'a',\n  'b',\n  'a',\n  'A',\n  'b',\n  '' ]\n": [
        "keywords.toml:7: topic[1].group[1].keywords[3]: 'a' already exists, as number 1",
        "keywords.toml:9: topic[1].group[1].keywords[5]: 'b' already exists, as number 2",
        "keywords.toml:10: topic[1].group[1].keywords[6]: is empty",
    ],
    GROUP + "color = '#F08080'\nkeywords = ['a']\n": [
        "keywords.toml:4: topic[1].group[1].color: '#F08080' is not a valid colour"
    ],
    GROUP + "color = 'red'\nkeywords = ['a']\nweight = 1\n": [
        "keywords.toml:4: topic[1].group[1].color: 'red' is not a valid colour",
        "keywords.toml:6: topic[1].group[1].weight: unknown key",
    ],
    GROUP + "colour = 'F08080'\nkeywords = ['a']\n": [
        "keywords.toml:4: topic[1].group[1].colour: unknown key, did you mean 'color'?"
    ],
    GROUP + "name = 'g'\nkeywords = ['a']\n[[topic.group]]\nname = 'g'\nkeywords = ['a']\n": [
        "keywords.toml:7: topic[1].group[2].name: 'g' already exists, as number 1"
    ],
    (GROUP + "keywords = ['a']\n") * 2: [
        "keywords.toml:6: topic[2].name: 't' already exists, as number 1"
    ],
    GROUP + "keywords = ['a']\n[[topic.author]]\ncolor = 'red'\n[[topic.author]]\nx = 1\n": [
        "keywords.toml:5: topic[1].author[1]: has neither `name` nor `exact`",
        "keywords.toml:6: topic[1].author[1].color: 'red' is not a valid colour",
        "keywords.toml:7: topic[1].author[2]: has neither `name` nor `exact`",
        "keywords.toml:8: topic[1].author[2].x: unknown key",
    ],
    GROUP + "keywords = ['a']\n[[topic.author]]\nname = '-'\nexact = 3\ncolor = 'red'\n": [
        "keywords.toml:5: topic[1].author[1]: has both `name` and `exact`",
        "keywords.toml:6: topic[1].author[1].name: '-' has no letter",
        "keywords.toml:7: topic[1].author[1].exact: got 3",
        "keywords.toml:8: topic[1].author[1].color: 'red' is not a valid colour",
    ],
    GROUP + "keywords = ['a']\n[[topic]]\nauthor = [3]\n": [
        "keywords.toml:5: topic[2].group: is missing",
        "keywords.toml:6: topic[2].author[1]: got 3",
    ],
    "[[topic]]\nname = ''\ncategories = ['cs.CL', 'csCL', 'nonsense']\nexclude = ['']\n": [
        "keywords.toml:1: topic[1].group: is missing",
        "keywords.toml:2: topic[1].name: is empty",
        "keywords.toml:3: topic[1].categories[2]: 'csCL' is not an arXiv category",
        "keywords.toml:3: topic[1].categories[3]: 'nonsense' is not an arXiv category",
        "keywords.toml:4: topic[1].exclude[1]: is empty",
    ],
}


@pytest.mark.parametrize(("text", "expected"), KEYWORDS.items())
def test_mistake_in_the_keywords_is_named(tmp_path: Path, text: str, expected: list[str]) -> None:
    assert briefly(problems(workspace(tmp_path, "", text))) == expected


def test_all_problems_of_both_files_and_the_environment_come_at_once(tmp_path: Path) -> None:
    workspace(tmp_path, "[arxiv]\nattempts = 99\n[digest]\ndays = 1\n", "[[topic]]\ncolor = 1\n")
    found = briefly(problems(tmp_path, {"DIGEST_SCHEDULE__CRON": "x"}))
    assert found == [
        "digest.toml:2: arxiv.attempts: 99 is too large",
        "digest.toml:4: digest.days: got 1",
        "DIGEST_SCHEDULE__CRON: schedule.cron: 'x' is not a valid cron expression: it has 1 "
        "fields and "
        "not five",
        "keywords.toml:1: topic[1].group: is missing",
        "keywords.toml:2: topic[1].color: unknown key",
    ]


def test_a_problem_says_what_is_allowed(tmp_path: Path) -> None:
    (found,) = problems(workspace(tmp_path, "[arxiv]\npage_size = 9999\n"))
    assert str(found) == (
        f"{tmp_path / DIGEST_FILE}:2: arxiv.page_size: 9999 is too large "
        "(a whole number from 1 to 2000)"
    )


def test_missing_files_are_both_named_and_init_is_recommended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError) as caught:
        load(Path(), {})
    assert str(caught.value).splitlines() == [
        f"{tmp_path}/config/digest.toml: file not found",
        f"{tmp_path}/config/keywords.toml: file not found",
    ]
    assert caught.value.hint.startswith("`digest init` makes a new workspace")


@pytest.mark.parametrize("file", [DIGEST_FILE, KEYWORDS_FILE])
def test_one_missing_file_is_to_be_copied_since_init_overwrites_nothing(
    file: Path, tmp_path: Path
) -> None:
    workspace(tmp_path)
    (tmp_path / file).unlink()
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, {})
    assert str(caught.value) == f"{tmp_path / file}: file not found"
    assert caught.value.hint == "`digest init` in an empty folder makes one to copy."


def test_text_that_is_not_utf8_is_named_with_its_line(tmp_path: Path) -> None:
    keywords = b'[[topic]]\nname = "caf\xe9"\n'
    assert briefly(problems(workspace(tmp_path, "", keywords))) == [
        "keywords.toml:2: text: is not UTF-8"
    ]


def test_a_folder_in_place_of_a_file_is_named(tmp_path: Path) -> None:
    workspace(tmp_path)
    (tmp_path / DIGEST_FILE).unlink()
    (tmp_path / DIGEST_FILE).mkdir()
    assert briefly(problems(tmp_path)) == ["digest.toml: cannot be read: Is a directory"]


def test_paths_where_no_such_thing_can_be_are_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    workspace(tmp_path, "[digest]\noutput = 'file'\narchive = 'folder'")
    assert briefly(problems(tmp_path)) == [
        f"digest.toml:2: digest.output: cannot be used: {tmp_path}/file is not a folder",
        f"digest.toml:3: digest.archive: cannot be used: {tmp_path}/folder is a folder",
    ]
    (tmp_path / DIGEST_FILE).write_text("[digest]\noutput='file/x/y'\narchive='file/a.sqlite3'")
    assert [problem.key for problem in problems(tmp_path)] == ["digest.output", "digest.archive"]


def test_a_path_that_is_too_long_is_named(tmp_path: Path) -> None:
    name = "x" * 5000
    workspace(tmp_path, f"[digest]\noutput = '{name}'\narchive = '{name}'")
    assert [problem.what for problem in problems(tmp_path)] == [
        "cannot be used: File name too long"
    ]


def test_a_template_that_is_not_there_is_named(tmp_path: Path) -> None:
    workspace(tmp_path, "[digest]\ntemplate = 'mine.j2'")
    missing = f"digest.template: file not found: {tmp_path}/mine.j2"
    assert briefly(problems(tmp_path)) == [f"digest.toml:2: {missing}"]
    (tmp_path / "mine.j2").mkdir()
    assert briefly(problems(tmp_path)) == [f"digest.toml:2: {missing}"]
    (tmp_path / "mine.j2").rmdir()
    (tmp_path / "mine.j2").write_text("{% mistake %}")  # which is no mistake of this file
    assert load(tmp_path, {}).digest.template == tmp_path / "mine.j2"
    variable = {"DIGEST_DIGEST__TEMPLATE": "other.j2"}
    assert briefly(problems(tmp_path, variable)) == [
        f"DIGEST_DIGEST__TEMPLATE: digest.template: file not found: {tmp_path}/other.j2"
    ]
