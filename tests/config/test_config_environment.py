"""Variables stand for keys of digest.toml, and their mistakes are named like the file's."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.config import DIGEST_FILE, KEYWORDS_FILE, load
from digest.model import SOURCE
from digest.model.errors import ConfigError

KEYWORDS = '[[topic]]\n[[topic.group]]\nkeywords = ["diffusion"]\n'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("workspace")
    (folder / "config").mkdir()
    (folder / DIGEST_FILE).write_text("[arxiv]\npage_size = 500\n", encoding="utf-8")
    (folder / KEYWORDS_FILE).write_text(KEYWORDS, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("variable", "text", "value"),
    [
        ("DIGEST_ARXIV__API_URL", "http://[::1]:8000/api/query", "http://[::1]:8000/api/query"),
        ("DIGEST_ARXIV__PAGE_SIZE", "250", 250),
        ("DIGEST_ARXIV__TIMEOUT_SECONDS", "2.5", 2.5),
        ("DIGEST_ARXIV__CONTACT", "1", "1"),
        ("DIGEST_ARXIV__SCOPE", "topics", "topics"),
        ("DIGEST_ARXIV__SCOPE", "cs.CL", ("cs.CL",)),
        ("DIGEST_ARXIV__SCOPE", "cs.*, stat.ML", ("cs.*", "stat.ML")),
        ("DIGEST_ARXIV__SCOPE", '["cs.*", "stat.ML"]', ("cs.*", "stat.ML")),
        ("DIGEST_DIGEST__DAYS", "mon,fri", ("mon", "fri")),
        ("DIGEST_DIGEST__STYLE", "source", SOURCE),
        ("DIGEST_DIGEST__INDEX", "false", False),
        ("DIGEST_SCHEDULE__CRON", "0 7 * * *", "0 7 * * *"),
        ("DIGEST_SCHEDULE__TIMEZONE", "Europe/Berlin", "Europe/Berlin"),
    ],
)
def test_a_variable_stands_for_its_key(
    folder: Path, variable: str, text: str, value: object
) -> None:
    section, key = variable.removeprefix("DIGEST_").lower().split("__")
    assert getattr(getattr(load(folder, {variable: text}), section), key) == value


def test_a_variable_wins_over_the_file_and_leaves_the_rest(folder: Path) -> None:
    assert load(folder, {"DIGEST_ARXIV__ATTEMPTS": "2"}).arxiv.page_size == 500
    assert load(folder, {"DIGEST_ARXIV__PAGE_SIZE": "2"}).arxiv.page_size == 2


def test_a_path_from_a_variable_starts_at_the_workspace(folder: Path) -> None:
    assert load(folder, {"DIGEST_DIGEST__OUTPUT": "x"}).digest.output == folder / "x"


def test_no_pause_is_needed_for_an_address_of_this_machine(folder: Path) -> None:
    environ = {
        "DIGEST_ARXIV__API_URL": "http://127.0.0.1:8000/api/query",
        "DIGEST_ARXIV__DELAY_SECONDS": "0",
    }
    assert load(folder, environ).arxiv.delay_seconds == 0


@pytest.mark.parametrize(
    ("variable", "text", "expected"),
    [
        ("DIGEST_ARXIV__PAGE_SIZE", "many", "arxiv.page_size: got 'many' (a whole number from"),
        ("DIGEST_ARXIV__PAGE_SIZE", "5\nx = 1", r"arxiv.page_size: got '5\nx = 1' (a whole"),
        ("DIGEST_ARXIV__PAGE_SIZE", "", "arxiv.page_size: got '' (a whole number from"),
        ("DIGEST_ARXIV__SCOPE", "cs.*,,", "arxiv.scope: '' is not an arXiv category"),
        ("DIGEST_ARXIV__DELAY_SECONDS", "1", "arxiv.delay_seconds: 1 is too small"),
        ("DIGEST_DIGEST__DAYS", "mon,xyz", "digest.days[2]: got 'xyz' (a list of mon"),
        ("DIGEST_ARXIV__PAGESIZE", "5", "arxiv.pagesize: unknown key, did you mean 'page_size'?"),
        ("DIGEST_ARXVI__PAGE_SIZE", "5", "arxvi: unknown key, did you mean 'arxiv'?"),
        (
            "DIGEST_TOPICS__X",
            "5",
            "topics: unknown key (known: arxiv, digest, schedule, notify, site, send, feed, llm, "
            "zotero)",
        ),
    ],
)
def test_a_mistake_is_named_by_its_variable(
    folder: Path, variable: str, text: str, expected: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        load(folder, {variable: text})
    assert str(caught.value).startswith(f"{variable}: {expected}")
    assert len(caught.value.problems) == 1


def test_variables_that_are_no_overrides_are_left_alone(folder: Path) -> None:
    environ = {"DIGEST_HOME": "x", "ARXIV__PAGE_SIZE": "x", "digest_arxiv__page_size": "x"}
    assert load(folder, environ) == load(folder, {})


FILE_NAMES = ("topic", "group", "keywords", "name", "color", "exclude", "arxiv", "digest", "x")
KEY_NAMES = ("scope", "page_size", "delay_seconds", "days", "output", "archive", "style", "cron")
NAMES = st.sampled_from(FILE_NAMES + KEY_NAMES + ("timezone", "api_url", "contact", "template"))
NUMBERS = ("1", "-1", "nan", "1e400", "9" * 5000, "true", "2025-11-28", "06:30:00")
WORDS = ("", "a", "cs.*", "0 6 * * *", "* * * * 7-", "http://127.0.0.1:99999/", "../..", "UTC")
HOSTILE = ("\\u0000", "\\U0001F600", "x" * 5000, "/dev/null/x", "\\u202E")
SCALARS = st.sampled_from(NUMBERS) | st.sampled_from(WORDS + HOSTILE).map('"{}"'.format)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]")
        | st.tuples(NAMES, inner).map(lambda pair: f"{{ {pair[0]} = {pair[1]} }}")
    ),
    max_leaves=6,
)
STATEMENTS = st.one_of(
    st.tuples(NAMES, VALUES).map(lambda pair: f"{pair[0]} = {pair[1]}"),
    st.lists(NAMES, min_size=1, max_size=2).map(lambda names: f"[{'.'.join(names)}]"),
    st.lists(NAMES, min_size=1, max_size=2).map(lambda names: f"[[{'.'.join(names)}]]"),
    st.text(max_size=12),
)
TEXTS = st.lists(STATEMENTS, max_size=8).map("\n".join)


@given(TEXTS, TEXTS | st.just(KEYWORDS), st.dictionaries(NAMES, SCALARS, max_size=3))
def test_any_text_is_a_configuration_or_a_list_of_problems(
    tmp_path_factory: pytest.TempPathFactory,
    settings: str,
    keywords: str,
    variables: dict[str, str],
) -> None:
    folder = tmp_path_factory.mktemp("any", numbered=True)
    (folder / "config").mkdir()
    (folder / DIGEST_FILE).write_text(settings, encoding="utf-8", errors="surrogatepass")
    (folder / KEYWORDS_FILE).write_text(keywords, encoding="utf-8", errors="surrogatepass")
    environ = {f"DIGEST_DIGEST__{name.upper()}": text for name, text in variables.items()}
    try:
        config = load(folder, environ)
    except ConfigError as error:
        for problem in error.problems:
            text = settings if problem.where.endswith("digest.toml") else keywords
            lines = text.count("\n") + text.count("\r") + 1
            if not (problem.line is None or 1 <= problem.line <= lines):
                raise AssertionError(f"{problem} is on no line of {text!r}") from error
    else:
        assert config.topics
        assert config.digest.output.is_absolute()
